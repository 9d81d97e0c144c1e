"""Writes webhooks and their deliveries."""

from service.webhooks.commands.attempts import ping_hook, redeliver
from service.webhooks.commands.deliveries import (
    Claim,
    claim_message,
    finish_message,
    forget_deliveries,
)
from service.webhooks.commands.hooks import (
    HookDraft,
    change_hook,
    create_hook,
    remove_hook,
    renew_secret,
    set_hook_state,
)

__all__ = [
    "Claim",
    "HookDraft",
    "change_hook",
    "claim_message",
    "create_hook",
    "finish_message",
    "forget_deliveries",
    "ping_hook",
    "redeliver",
    "remove_hook",
    "renew_secret",
    "set_hook_state",
]

"""Reads webhooks and what they are to be told."""

from service.webhooks.queries.hooks import (
    DeliveryNotFound,
    DeliveryRow,
    HookRow,
    Message,
    WebhookNotFound,
    find_due,
    find_previous,
    get_delivery,
    get_hook,
    list_deliveries,
    list_hooks,
    list_hooks_of,
)
from service.webhooks.queries.interest import Interest

__all__ = [
    "DeliveryNotFound",
    "DeliveryRow",
    "HookRow",
    "Interest",
    "Message",
    "WebhookNotFound",
    "find_due",
    "find_previous",
    "get_delivery",
    "get_hook",
    "list_deliveries",
    "list_hooks",
    "list_hooks_of",
]

"""Commands on programs and their keys, accounts, roles and sessions of staff."""

from service.auth.commands.accounts import (
    assign_role,
    change_password,
    create_account,
    disable_account,
    enable_account,
    reset_password,
    withdraw_role,
)
from service.auth.commands.clients import (
    add_key,
    close_client,
    correct_client,
    create_client,
    hold_client,
    revoke_key,
    revoke_keys_of,
)
from service.auth.commands.grants import give_grant, withdraw_grant
from service.auth.commands.identities import bind_identity, release_identity
from service.auth.commands.samples import SAMPLES, renew_sample_accounts
from service.auth.commands.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    reset_second_factor,
    take_code,
)
from service.auth.commands.sessions import (
    close_session,
    close_sessions,
    drop_awaiting,
    open_session,
    remember_browser,
    touch_session,
)
from service.auth.commands.sign_in import confirm_attempt, take_attempt

__all__ = [
    "SAMPLES",
    "add_key",
    "assign_role",
    "begin_second_factor",
    "bind_identity",
    "change_password",
    "close_client",
    "close_session",
    "close_sessions",
    "confirm_attempt",
    "confirm_second_factor",
    "correct_client",
    "create_account",
    "create_client",
    "disable_account",
    "drop_awaiting",
    "enable_account",
    "give_grant",
    "hold_client",
    "open_session",
    "release_identity",
    "remember_browser",
    "renew_sample_accounts",
    "reset_password",
    "reset_second_factor",
    "revoke_key",
    "revoke_keys_of",
    "take_attempt",
    "take_code",
    "touch_session",
    "withdraw_grant",
    "withdraw_role",
]

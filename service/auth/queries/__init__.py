"""Reads who somebody is: programs by their key, staff by their session, accounts."""

from service.auth.queries.accounts import (
    AccountRow,
    get_account,
    hold_account,
    list_accounts,
    list_active_samples,
)
from service.auth.queries.clients import ClientRow, find_client, list_grants
from service.auth.queries.sessions import SessionRow, find_session, list_sessions

__all__ = [
    "AccountRow",
    "ClientRow",
    "SessionRow",
    "find_client",
    "find_session",
    "get_account",
    "hold_account",
    "list_accounts",
    "list_active_samples",
    "list_grants",
    "list_sessions",
]

"""Looks up programs by key, staff by session, and accounts."""

from service.auth.queries.accounts import (
    AccountRow,
    find_only_administrator,
    get_account,
    has_accounts,
    hold_account,
    list_accounts,
    list_active_samples,
)
from service.auth.queries.clients import (
    ClientNotFound,
    GrantNotFound,
    GrantRow,
    ListedClient,
    ListedKey,
    find_program,
    find_program_of,
    get_client,
    get_grant,
    list_clients,
    search_clients,
)
from service.auth.queries.held_roles import assignments_of, list_given, list_several_roles
from service.auth.queries.identities import find_bound
from service.auth.queries.second_factors import get_second_factor, has_second_factor
from service.auth.queries.sessions import SessionRow, find_session, is_known_browser, list_sessions
from service.auth.queries.usage import CallCount, UsageRow, count_calls, list_usage

__all__ = [
    "AccountRow",
    "CallCount",
    "ClientNotFound",
    "GrantNotFound",
    "GrantRow",
    "ListedClient",
    "ListedKey",
    "SessionRow",
    "UsageRow",
    "assignments_of",
    "count_calls",
    "find_bound",
    "find_only_administrator",
    "find_program",
    "find_program_of",
    "find_session",
    "get_account",
    "get_client",
    "get_grant",
    "get_second_factor",
    "has_accounts",
    "has_second_factor",
    "hold_account",
    "is_known_browser",
    "list_accounts",
    "list_active_samples",
    "list_clients",
    "list_given",
    "list_sessions",
    "list_several_roles",
    "list_usage",
    "search_clients",
]

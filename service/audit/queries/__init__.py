"""Reads the audit chain: its entries and its end, and verifies it."""

from service.audit.queries.entries import (
    AuditFilter,
    ChainEnd,
    EntryRow,
    find_last_act,
    has_begun_heads,
    list_entries,
    list_hashes,
    list_subjects_since,
    read_end,
)
from service.audit.queries.verification import ChainVerdict, verify_chain

__all__ = [
    "AuditFilter",
    "ChainEnd",
    "ChainVerdict",
    "EntryRow",
    "find_last_act",
    "has_begun_heads",
    "list_entries",
    "list_hashes",
    "list_subjects_since",
    "read_end",
    "verify_chain",
]

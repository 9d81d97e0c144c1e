"""Reads the audit chain: its entries, how far it goes, and whether it is whole."""

from service.audit.queries.end import ChainEnd, has_begun_heads, list_hashes, read_end
from service.audit.queries.entries import EntryFilter, EntryRow, find_last_act, list_entries
from service.audit.queries.verification import ChainVerdict, verify_chain

__all__ = [
    "ChainEnd",
    "ChainVerdict",
    "EntryFilter",
    "EntryRow",
    "find_last_act",
    "has_begun_heads",
    "list_entries",
    "list_hashes",
    "read_end",
    "verify_chain",
]

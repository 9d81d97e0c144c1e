"""Watches in which order the commands lock, by the statements that they send.

The order is that of ``docs/development.md``. A command is the outermost function of a module
``service/<slice>/commands`` that is running; what it locks is compared with the order, each table
when it is first locked. Rows that a command inserts are its own, and bind nobody.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from types import FrameType

from sqlalchemy import Connection, Engine, event

from service.areas.commands.lock import LOAD_LOCK
from service.audit.commands import AUDIT_LOCK
from service.changes.commands import FEED_LOCK
from service.divisions.commands.lock import DIVISION_LOCK
from service.heritage.commands.catalogue import HERITAGE_LOCK
from service.linking.commands.bulk import LINK_LOCK
from service.organisations.commands.held_unit import UNIT_LOCK
from service.scans.commands import SCAN_LOG_LOCK

ORDER = (
    ("chunk", "run_chunk"),
    ("account", "staff_account role_assignment"),
    ("approval", "approval"),
    ("division", "division division_change"),
    ("unit", "unit post holding"),
    ("area", "area"),
    ("duty", "duty"),
    ("service", "service_item facility"),
    ("dataset", "dataset dataset_row"),
    ("place", "place_name place_township place_space heritage_entry"),
    ("address", "code_space address address_name address_identifier"),
    ("plate", "plate"),
    ("work item", "work_item"),
    ("batch", "plate_batch plate_batch_item"),
    ("run", "run"),
    ("link", "address_area address_place_name"),
    ("report", "report"),
    ("alarm", "alarm"),
    ("webhook", "webhook webhook_progress webhook_delivery"),
    ("scan", "scan_count scan_day"),
    ("audit", "audit_entry"),
    ("feed", "change feed_counter"),
)
"""What is locked, first to last, with the tables of each."""

RANKS = {name: rank for rank, (name, _) in enumerate(ORDER)}
SUBJECTS = {table: name for name, tables in ORDER for table in tables.split()}
ADVISORY = {
    LOAD_LOCK: "area",
    AUDIT_LOCK: "audit",
    FEED_LOCK: "feed",
    DIVISION_LOCK: "division",
    UNIT_LOCK: "unit",
    LINK_LOCK: "link",
    HERITAGE_LOCK: "place",
    SCAN_LOG_LOCK: "scan",
}
_UPDATE = re.compile(r"(?<!\bfor )(?<!\bkey )(?<!\bdo )\bupdate\s+(\w+)|\bdelete\s+from\s+(\w+)")
_UPSERT = re.compile(r"\binsert\s+into\s+(\w+).*\bon conflict\b.*\bdo update\b")
_FOR = re.compile(r"\bfor (?:no key )?update(?: of (\w+))?")
_INNERMOST = re.compile(r"\(([^()]*)\)")
_SOURCE = re.compile(r"\b(?:from|join)\s+(\w+)(?:\s+(?:as\s+)?(?!where|join|on|for|order)(\w+))?")


_BY_KEY = ("by key",)
"""An advisory lock: which one is in the values."""


def locks_of(statement: str, values: object) -> list[str]:
    """What a statement locks, by the names of the order."""
    found = _locked_subjects(statement)
    return [_advisory(statement, values)] if found == _BY_KEY else list(found)


@lru_cache(maxsize=20_000)
def _locked_subjects(statement: str) -> tuple[str, ...]:
    said = " ".join(statement.lower().split())
    if said.startswith(("create ", "do ")):
        return ()  # a migration, which locks nothing by it
    if "pg_advisory_xact_lock" in said:
        return _BY_KEY
    tables = [table for part in _parts(said) for table in _locked_tables(part)]
    return tuple(dict.fromkeys(SUBJECTS[table] for table in tables if table in SUBJECTS))


def _parts(said: str) -> Iterator[str]:
    """What stands in each pair of brackets, and at last what stands in none, without the rest."""
    while inner := _INNERMOST.search(said):
        yield inner[1]
        said = f"{said[: inner.start()]} _ {said[inner.end() :]}"
    yield said


def _locked_tables(part: str) -> list[str]:
    tables = [table for pair in _UPDATE.findall(part) for table in pair if table]
    tables += _UPSERT.findall(part)
    for alias in _FOR.findall(part):
        sources = _SOURCE.findall(part)
        named = {short or table: table for table, short in sources}
        tables.append(named.get(alias, alias) if alias else sources[0][0])
    return tables


def _advisory(said: str, values: object) -> str:
    given = list(values.values()) if isinstance(values, dict) else []
    if "hashtextextended" in said.lower():
        return "batch"
    if len(given) == 2:
        return "place"
    return ADVISORY[given[0]]


@dataclass
class LockWatch:
    """The commands that locked out of order: which lock, after which.

    Each connection carries the command that uses it, and what that has locked.
    """

    faults: list[str] = field(default_factory=list)

    def see(
        self, connection: Connection, _cursor: object, statement: str, values: object, *_: object
    ) -> None:
        """A statement is sent."""
        locked = locks_of(statement, values)
        command = running_command() if locked else None
        if command is None:
            return
        before, taken = connection.info.get(id(self), (None, []))
        if before is not command:
            taken = []
            connection.info[id(self)] = command, taken
        said = " ".join(statement.split())[:90]
        for name in locked:
            later = [one for one in taken if RANKS[one[0]] > RANKS[name]]
            if name not in dict(taken) and later:
                told = "; ".join(f"{what} by {how!r}" for what, how in later)
                who = command.f_code.co_qualname
                self.faults.append(f"{who} locks {name} ({said!r}) after {told}")
            taken.append((name, said))

    def end(self, connection: Connection) -> None:
        """A transaction has ended, and its locks with it."""
        connection.info.pop(id(self), None)


def running_command() -> FrameType | None:
    """The outermost frame of a command of ours, if one is running."""
    found, frame = None, sys._getframe()  # noqa: SLF001 - the only way to see who calls
    while frame is not None:
        parts = frame.f_globals.get("__name__", "").split(".")
        if parts[0] == "service" and "commands" in parts[2:3]:
            found = frame
        frame = frame.f_back  # type: ignore[assignment]
    return found


@contextmanager
def watching() -> Iterator[LockWatch]:
    """Watch every connection of this process while the block runs."""
    watch = LockWatch()
    heard = (("before_cursor_execute", watch.see), ("commit", watch.end), ("rollback", watch.end))
    for name, listener in heard:
        event.listen(Engine, name, listener)
    try:
        yield watch
    finally:
        for name, listener in heard:
            event.remove(Engine, name, listener)

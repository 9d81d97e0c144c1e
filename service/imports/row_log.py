"""What became of each row of a list, for a page that shows the rows behind the counts."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from service.core.database import Session
from service.imports.decisions import Decisions, PlacedRow


class RowOutcome(StrEnum):
    """What a row becomes, by the decisions on it."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WAITING = "waiting"
    CONFLICT = "conflict"
    ERROR = "error"


class LoggedRow(NamedTuple):
    """One address of a row: its outcome, its text, and the code it has or was given."""

    outcome: RowOutcome
    row: int
    text: str
    code: str = ""


class RowLog(Protocol):
    """Takes the outcomes of rows, chunk by chunk."""

    def add(self, session: Session, decisions: Decisions, waiting: Sequence[PlacedRow]) -> None:
        """Take the decisions on a chunk, and the rows of it that wait for an answer.

        Rows whose cells have faults are not among them. The session is the one that stores the
        chunk; a dry run has one of its own.
        """


def list_outcomes(decisions: Decisions, waiting: Sequence[PlacedRow]) -> Iterator[LoggedRow]:
    """The outcomes of the rows of a chunk; new ones have codes once they are stored."""
    codes = [*decisions.codes, *[""] * (len(decisions.new) - len(decisions.codes))]
    for row, code in zip(decisions.new, codes, strict=True):
        yield LoggedRow(RowOutcome.NEW, row.number, row.draft.text, code)
    for held, row in (*decisions.changed, *decisions.identified, *decisions.gated):
        yield LoggedRow(RowOutcome.CHANGED, row.number, row.draft.text, held.code)
    for same in decisions.same:
        code = same.code or codes[same.first]
        yield LoggedRow(RowOutcome.SAME, same.row.number, same.row.draft.text, code)
    for row in waiting:
        yield LoggedRow(RowOutcome.WAITING, row.number, row.draft.text)
    for refusal in decisions.conflicts:
        row = refusal.row
        yield LoggedRow(RowOutcome.CONFLICT, row.number, row.draft.text)

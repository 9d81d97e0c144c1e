"""What became of each row of a list, for a page that shows the rows behind the counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

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


@dataclass
class RowLog:
    """The outcomes of rows, chunk by chunk; rows whose cells have faults are not among them."""

    entries: list[LoggedRow] = field(default_factory=list)

    def add(self, decisions: Decisions, waiting: Sequence[PlacedRow]) -> None:
        """Note the decisions on a chunk, and the rows of it that wait for an answer."""
        codes = [*decisions.codes, *[""] * (len(decisions.new) - len(decisions.codes))]
        for row, code in zip(decisions.new, codes, strict=True):
            self._note(RowOutcome.NEW, row, code)
        for held, row in (*decisions.changed, *decisions.identified, *decisions.gated):
            self._note(RowOutcome.CHANGED, row, held.code)
        for same in decisions.same:
            self._note(RowOutcome.SAME, same.row, same.code)
        for row in waiting:
            self._note(RowOutcome.WAITING, row)
        for refusal in decisions.conflicts:
            self._note(RowOutcome.CONFLICT, refusal.row)

    def codes(self, outcome: RowOutcome) -> list[str]:
        """The codes of the rows with an outcome, in the order they were stored."""
        return [one.code for one in self.entries if one.outcome is outcome and one.code]

    def _note(self, outcome: RowOutcome, row: PlacedRow, code: str = "") -> None:
        self.entries.append(LoggedRow(outcome, row.number, row.draft.text, code))

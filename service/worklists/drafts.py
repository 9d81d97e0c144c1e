"""The values that work items are opened with, and what is done to several of them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from address_model.work import WorkKind


@dataclass(frozen=True, slots=True)
class WorkDraft:
    """Work on a plate (``token``), or at an address without one (``token`` empty).

    ``due`` is the last day; by default it follows from the kind. ``cause`` is set for work the
    system opened by itself, which it cancels when the cause ends.
    """

    kind: WorkKind
    code: str
    token: str = ""
    reason: str = ""
    due: date | None = None
    assignee: str = ""
    cause: str = ""

    @property
    def subject(self) -> str:
        """Whether the work is about a plate or an address."""
        return "plate" if self.token else "address"

    @property
    def key(self) -> str:
        """What the work is about: the token, or the code."""
        return self.token or self.code


@dataclass(frozen=True, slots=True)
class InspectionPlan:
    """The yearly check of all plates in use in a division (12 digits or their beginning)."""

    year: int
    division: str
    due: date
    assignee: str = ""

    @property
    def campaign(self) -> str:
        """The name of the list; opened again, it adds only new plates."""
        return f"inspect-{self.year}"


class WorkAct(StrEnum):
    """What an officer does to several open items at once."""

    ASSIGN = "assign"
    POSTPONE = "postpone"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """What is done to several items: given to ``assignee`` ("" nobody), put off, or cancelled.

    ``due`` is the new last day of ``POSTPONE``, ``reason`` why, of ``CANCEL``.
    """

    act: WorkAct
    assignee: str = ""
    due: date | None = None
    reason: str = ""

    @property
    def told(self) -> str:
        """To whom they are given, or why something else is done."""
        return self.assignee if self.act is WorkAct.ASSIGN else self.reason

    @property
    def detail(self) -> dict[str, str]:
        """What the entry of the audit chain says."""
        found = {"to": self.assignee} if self.act is WorkAct.ASSIGN else {}
        if self.due is not None:
            found["after"] = self.due.isoformat()
        if self.reason:
            found["outcome" if self.act is WorkAct.CANCEL else "reason"] = self.reason
        return found


@dataclass(frozen=True, slots=True)
class WorkResult:
    """The items that were changed, and those that were left, with the reason by number."""

    changed: tuple[int, ...]
    left: dict[int, str]

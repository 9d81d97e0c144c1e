"""The values a work item is opened with."""

from dataclasses import dataclass
from datetime import date

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

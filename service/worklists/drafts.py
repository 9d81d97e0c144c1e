"""What a work item is opened with."""

from dataclasses import dataclass
from datetime import date

from address_model.work import WorkKind


@dataclass(frozen=True, slots=True)
class WorkDraft:
    """Work on a plate (``token``), or at an address that has none (``token`` empty).

    ``due`` is the last day; without one it follows from the kind. ``cause`` is given where the
    system opens it by itself, and ends it again with that cause.
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
        """The name of the list; made again, it adds only plates that came since."""
        return f"inspect-{self.year}"

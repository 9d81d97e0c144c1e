"""The numbers of a division and of what lies directly below it, each with the list behind it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from urllib.parse import urlencode

from address_model.division_codes import division_prefix
from address_model.lifecycle import ENDED, GONE, AddressStatus, PlateStatus
from service.admin.scope import DivisionScope
from service.core.database import Session
from service.divisions.queries import find_names
from service.statistics.queries import DivisionCount, count_by_part
from service.worklists.queries import WorkFilter, count_due

_PARTS = {0: "省", 2: "市", 4: "县（市、区）", 6: "乡镇（街道）", 9: "村（社区）"}
_COMMUNITY = 12
Status = TypeVar("Status", AddressStatus, PlateStatus)
WALL = (
    PlateStatus.TO_MAKE,
    PlateStatus.MAKING,
    PlateStatus.TO_INSTALL,
    PlateStatus.IN_USE,
    PlateStatus.DAMAGED,
    PlateStatus.LOST,
)
"""The states of plates that are shown; the others have ended."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """The numbers of one division; ``path`` leads below it, or to its addresses."""

    name: str
    path: str
    count: DivisionCount
    overdue: int

    @property
    def addresses(self) -> int:
        """The addresses that have not ended."""
        return sum(n for status, n in self.count.addresses.items() if status not in GONE)

    @property
    def plates(self) -> int:
        """The plates that have not ended."""
        return sum(n for status, n in self.count.plates.items() if status not in ENDED)

    @property
    def in_use(self) -> int | None:
        """The share of plates in use, in whole percent; None if there are none."""
        used = self.count.plates.get(PlateStatus.IN_USE, 0)
        return used * 100 // self.plates if self.plates else None

    def path_to_addresses(self, state: str = "") -> str:
        """The list of its addresses in a state."""
        return self._path("addresses", {"state": state})

    def path_to_plates(self, status: str) -> str:
        """The list of its plates in a state."""
        return self._path("plates", {"status": status})

    @property
    def path_to_work(self) -> str:
        """The list of its open work, what is due first first."""
        return self._path("work-items", {})

    def _path(self, subject: str, fields: dict[str, str]) -> str:
        asked = {"division": self.count.division} | fields
        return f"/admin/{subject}?{urlencode({k: v for k, v in asked.items() if v})}"


@dataclass(frozen=True, slots=True)
class DivisionFigures:
    """All of a division, and its parts by code; ``kind`` is what the parts are called."""

    whole: FigureRow
    rows: tuple[FigureRow, ...]
    kind: str


def read_figures(session: Session, reach: DivisionScope, day: date) -> DivisionFigures:
    """The numbers of a division, as committed; overdue is what was due before ``day``.

    Of a register of one province the parts are its cities.
    """
    prefix = reach.prefix
    counts = count_by_part(session, prefix)
    if not prefix and len(counts) == 1:
        prefix = division_prefix(counts[0].division)
        counts = count_by_part(session, prefix)
    digits = next((n for n in (2, 4, 6, 9, 12) if n > len(prefix)), _COMMUNITY)
    work = count_due(session, WorkFilter(division=prefix), day, digits=digits)
    late = {part.ljust(12, "0"): found.overdue for part, found in work.items()}
    names = find_names(session, [one.division for one in counts])
    rows = []
    for one in counts:
        own = one.division == prefix.ljust(12, "0") and len(prefix) < _COMMUNITY
        name = f"未分到{_PARTS[len(prefix)]}" if own else names.get(one.division, one.division)
        is_last = own or digits == _COMMUNITY
        path = f"/admin/{'addresses' if is_last else ''}?division={one.division}"
        rows.append(FigureRow(name, path.replace("/?", "?"), one, late.get(one.division, 0)))
    whole = DivisionCount(
        reach.division,
        _sum([one.addresses for one in counts]),
        _sum([one.plates for one in counts]),
    )
    top = FigureRow(reach.name, f"/admin?division={reach.division}", whole, sum(late.values()))
    return DivisionFigures(top, tuple(rows), _PARTS.get(len(prefix), "村（社区）"))


def _sum(counts: Sequence[Mapping[Status, int]]) -> dict[Status, int]:
    found: Counter[Status] = Counter()
    for count in counts:
        found.update(count)
    return dict(found)

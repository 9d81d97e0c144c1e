"""The divisions in memory: small, asked for by every page and every import row."""

from collections.abc import Iterable
from dataclasses import dataclass

COUNTY_LEVEL = 3
LEVEL_NAMES = {1: "province", 2: "city", 3: "county", 4: "township", 5: "community"}


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One division, without its boundary."""

    id: int
    code: str
    code_system: str
    edition: str
    level: int
    name: str
    pinyin: str
    parent_id: int | None
    urban_rural: str


class DivisionRegister:
    """All divisions of one code system and edition, by id and by code."""

    def __init__(self, rows: Iterable[DivisionRow]) -> None:
        self.by_id = {row.id: row for row in rows}
        self.by_code = {row.code: row for row in self.by_id.values()}
        self._paths: dict[int, tuple[DivisionRow, ...]] = {}

    def path(self, division_id: int) -> tuple[DivisionRow, ...]:
        """The division and all above it, widest first."""
        if division_id not in self._paths:
            row = self.by_id[division_id]
            above = self.path(row.parent_id) if row.parent_id in self.by_id else ()
            self._paths[division_id] = (*above, row)
        return self._paths[division_id]

    def names(self, division_id: int) -> dict[str, str]:
        """The names of a division's path by level: ``{"province": "浙江省", …}``."""
        return {LEVEL_NAMES[row.level]: row.name for row in self.path(division_id)}

    def county_of(self, division_id: int) -> DivisionRow | None:
        """The county a division lies in, or None for cities and provinces."""
        return next((row for row in self.path(division_id) if row.level == COUNTY_LEVEL), None)

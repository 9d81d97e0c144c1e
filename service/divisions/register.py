"""The divisions in memory: a small register used by every page and every import row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from address_model.division_decisions import DivisionDecision, final_code
from address_model.elements import Elements
from address_model.places import fold_village

COUNTY_LEVEL = 3
LEVEL_NAMES = {1: "province", 2: "city", 3: "county", 4: "township", 5: "community"}


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One division, without its boundary; ``valid_to`` is the day on which it ended."""

    id: int
    code: str
    code_system: str
    edition: str
    level: int
    name: str
    pinyin: str
    parent_id: int | None
    urban_rural: str
    valid_from: date | None = None
    valid_to: date | None = None


class DivisionRegister:
    """All divisions of one code system and edition, by id and by code.

    A merged division (see ``decisions``) is found itself only by its id; its code and its name
    lead to the division it was merged into. A renamed one is also found by its former name.
    """

    def __init__(
        self, rows: Iterable[DivisionRow], decisions: Sequence[DivisionDecision] = ()
    ) -> None:
        self.by_id = {row.id: row for row in rows}
        self._by_code = {row.code: row for row in self.by_id.values()}
        self.decisions = decisions
        self._paths: dict[int, tuple[DivisionRow, ...]] = {}
        self._children: dict[tuple[int | None, str], DivisionRow] = {}
        self._counties: dict[str, list[DivisionRow]] = {}
        for row in self.by_id.values():
            if self.find(row.code) is not row:
                continue
            self._children.setdefault((row.parent_id, _fold(row, row.name)), row)
            if row.level == COUNTY_LEVEL:
                self._counties.setdefault(row.name, []).append(row)
        for one in decisions:
            now = self.find(one.new_code)
            if now is None:
                continue
            self._children.setdefault((now.parent_id, _fold(now, one.old_name)), now)
            if now.level == COUNTY_LEVEL:
                self._counties.setdefault(one.old_name, [now])

    def find(self, code: str) -> DivisionRow | None:
        """The division with a 12-digit code, or the one that it or its parent was merged into."""
        row = self._by_code.get(final_code(code, self.decisions))
        if row is None or not self.decisions or row.parent_id not in self.by_id:
            return row
        above = self.by_id[row.parent_id]
        return row if self.find(above.code) is above else self.find(above.code)

    def path(self, division_id: int) -> tuple[DivisionRow, ...]:
        """The division and all above it, widest first."""
        if division_id not in self._paths:
            row = self.by_id[division_id]
            above = self.path(row.parent_id) if row.parent_id in self.by_id else ()
            self._paths[division_id] = (*above, row)
        return self._paths[division_id]

    def names(self, division_id: int) -> dict[str, str]:
        """The names on a division's path by level: ``{"province": "浙江省", …}``."""
        return {LEVEL_NAMES[row.level]: row.name for row in self.path(division_id)}

    def county_of(self, division_id: int) -> DivisionRow | None:
        """The county a division lies in, or None for cities and provinces."""
        return next((row for row in self.path(division_id) if row.level == COUNTY_LEVEL), None)

    def find_child(self, parent_id: int, name: str) -> DivisionRow | None:
        """The child of a division by name, or None."""
        return self._children.get((parent_id, name))

    def names_county(self, text: str, other_than: DivisionRow) -> bool:
        """Whether a text begins with the name of a county other than this one."""
        return any(
            text[:length] in self._counties and text[:length] != other_than.name
            for length in range(3, len(text) + 1)
        )

    def find_by_names(self, elements: Elements) -> DivisionRow | str:
        """The deepest division named by elements, or the level whose name is unknown.

        An unregistered community is no error: the township is returned instead.
        """
        counties = [
            row
            for row in self._counties.get(elements.county, [])
            if not elements.city or self.names(row.id)["city"] == elements.city
        ]
        if len(counties) != 1:
            return "county"
        (county,) = counties
        if not elements.township:
            return county
        township = self._children.get((county.id, elements.township))
        if township is None:
            return "township"
        community = fold_village(elements.community)
        return self._children.get((township.id, community), township)


def _fold(row: DivisionRow, name: str) -> str:
    return fold_village(name) if row.level == 5 else name

"""The divisions in memory: small, asked for by every page and every import row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from address_model.division_decisions import DivisionDecision, final_code
from address_model.elements import Elements
from address_model.rendering import fold_village

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
    """All divisions of one code system and edition, by id and by code.

    A division that went up in another (see ``decisions``) is found by its id alone; by its code
    or its name the other one is found, and a renamed one by its former name too.
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
            self._children.setdefault((row.parent_id, _fold(row)), row)
            if row.level == COUNTY_LEVEL:
                self._counties.setdefault(row.name, []).append(row)
        for one in decisions:
            self._add_former(one)

    def _add_former(self, one: DivisionDecision) -> None:
        row = self.find(one.new_code)
        if row is None:
            return
        name = fold_village(one.old_name) if row.level == 5 else one.old_name
        self._children.setdefault((row.parent_id, name), row)
        if row.level == COUNTY_LEVEL:
            self._counties.setdefault(one.old_name, [row])

    def find(self, code: str) -> DivisionRow | None:
        """The division of 12 digits, or what it and all in it went up in."""
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
        """The names of a division's path by level: ``{"province": "浙江省", …}``."""
        return {LEVEL_NAMES[row.level]: row.name for row in self.path(division_id)}

    def county_of(self, division_id: int) -> DivisionRow | None:
        """The county a division lies in, or None for cities and provinces."""
        return next((row for row in self.path(division_id) if row.level == COUNTY_LEVEL), None)

    def find_child(self, parent_id: int, name: str) -> DivisionRow | None:
        """The division of a name directly below another, or None."""
        return self._children.get((parent_id, name))

    def names_county(self, text: str, other_than: DivisionRow) -> bool:
        """Whether a text begins with the name of a county other than this one."""
        return any(
            text[:length] in self._counties and text[:length] != other_than.name
            for length in range(3, len(text) + 1)
        )

    def find_by_names(self, elements: Elements) -> DivisionRow | str:
        """The deepest division that an address's names lead to, or the level that is unknown.

        A community that the register does not list is no error: the township stands for it.
        """
        county = self._find_county(elements)
        if county is None:
            return "county"
        if not elements.township:
            return county
        township = self._children.get((county.id, elements.township))
        if township is None:
            return "township"
        community = fold_village(elements.community)
        return self._children.get((township.id, community), township)

    def _find_county(self, elements: Elements) -> DivisionRow | None:
        fits = [
            row
            for row in self._counties.get(elements.county, [])
            if not elements.city or self.names(row.id)["city"] == elements.city
        ]
        return fits[0] if len(fits) == 1 else None


def _fold(row: DivisionRow) -> str:
    return fold_village(row.name) if row.level == 5 else row.name

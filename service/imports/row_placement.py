"""Places a row of a list: finds its division, completes its elements, checks its point."""

from collections import Counter
from dataclasses import dataclass, field, replace

from address_model.coordinates import CoordinateSystem
from address_model.division_codes import division_prefix
from address_model.elements import Elements, Numbered, local_text
from address_model.gazetteer import Gazetteer
from address_model.parsing import Verdict, find_outside, parse
from address_model.parsing.level_cells import NUMBERED_LEVELS
from address_model.things import find_thing, kind_of
from service.addresses.drafts import AddressDraft
from service.core.sheets import RowFault
from service.divisions.register import DivisionRegister, DivisionRow
from service.imports.division_cells import (
    DivisionsDisagree,
    complete_divisions,
    find_homes,
    strip_divisions,
)
from service.imports.points import CountyBorders, PointFault
from service.imports.rows import ImportRow
from service.imports.rules import Rule

COMMUNITY_LEVEL = 5
_LEVEL_WORDS = {"county": "县（市、区）", "township": "乡镇、街道"}
_ESTATE_ENDS = (
    *(
        "小区",
        "花园",
        "公寓",
        "家园",
        "佳苑",
        "花苑",
        "新苑",
        "嘉苑",
        "名苑",
        "雅苑",
        "山庄",
        "别墅",
    ),
    *("华庭", "名邸", "公馆", "大厦", "商厦", "大楼"),
)
"""A street column ending so holds an estate, as it would in a whole text."""


@dataclass(frozen=True, slots=True)
class RowPlacer:
    """Places rows with the registers in memory and the officer's declarations."""

    divisions: DivisionRegister
    gazetteer: Gazetteer
    borders: CountyBorders
    source: str
    system: CoordinateSystem
    is_sample: bool = False
    within: DivisionRow | None = None
    """The division that all rows are declared to lie in."""
    notes: Counter[str] = field(default_factory=Counter)
    """What was accepted with reservations, in Chinese, with its number of rows."""
    _found: dict[str, DivisionRow | None] = field(default_factory=dict, repr=False)
    _counties: dict[int, DivisionRow | None] = field(default_factory=dict, repr=False)

    def take_notes(self) -> Counter[str]:
        """Return the notes since the last call."""
        taken = Counter(self.notes)
        self.notes.clear()
        return taken

    def find_county(self, row: ImportRow) -> str | RowFault:
        """The six-digit code of the county that a row names, empty if none, or its fault."""
        read = self._read(row)
        if isinstance(read, RowFault):
            return read
        county = self.divisions.county_of(read[0].id)
        return county.code[:6] if county else ""

    def place(self, row: ImportRow) -> tuple[AddressDraft, ...] | RowFault:
        """Return the drafts of a row, or its fault.

        A row that names several plates (3、5、7号) gives a draft for each; the source id then
        gets a suffix #1, #2 … so that each stays identifiable.
        """
        read = self._read(row)
        if isinstance(read, RowFault):
            return read
        division, plates = read
        if division.id not in self._counties:
            self._counties[division.id] = self.divisions.county_of(division.id)
        county = self._counties[division.id]
        if county is None:
            return Rule.COUNTY_UNCLEAR.fault(row.number, "county")
        if fault := self._check(row, division, plates):
            return fault
        point, note = None, ""
        if row.lon is not None and row.lat is not None:
            placed = self.borders.place(row.lon, row.lat, self.system, county.code[:6], county.name)
            if isinstance(placed, PointFault):
                return placed.of_row(row.number)
            point, note = placed
        name, above = plates[0].community, plates[0].township
        if name and above and division.level < COMMUNITY_LEVEL:
            self.notes[f"区划名单里{above}下没有「{name}」，按原文保留，地址挂在{above}"] += 1
        one = AddressDraft(
            county=county.code[:6],
            division_id=division.id,
            division_code=division.code,
            elements=plates[0],
            point=point,
            point_note=note,
            source=self.source,
            source_id=row.source_id,
            is_sample=self.is_sample or row.is_sample,
            identifiers=row.identifiers,
        )
        if len(plates) == 1:
            return (one,)
        return tuple(
            replace(one, elements=plate, source_id=f"{row.source_id}#{n}" if row.source_id else "")
            for n, plate in enumerate(plates, start=1)
        )

    def _read(self, row: ImportRow) -> tuple[DivisionRow, tuple[Elements, ...]] | RowFault:
        if row.plates:
            return self._read_elements(row)
        reading = parse(row.text, self.gazetteer)
        if not reading.county and self.within is not None:
            names = "".join(self.divisions.names(self.within.id).values())
            reading = parse(names + row.text, self.gazetteer)
        outside = find_outside(reading, self.gazetteer)
        if outside:
            return Rule.ABROAD.fault(row.number, "address", place=outside)
        is_list = reading.verdict is Verdict.LIST and len(reading.plates) > 1
        if reading.verdict is Verdict.NOPLATE:
            return Rule.NO_PLATE.fault(row.number, "address")
        if reading.verdict is not Verdict.OK and not is_list:
            why = "；".join(reading.reasons[:2])
            return Rule.UNCLEAR.fault(row.number, "address", why=f"（{why}）" if why else "")
        if reading.division not in self._found:
            self._found[reading.division] = self.divisions.find(reading.division)
        division = self._found[reading.division]
        if division is None or not reading.county:
            return Rule.COUNTY_UNCLEAR.fault(row.number, "address")
        return division, reading.plates

    def _read_elements(self, row: ImportRow) -> tuple[DivisionRow, tuple[Elements, ...]] | RowFault:
        elements = complete_divisions(self.divisions, row.plates[0], self.within)
        found = self.divisions.find_by_names(elements)
        if isinstance(found, str):
            name: str = getattr(elements, found)
            if not name:
                return Rule.COUNTY_UNCLEAR.fault(row.number, found)
            homes = "、".join(find_homes(self.divisions, found, name)[:3])
            why = f"（它在{homes}）" if homes else ""
            word = _LEVEL_WORDS[found]
            return Rule.DIVISION_UNKNOWN.fault(row.number, found, level=word, cell=name, why=why)
        county = self.divisions.county_of(found.id)
        if county is not None:
            try:
                stripped = strip_divisions(self.divisions, elements, county)
            except DivisionsDisagree as wrong:
                return Rule.DIVISIONS_DISAGREE.fault(row.number, "thoroughfare", cell=wrong)
            if stripped.township != elements.township:
                again = self.divisions.find_by_names(stripped)
                found = found if isinstance(again, str) else again
            elements = stripped
        names = self.divisions.names(found.id)
        elements = elements.with_divisions(
            province=names.get("province", ""),
            city=names.get("city", ""),
            county=names.get("county", ""),
            township=names.get("township", ""),
            community=elements.community,
        )
        # an estate in the column of the street goes to its own field
        street = elements.thoroughfare
        if street and not elements.estate and street.endswith(_ESTATE_ENDS):
            elements = elements._replace(thoroughfare="", estate=street)
        if len(row.plates) == 1:
            return found, (elements,)
        numbered = ({name: getattr(one, name) for name in NUMBERED_LEVELS} for one in row.plates)
        return found, tuple(elements._replace(**one) for one in numbered)

    def _check(
        self, row: ImportRow, division: DivisionRow, plates: tuple[Elements, ...]
    ) -> RowFault | None:
        """Check that each plate names something below its divisions, and a code only one plate."""
        for plate in plates:
            local = (plate.number, plate.building, plate.estate, plate.natural_village)
            inner = (plate.group, plate.room, plate.lanes, plate.thing and plate.street)
            if not any((*local, *inner)):
                return Rule.NO_PLATE.fault(row.number, "address")
        annex = next((one.number for one in plates if one.number and one.number.prefix == "附"), "")
        if annex:
            return Rule.ANNEX.fault(row.number, "number", cell=annex)
        for plate in plates:
            if plate.thing is not None and (wrong := _check_thing(row.number, plate, plate.thing)):
                return wrong
        if (row.code or row.identifiers) and len(plates) > 1:
            field = "code" if row.code else f"id:{row.identifiers[0][0]}"
            return Rule.SEVERAL.fault(row.number, field)
        if self.within and not division.code.startswith(division_prefix(self.within.code)):
            return Rule.OUTSIDE.fault(row.number, "county", division=self.within.name)
        return None


def _check_thing(row: int, plate: Elements, thing: Numbered) -> RowFault | None:
    """The fault of a thing whose text would not be parsed as the same thing again."""
    kind = kind_of(thing)
    if kind.needs_number and not thing.number:
        return Rule.THING_BARE.fault(row, "thing", kind=kind.name)
    text = local_text(plate)
    if find_thing(text) == (len(text) - len(str(thing)), thing):
        return None
    if thing.number and not kind.counts:
        return Rule.THING_AS_DOOR.fault(row, "thing", cell=text[:40], number=thing.number)
    return Rule.THING_UNREAD.fault(row, "thing", cell=text[:40])

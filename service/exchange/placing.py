"""Places a row of a file in the register: its division, its elements, its checked point."""

from dataclasses import dataclass, replace

from address_model.coordinates import CoordinateSystem, Point
from address_model.elements import Elements, Numbered
from address_model.gazetteer import Gazetteer
from address_model.parsing import Verdict, parse
from address_model.rendering import local_text
from address_model.things import find_thing, kind_of
from service.addresses.drafts import AddressDraft
from service.core.sheets import RowFault
from service.divisions.register import DivisionRegister, DivisionRow
from service.exchange.borders import CountyBorders
from service.exchange.degrees import PointFault
from service.exchange.rows import AddressRow

TEXT_LIMIT = 300
"""Characters of a standard text; longer ones are no addresses."""


@dataclass(frozen=True, slots=True)
class Placer:
    """What placing needs: the registers in memory and what the officer declared."""

    divisions: DivisionRegister
    gazetteer: Gazetteer
    borders: CountyBorders
    source: str
    system: CoordinateSystem
    is_sample: bool = False

    def find_county(self, row: AddressRow) -> str | RowFault:
        """The six-digit county a row names."""
        read = self._read(row)
        if isinstance(read, RowFault):
            return read
        county = self.divisions.county_of(read[0].id)
        return county.code[:6] if county else ""

    def place(self, row: AddressRow) -> tuple[AddressDraft, ...] | RowFault:
        """Return the draft of a row, or why it cannot enter the register and how to mend it.

        A row that names several plates (3、5、7号) gives a draft for each; its source id is then
        followed by #1, #2 … so that each is known again.
        """
        read = self._read(row)
        if isinstance(read, RowFault):
            return read
        division, plates = read
        county = self.divisions.county_of(division.id)
        if county is None:
            return _fault(row, "address", "no county is named", "begin the address with its county")
        fault = _check(row, plates)
        if fault:
            return fault
        point = self._place_point(row, county)
        if isinstance(point, RowFault):
            return point
        one = AddressDraft(
            county=county.code[:6],
            division_id=division.id,
            division_code=division.code,
            elements=plates[0],
            point=point[0],
            point_note=point[1],
            source=self.source,
            source_id=row.source_id,
            is_sample=self.is_sample,
            identifiers=row.identifiers,
        )
        if len(plates) == 1:
            return (one,)
        return tuple(
            replace(one, elements=plate, source_id=f"{row.source_id}#{n}" if row.source_id else "")
            for n, plate in enumerate(plates, start=1)
        )

    def _read(self, row: AddressRow) -> tuple[DivisionRow, tuple[Elements, ...]] | RowFault:
        return self._read_elements(row) if row.elements else self._read_text(row)

    def _read_text(self, row: AddressRow) -> tuple[DivisionRow, tuple[Elements, ...]] | RowFault:
        reading = parse(row.text, self.gazetteer)
        is_list = reading.verdict is Verdict.LIST and len(reading.plates) > 1
        if reading.verdict is not Verdict.OK and not is_list:
            return _fault(row, "address", *_VERDICTS[reading.verdict], *reading.reasons[:2])
        division = self.divisions.find(reading.division)
        if division is None or not reading.county:
            return _fault(
                row,
                "address",
                "the county is not clear from the text",
                "write the county or city before the address",
            )
        return division, reading.plates

    def _read_elements(
        self, row: AddressRow
    ) -> tuple[DivisionRow, tuple[Elements, ...]] | RowFault:
        assert row.elements is not None  # noqa: S101 - the caller has asked
        found = self.divisions.find_by_names(row.elements)
        if isinstance(found, str):
            return _unknown(row, found)
        names = self.divisions.names(found.id)
        elements = row.elements.with_divisions(
            province=names.get("province", ""),
            city=names.get("city", ""),
            county=names.get("county", ""),
            township=names.get("township", ""),
            community=row.elements.community,
        )
        return found, (elements,)

    def _place_point(
        self, row: AddressRow, county: DivisionRow
    ) -> tuple[Point | None, str] | RowFault:
        if row.lon is None or row.lat is None:
            return None, ""
        found = self.borders.place(row.lon, row.lat, self.system, county.code[:6], county.name)
        if isinstance(found, PointFault):
            return _fault(row, found.field, found.reason, found.mend)
        return found


_VERDICTS = {
    Verdict.LIST: ("the text names several plates", "write one row for each plate"),
    Verdict.NOPLATE: ("the text names no plate", "give a number, an estate or a village"),
    Verdict.AMBIG: (
        "the text can be read in more than one way",
        "write it in full, with its county",
    ),
}


def _check(row: AddressRow, plates: tuple[Elements, ...]) -> RowFault | None:
    """Every plate must name something below its divisions; a code belongs to one plate."""
    if not all(_is_deep(plate) for plate in plates):
        return _fault(row, "address", *_VERDICTS[Verdict.NOPLATE])
    for plate in plates:
        if plate.thing is not None and (wrong := _thing_fault(plate, plate.thing)):
            return _fault(row, "thing", *wrong)
    if (row.code or row.identifiers) and len(plates) > 1:
        field = "code" if row.code else f"id:{row.identifiers[0][0]}"
        return _fault(row, field, *_VERDICTS[Verdict.LIST])
    if len(row.text) > TEXT_LIMIT:
        return _fault(row, "address", f"longer than {TEXT_LIMIT} characters", "shorten it")
    return None


def _is_deep(plate: Elements) -> bool:
    local = (plate.number, plate.building, plate.estate, plate.natural_village)
    return any((*local, plate.group, plate.room, plate.lanes, plate.thing and plate.street))


def _thing_fault(plate: Elements, thing: Numbered) -> tuple[str, str] | None:
    """Why a thing cannot stand so: its text must be read as this very thing again."""
    kind = kind_of(thing)
    if kind.needs_number and not thing.number:
        return f"{kind.name}没有编号", "在「事物编号」一列写明编号"
    text = local_text(plate)
    if find_thing(text) == (len(text) - len(str(thing)), thing):
        return None
    if thing.number and not kind.counts:
        return f"「{text[:40]}」会读成门牌 {thing.number}号", "写明所在门牌或幢，或去掉事物编号"
    return f"「{text[:40]}」读不回这一事物", "事物编号写数字或字母，如 12、A12；门牌号另列"


def _unknown(row: AddressRow, level: str, name: str = "") -> RowFault:
    reason = f"no such {level} in the register{': ' if name else ''}{name}"
    return _fault(row, level, reason, "write its name as in the register")


def _fault(row: AddressRow, field: str, reason: str, mend: str, *more: str) -> RowFault:
    return RowFault(row.number, field, "; ".join((reason, *more)), mend)

"""Places a row of a file in the register: its division, its elements, its checked point."""

from dataclasses import dataclass

from address_model.coordinates import CoordinateSystem, InvalidPoint, Point, convert
from address_model.elements import Elements
from address_model.gazetteer import Gazetteer
from address_model.parsing import parse
from service.addresses.drafts import AddressDraft
from service.core.sheets import RowFault
from service.divisions.register import DivisionRegister, DivisionRow
from service.exchange.borders import TOLERANCE_M, CountyBorders
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

    def place(self, row: AddressRow) -> AddressDraft | RowFault:
        """Return the draft of a row, or why it cannot enter the register and how to mend it."""
        read = self._read(row)
        if isinstance(read, RowFault):
            return read
        division, elements = read
        county = self.divisions.county_of(division.id)
        if county is None:
            return _fault(row, "address", "no county is named", "begin the address with its county")
        fault = _check_depth(row, elements)
        if fault:
            return fault
        point = self._place_point(row, county)
        if isinstance(point, RowFault):
            return point
        return AddressDraft(
            county=county.code[:6],
            division_id=division.id,
            division_code=division.code,
            elements=elements,
            point=point[0],
            point_note=point[1],
            source=self.source,
            source_id=row.source_id,
            is_sample=self.is_sample,
        )

    def _read(self, row: AddressRow) -> tuple[DivisionRow, Elements] | RowFault:
        return self._read_elements(row) if row.elements else self._read_text(row)

    def _read_text(self, row: AddressRow) -> tuple[DivisionRow, Elements] | RowFault:
        reading = parse(row.text, self.gazetteer)
        if reading.verdict != "OK":
            return _fault(row, "address", *_VERDICTS[reading.verdict], *reading.reasons[:2])
        division = self.divisions.by_code.get(reading.division)
        if division is None or not reading.county:
            return _fault(
                row,
                "address",
                "the county is not clear from the text",
                "write the county or city before the address",
            )
        return division, reading.plates[0]

    def _read_elements(self, row: AddressRow) -> tuple[DivisionRow, Elements] | RowFault:
        assert row.elements is not None  # noqa: S101 - the caller has asked
        found = self.divisions.find_by_names(row.elements)
        if isinstance(found, str):
            return _fault(
                row, found, f"no such {found} in the register", "write its name as in the register"
            )
        names = self.divisions.names(found.id)
        elements = row.elements.with_divisions(
            province=names.get("province", ""),
            city=names.get("city", ""),
            county=names.get("county", ""),
            township=names.get("township", ""),
            community=row.elements.community,
        )
        return found, elements

    def _place_point(
        self, row: AddressRow, county: DivisionRow
    ) -> tuple[Point | None, str] | RowFault:
        if row.lon is None or row.lat is None:
            return None, ""
        try:
            point = convert(Point(row.lon, row.lat), self.system, CoordinateSystem.CGCS2000)
        except InvalidPoint as error:
            return _fault(row, "lon", str(error), "give degrees, longitude and latitude")
        outside = self.borders.metres_outside(county.code[:6], point)
        if outside > TOLERANCE_M:
            return _fault(
                row,
                "lon",
                f"the point lies {outside / 1000:.1f} km outside {county.name}",
                "correct the point or the county; if the whole file is so, declare its "
                "coordinate system with --crs",
            )
        note = f"point {outside:.0f} m outside {county.name} (simplified border)" if outside else ""
        return point, note


_VERDICTS = {
    "LIST": ("the text names several plates", "write one row for each plate"),
    "NOPLATE": ("the text names no plate", "give a number, an estate or a village"),
    "AMBIG": ("the text can be read in more than one way", "write it in full, with its county"),
}


def _check_depth(row: AddressRow, elements: Elements) -> RowFault | None:
    """An address must name something below its divisions, and not be endless."""
    local = (elements.number, elements.building, elements.estate, elements.natural_village)
    if not any((*local, elements.group, elements.room, elements.lanes)):
        return _fault(row, "address", *_VERDICTS["NOPLATE"])
    if len(row.text) > TEXT_LIMIT:
        return _fault(row, "address", f"longer than {TEXT_LIMIT} characters", "shorten it")
    return None


def _fault(row: AddressRow, field: str, reason: str, mend: str, *more: str) -> RowFault:
    return RowFault(row.number, field, "; ".join((reason, *more)), mend)

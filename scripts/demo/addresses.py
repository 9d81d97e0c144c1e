"""The demo addresses: numbers along streets, rooms in estates, houses in villages."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from address_model.coordinates import LocalFrame, Point
from address_model.elements import Elements, Numbered
from scripts.demo.layout import DrawnStreet, block, centred_line, door, jitter
from scripts.demo.places import Estate, Seat, Settlement, Street, Village

COURTYARD = Estate("", blocks=1, units=2, floors=3, rooms=2)
"""The building behind some street numbers."""


@dataclass(frozen=True, slots=True)
class DemoAddress:
    """One row of the demo file."""

    source_id: str
    elements: Elements
    point: Point

    @property
    def is_door(self) -> bool:
        """Whether this is a plate on a street, lane or block rather than a unit or room."""
        return not (self.elements.unit or self.elements.floor or self.elements.room)


def settlement_addresses(settlement: Settlement, seats: dict[str, Seat]) -> tuple[DemoAddress, ...]:
    """Return every demo address of a settlement, doors before their rooms."""
    found: list[DemoAddress] = []
    for street in settlement.streets:
        found += _street(street, seats[street.entry])
    for village in settlement.villages:
        found += _village(village, seats[village.entry])
    return tuple(found)


def _street(street: Street, seat: Seat) -> Iterator[DemoAddress]:
    top = _divisions(seat)._replace(thoroughfare=street.name or seat.name)
    length = ceil(street.numbers / 2) * street.spacing
    line = centred_line(street.bearing, length, bend=length * 0.04)
    frame = LocalFrame(seat.point)
    for number in range(1, street.numbers + 1):
        name = f"{street.entry}-{number:04d}"
        if jitter(name + "/gap") > 0.88:
            continue  # real streets have gaps
        point = frame.to_point(*door(line, number, street.spacing, name))
        yield from _plate(top._replace(number=Numbered(str(number), "号")), name, point)
    for lane in street.lanes:
        # A lane (弄) off the right side of the street, after the number it is named after.
        start = line.at(min(lane * 40.0, line.length * 0.9), -20)
        side = DrawnStreet(start, line.bearing - 90, length=60, bend=3)
        within = top._replace(lanes=(Numbered(str(lane), "弄"),))
        for number in range(1, 11):
            name = f"{street.entry}-L{lane:02d}-{number:02d}"
            elements = within._replace(number=Numbered(str(number), "号"))
            yield DemoAddress(name, elements, frame.to_point(*door(side, number, 12, name)))
    if street.estate is None:
        return
    for index in range(street.estate.blocks):
        name = f"{street.entry}-B{index + 1:02d}"
        point = frame.to_point(*block(line, index, columns=4))
        elements = _divisions(seat)._replace(
            estate=street.estate.name, building=Numbered(str(index + 1), "幢")
        )
        yield DemoAddress(name, elements, point)
        yield from _units(elements, name, street.estate, point)


def _plate(elements: Elements, name: str, point: Point) -> Iterator[DemoAddress]:
    """A street number, and occasionally the irregular forms found on real streets."""
    yield DemoAddress(name, elements, point)
    number, chance = elements.number, jitter(name + "/form")
    if number is None:
        return
    beside = LocalFrame(point).to_point(3.5, 0)
    for suffix, low, high in (("之一", -0.98, -0.93), ("附1", -0.93, -0.9), ("1", -0.9, -0.87)):
        if low < chance <= high:
            door_beside = elements._replace(number=number._replace(suffix=suffix))
            yield DemoAddress(f"{name}-s", door_beside, beside)
    if chance <= -0.98:
        temporary = elements._replace(number=number._replace(prefix="临"))
        yield DemoAddress(f"{name}-t", temporary, beside)
    elif chance > 0.95:
        storey = "2" if chance > 0.97 else "-1"
        yield DemoAddress(f"{name}-f", elements._replace(floor=Numbered(storey, "层")), point)
    elif chance > 0.91:
        yield from _units(elements, name, COURTYARD, point)


def _units(top: Elements, name: str, house: Estate, point: Point) -> Iterator[DemoAddress]:
    frame = LocalFrame(point)
    for unit in range(1, house.units + 1):
        entrance = frame.to_point((unit - (house.units + 1) / 2) * 11, -5)
        within = top._replace(unit=Numbered(str(unit), "单元"))
        yield DemoAddress(f"{name}-U{unit}", within, entrance)
        for floor in range(1, house.floors + 1):
            for room in range(1, house.rooms + 1):
                label = f"{floor}{room:02d}"
                home = within._replace(room=Numbered(label, "室"))
                yield DemoAddress(f"{name}-U{unit}-{label}", home, entrance)


def _village(village: Village, seat: Seat) -> Iterator[DemoAddress]:
    top = _divisions(seat)._replace(natural_village=seat.name)
    frame = LocalFrame(seat.point)
    per_lane = ceil(village.numbers / village.lanes)
    for lane in range(village.lanes):
        bearing = 360 / village.lanes * lane + 25 * jitter(f"{village.entry}/lane/{lane}")
        line = DrawnStreet(
            DrawnStreet((0, 0), bearing, 1, 0).at(34), bearing, per_lane / 2 * 13, bend=9
        )
        for house in range(1, per_lane + 1):
            number = house if village.by_group else lane * per_lane + house
            name = f"{village.entry}-{lane + 1}-{house:03d}"
            elements = top._replace(
                group=Numbered(str(lane + 1), "组") if village.by_group else None,
                number=Numbered(str(number), "号"),
            )
            point = frame.to_point(*door(line, house, 13, name))
            yield from _plate(elements, name, point)


def _divisions(seat: Seat) -> Elements:
    return Elements(
        province=seat.province, city=seat.city, county=seat.county, township=seat.township
    )

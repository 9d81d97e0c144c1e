"""What the page of a street's numbers shows: doors in order, findings, the next number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from address_model.coordinates import Point
from address_model.elements import Numbered
from address_model.numbering import (
    FINDING_NAMES,
    FindingKind,
    NumberFinding,
    check_numbering,
    propose_number,
)
from address_model.numbering_rule import NumberedDoor, NumberingRule
from service.addresses.queries import AddressRow
from service.addresses.queries.numbered_doors import list_numbered_doors
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.database import Session
from service.core.errors import NotFound
from service.placenames.queries import PlaceNotFound, PlaceRow, get_place
from service.placenames.queries.numberings import Acceptance, get_numbering

READ, WRITE = Permission.ADDRESSES_READ, Permission.ADDRESSES_WRITE
MENDS = {
    FindingKind.DUPLICATE: (("renumber", "改号"), ("merge", "合并"), ("correct", "更正")),
    FindingKind.MISPLACED: (("renumber", "改号"), ("move", "移动点位")),
}
"""By the kind of a finding: the actions on a door that mend it."""
MOST_OFFERED = 12
"""So many missing numbers of one finding are offered one by one."""


@dataclass(frozen=True, slots=True)
class FoundFault:
    """One finding with its doors, the ways to mend it, and why it stays if it was accepted."""

    finding: NumberFinding
    doors: Sequence[AddressRow]
    accepted: Acceptance | None = None

    @property
    def name(self) -> str:
        """断号, 跳号, 重号 or 错号."""
        return FINDING_NAMES[self.finding.kind]

    @property
    def mends(self) -> Sequence[tuple[str, str]]:
        """The actions on its doors that mend it."""
        return MENDS.get(self.finding.kind, ())

    @property
    def offered(self) -> Sequence[int]:
        """The missing numbers that can be entered from here."""
        return self.finding.missing[:MOST_OFFERED]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A new door: its number, the doors that it lies between, and a point in their middle."""

    number: Numbered
    before: AddressRow
    after: AddressRow | None
    point: Point | None


@dataclass(frozen=True, slots=True)
class StreetNumbers:
    """A street as its page shows it; ``is_ruled`` says that a rule is laid down."""

    place: PlaceRow
    rule: NumberingRule
    is_ruled: bool
    doors: Sequence[AddressRow]
    faults: Sequence[FoundFault]

    @property
    def open_faults(self) -> list[FoundFault]:
        """Those that were not accepted."""
        return [fault for fault in self.faults if fault.accepted is None]

    @property
    def accepted_faults(self) -> list[FoundFault]:
        """Those that stay as they are."""
        return [fault for fault in self.faults if fault.accepted is not None]

    @property
    def without_point(self) -> int:
        """How many doors have no point."""
        return sum(door.point is None for door in self.doors)


def divisions_of(place: PlaceRow) -> list[str]:
    """The divisions (12 digits) that a place lies in: its townships, or its county."""
    county = place.county.ljust(12, "0")
    return [one.code if one.code.isdigit() else county for one in place.townships] or [county]


def see_place(session: Session, member: StaffMember, number: str) -> PlaceRow:
    """A place in the person's divisions.

    Raises:
        PlaceNotFound: there is none, or it lies elsewhere.
    """
    try:
        place = get_place(session, number)
    except NotFound:
        place = None
    if place is None or not any(may(member, READ, one) for one in divisions_of(place)):
        raise PlaceNotFound(
            "there is no such place here", zh="没有这条路，或者它不在您负责的区划内。"
        )
    return place


def read_numbers(session: Session, place: PlaceRow) -> StreetNumbers:
    """The doors of a place and what does not follow its rule."""
    held = get_numbering(session, place.id)
    rule = held.rule or NumberingRule()
    doors = list_numbered_doors(session, place.id)
    rows = {door.code: door for door in doors}
    faults = [
        FoundFault(one, [rows[code] for code in one.codes], held.accepted.get(one.key))
        for one in check_numbering(rule, numbered(doors))
    ]
    return StreetNumbers(place, rule, held.rule is not None, doors, faults)


def numbered(doors: Iterable[AddressRow]) -> list[NumberedDoor]:
    """Doors as the rule judges them, where they are shown."""
    return [
        NumberedDoor(
            door.code, door.elements.number, door.position.point if door.position else None
        )
        for door in doors
        if door.elements.number
    ]


def propose_door(street: StreetNumbers, *, wanted: int = 0, behind: str = "") -> Proposal | None:
    """A new door: with a wanted number, behind a door, or at the end; None without any door."""
    rows = {door.code: door for door in street.doors}
    counted = [(one, one.count) for one in numbered(street.doors) if one.count is not None]
    if not counted:
        return None
    rule = street.rule
    start = next((count for one, count in counted if one.code == behind), 0)
    row = rule.row_of(wanted or start or counted[-1][1])
    own = [(count, one.code) for one, count in counted if rule.row_of(count) == row]
    if wanted:
        lower = [pair for pair in own if pair[0] < wanted]
        before = lower[-1] if lower else own[0] if own else (counted[0][1], counted[0][0].code)
    else:
        before = (start, behind) if start else own[-1]
    following = [pair for pair in own if pair[0] > max(before[0], wanted)]
    after = following[0] if following else None
    if wanted:
        number = Numbered(str(wanted), "号")
    else:
        held = [one for one, _ in counted]
        number = propose_number(rule, held, before[0], after[0] if after else None)
    beside = rows[before[1]], rows[after[1]] if after else None
    ends = [door.position.point for door in beside if door and door.position]
    point = None
    if len(ends) == 2:
        point = Point((ends[0].lon + ends[1].lon) / 2, (ends[0].lat + ends[1].lat) / 2)
    return Proposal(number, beside[0], beside[1], point)


def find_neighbour(street: StreetNumbers, number: Numbered) -> AddressRow | None:
    """The door whose number is the nearest to a new one; None without any door."""
    wanted = NumberedDoor("", number).count or 0
    rows = {door.code: door for door in street.doors}
    near = sorted(
        (abs(count - wanted), count, one.code)
        for one in numbered(street.doors)
        if (count := one.count) is not None
    )
    return rows[near[0][2]] if near else None

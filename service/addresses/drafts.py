"""Address drafts: checked addresses that are not registered yet."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from address_model.coordinates import Point
from address_model.division_codes import division_prefix, township_code
from address_model.elements import Elements, standard_text
from address_model.places import (
    FIELDS,
    Counting,
    PlaceKind,
    address_key,
    class_of,
    counting_of,
    division_key,
    local_key,
    second_counting_of,
)
from address_model.street_order import street_order
from service.addresses.queries import AddressRow
from service.core.cached_attribute import cached_attribute
from service.divisions.register import LEVEL_NAMES
from service.placenames.queries import PlaceKey

_DIGITS = re.compile(r"\d{1,9}")

Slot = tuple[PlaceKind, str, str]
"""Kind, township (12 digits or empty) and qualifier: the unit of judgement under one name."""


@dataclass(frozen=True)
class AddressDraft:
    """An address before registration; text and keys are computed once."""

    county: str
    division_id: int
    division_code: str
    elements: Elements
    point: Point | None = None
    point_note: str = ""
    source: str = ""
    source_id: str = ""
    is_sample: bool = False
    parent_code: str | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    """Scheme and value of each identifier in another system."""
    code: str = ""
    """A reserved code to use; empty for a new code."""
    place_id: int | None = None
    """The place it is numbered along; see ``service.addresses.commands.place_addresses``."""
    second_place_id: int | None = None

    @cached_attribute
    def text(self) -> str:
        """The standard text."""
        return standard_text(self.elements)

    def with_places(self, place_id: int, second_place_id: int | None) -> "AddressDraft":
        """This draft with its places; values computed from its elements are kept."""
        kept = vars(self) | {"place_id": place_id, "second_place_id": second_place_id}
        for name in _PLACE_ATTRIBUTES:
            kept.pop(name, None)
        made = object.__new__(AddressDraft)
        vars(made).update(kept)
        return made

    @property
    def township(self) -> str:
        """The 12-digit code of its township, or its name if no division list has it.

        Empty if the source named none.
        """
        return township_code(self.division_code) or self.elements.township[:12]

    @cached_attribute
    def countings(self) -> tuple[Counting, ...]:
        """The place it is numbered along, if any, and rarely a second one by which it is found."""
        first = counting_of(self.elements)
        if first is None:
            return ()
        second = second_counting_of(self.elements)
        return (first, second) if second else (first,)

    @cached_attribute
    def counted(self) -> tuple[tuple[PlaceKey, Slot, Counting], ...]:
        """Each counting with the name it is judged under and its slot there."""
        return tuple(
            (
                (self.county, class_of(one.kind), one.folded),
                (one.kind, self.township, one.qualifier),
                one,
            )
            for one in self.countings
        )

    @property
    def is_placed(self) -> bool:
        """Whether its place is known or it has none; only then it has a key."""
        return self.place_id is not None or not self.countings

    @cached_attribute
    def key(self) -> str:
        """The canonical key within the county.

        Raises:
            ValueError: the address has not been given its place yet.
        """
        if not self.countings:
            return address_key(
                self.county, division_key(self.county, self.township), local_key(self.elements)
            )
        if self.place_id is None:
            raise ValueError(f"{self.text} has no place yet")
        return address_key(self.county, str(self.place_id), self.countings[0].local)

    @cached_attribute
    def second_key(self) -> str:
        """The key on the second place; usually empty."""
        if self.second_place_id is None:
            return ""
        return address_key(self.county, str(self.second_place_id), self.countings[1].local)

    @cached_attribute
    def names_gate(self) -> bool:
        """Whether it lies in an estate and its text names the gate's road and number."""
        return len(self.countings) > 1 and self.countings[1].kind is PlaceKind.STREET

    @property
    def gate_key(self) -> str:
        """The second key of an address in an estate: the gate's road and number; else empty."""
        return self.second_key if self.names_gate else ""

    @cached_attribute
    def level(self) -> str:
        """The deepest level that the address names."""
        return level_of(self.elements)

    @property
    def number_order(self) -> int | None:
        """The plate number as an integer."""
        return number_order(self.elements)

    @property
    def street_order(self) -> bytes:
        """The sort key that puts addresses in street order."""
        return street_order(self.division_code, self.elements)


_PLACE_ATTRIBUTES = ("key", "second_key")
"""Cached attributes that depend on the places."""


def draft_of(held: AddressRow) -> AddressDraft:
    """A registered address as a draft, including its places."""
    return AddressDraft(
        county=held.county,
        division_id=held.division_id,
        division_code=held.division_code,
        elements=held.elements,
        place_id=held.place_id,
        second_place_id=held.second_place_id,
    )


def take_division(draft: AddressDraft, held: AddressRow) -> AddressDraft:
    """Move a draft into the more precise division of an existing address at the same place.

    A text may omit the township: a draft in a division that contains the address's division takes
    the latter; a draft elsewhere is unchanged.
    """
    around = division_prefix(draft.division_code)
    if draft.division_code == held.division_code or not held.division_code.startswith(around):
        return draft
    elements = draft.elements.with_divisions(
        **{
            level: getattr(draft.elements, level) or getattr(held.elements, level)
            for level in LEVEL_NAMES.values()
        }
    )
    return replace(
        draft,
        division_id=held.division_id,
        division_code=held.division_code,
        elements=elements,
    )


def with_place_names(
    draft: AddressDraft, names: Mapping[int, tuple[PlaceKind, str]]
) -> AddressDraft:
    """A placed draft with the given names of its places; ``names`` are by place id.

    Communities keep their names, which are those of divisions.
    """
    if not names:
        return draft
    elements = draft.elements
    places = (draft.place_id, draft.second_place_id)
    for counting, place_id in zip(draft.countings, places, strict=False):
        kind, name = names.get(place_id or 0, (None, ""))
        if kind is counting.kind and kind is not PlaceKind.COMMUNITY:
            elements = elements._replace(**{FIELDS[kind]: name})  # type: ignore[arg-type]
    return draft if elements == draft.elements else replace(draft, elements=elements)


def level_of(elements: Elements) -> str:
    """The deepest level named: thing, room, floor, unit, building, number, estate, village …"""
    for level in ("thing", "room", "floor", "unit", "building", "number"):
        if getattr(elements, level) is not None:
            return level
    if elements.estate:
        return "estate"
    if elements.natural_village or elements.group:
        return "natural_village"
    if elements.lanes:
        return "lane"
    if elements.thoroughfare:
        return "thoroughfare"
    return "division"


def number_order(elements: Elements) -> int | None:
    """The leading digits of the number, else of the building or the thing, as an integer."""
    numbered = elements.number or elements.building or elements.thing
    digits = _DIGITS.match(numbered.number) if numbered else None
    return int(digits.group()) if digits else None

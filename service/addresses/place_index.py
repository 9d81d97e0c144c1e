"""The places of the addresses of a list: collected first, judged once, then looked up."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from address_model.doors import Doors
from address_model.namesakes import Judgement, Outcome, Place, Township, WantedPlace
from address_model.places import Counting, PlaceKind
from service.addresses.drafts import AddressDraft, Slot, with_place_names
from service.placenames.queries import PlaceKey


@dataclass(frozen=True, slots=True)
class PlaceQuestion:
    """Why an address has no place yet.

    If ``waits``, a person must decide whether the place is ``place_id``; otherwise the list must
    say more.
    """

    county: str
    place_id: int
    kind: PlaceKind
    name: str
    folded: str
    township: str
    qualifier: str
    reason: str
    waits: bool


class PlaceCollector:
    """The place names of a list with their doors by slot; filled row by row."""

    def __init__(self) -> None:
        self.doors: dict[PlaceKey, dict[Slot, Doors]] = {}
        self.names: dict[PlaceKey, str] = {}

    def add(self, draft: AddressDraft) -> None:
        """Add the places of one address."""
        for key, slot, counting in draft.counted:
            slots = self.doors.setdefault(key, {})
            doors = slots.get(slot)
            if doors is None:
                doors = slots[slot] = Doors()
            doors.add(counting.door, draft.point)
            known = self.names.setdefault(key, counting.name)
            if counting.name < known:
                self.names[key] = counting.name

    def counties(self) -> list[str]:
        """The counties of the list, sorted."""
        return sorted({county for county, _, _ in self.doors})

    def of_county(self, county: str) -> Iterator[tuple[PlaceKey, dict[Slot, Doors]]]:
        """The names of one county with their doors, sorted."""
        for key in sorted(key for key in self.doors if key[0] == county):
            yield key, self.doors[key]


@dataclass
class PlaceIndex:
    """The judged places of a list; ``current`` are present names of places, by id."""

    judged: dict[PlaceKey, dict[Slot, Judgement]] = field(default_factory=dict)
    candidates: dict[PlaceKey, list[Place]] = field(default_factory=dict)
    current: dict[int, tuple[PlaceKind, str]] = field(default_factory=dict)
    ids: dict[int, int] = field(default_factory=dict)
    """Ids of newly registered places, by their reference."""
    last_ref: int = 0

    def next_ref(self) -> int:
        """A negative reference for a place that has no id yet."""
        self.last_ref -= 1
        return self.last_ref

    def assign(self, draft: AddressDraft) -> AddressDraft | PlaceQuestion:
        """Give an address its places with their present names, or return the open question."""
        found: list[int] = []
        for key, slot, counting in draft.counted:
            place = self._find_place(draft, key, slot, counting)
            if isinstance(place, PlaceQuestion):
                return place
            found.append(place)
        if not found:
            return draft
        second = found[1] if len(found) > 1 else None
        placed = draft.with_places(found[0], second)
        return with_place_names(placed, self.current)

    def list_notes(self) -> list[str]:
        """The reasons why names were taken as registered places, sorted."""
        joined = (
            one.reason
            for slots in self.judged.values()
            for one in slots.values()
            if one.outcome is Outcome.JOINED
        )
        return sorted(set(joined))

    def _find_place(
        self, draft: AddressDraft, key: PlaceKey, slot: Slot, counting: Counting
    ) -> int | PlaceQuestion:
        judgement = self.judged[key][slot]
        if judgement.outcome is Outcome.UNCLEAR:
            # the namesake with a door within 5 km of the point, if there is exactly one
            near = [
                place.ref
                for place in self.candidates.get(key, ())
                if (not slot[1] or any(slot[1] == one.code for one in place.townships))
                and draft.point is not None
                and place.doors is not None
                and place.doors.is_near(draft.point)
            ]
            if len(near) == 1:
                return self.ids.get(near[0], near[0])
        elif judgement.outcome is not Outcome.WAITING:
            return self.ids.get(judgement.ref, judgement.ref)
        return PlaceQuestion(
            county=draft.county,
            place_id=self.ids.get(judgement.ref, judgement.ref),
            kind=counting.kind,
            name=counting.name,
            folded=counting.folded,
            township=slot[1],
            qualifier=slot[2],
            reason=judgement.reason,
            waits=judgement.outcome is Outcome.WAITING,
        )


def wanted_of(slots: dict[Slot, Doors], townships: dict[str, str]) -> list[WantedPlace]:
    """The slots of one name in the form to be judged; ``townships`` are names by code."""
    return [
        WantedPlace(kind, Township(code, townships.get(code, "")), qualifier, doors)
        for (kind, code, qualifier), doors in slots.items()
    ]

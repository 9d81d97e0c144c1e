"""Namesakes: decides which places of a county the doors of a list belong to.

The rules, for places of one name and class in one county: if a 镇 or 乡 is involved, there are two
places. If only 街道 are, there is one place unless the same door exists in two of them or the
points lie over 5 km apart: then a person is asked. Through roads (国道 省道 县道 公路) follow the
rule of 街道 everywhere. Settlements are distinguished by township and community. A township that no
division list knows may be a former name of another: a person is asked too. Existing places are
never split or merged, and while a question is open later lists wait for the same answer.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from address_model.doors import Doors
from address_model.places import SETTLEMENTS, PlaceKind

_THROUGH = re.compile(r"(国道|省道|县道|公路|高速)$|^[GSX]\d+")


def is_urban(township: str) -> bool:
    """Whether a township, by its name, is a 街道, which shares its streets with the town."""
    return township.endswith("街道")


def is_township_name(name: str) -> bool:
    """Whether a name is that of a township (街道 镇 乡), not of a village or community."""
    return name.endswith(("街道", "镇", "乡"))


@dataclass(frozen=True, slots=True)
class Township:
    """A township by code (12 digits) and name; both are empty for a list that names none.

    A township unknown to every division list has its name as code: it may be former, or an error.
    """

    code: str = ""
    name: str = ""

    @property
    def is_listed(self) -> bool:
        """Whether a division list knows it."""
        return self.code.isdigit()


@dataclass
class Place:
    """A place of the name in the county, registered or new; ``ref`` is its key or a new number."""

    ref: int
    kind: PlaceKind
    townships: list[Township]
    qualifier: str = ""
    doors: Doors | None = None
    """None for doors that have not been read yet."""
    asked: dict[tuple[PlaceKind, str, str], str] = field(default_factory=dict)
    """The reasons of the open questions whether a listed name is this place."""


@dataclass(frozen=True, slots=True)
class WantedPlace:
    """The doors that a list names in one township under one name."""

    kind: PlaceKind
    township: Township
    qualifier: str
    doors: Doors


class Outcome(StrEnum):
    """The decision about a township's doors."""

    HELD = "held"
    """They belong to a place that already lies there."""
    JOINED = "joined"
    """An existing place now lies in this township too, which is reported."""
    NEW = "new"
    WAITING = "waiting"
    """A person must decide whether it is the place ``ref`` or another."""
    UNCLEAR = "unclear"
    """Several places have the name and the list does not say which; its points may."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome for one ``WantedPlace``; ``ref`` is the place, or the one a question is about."""

    outcome: Outcome
    ref: int
    reason: str = ""


def judge_name(
    name: str,
    places: list[Place],
    wanted: Iterable[WantedPlace],
    read_doors: Callable[[int], Doors],
    next_ref: Callable[[], int],
) -> dict[tuple[PlaceKind, str, str], Judgement]:
    """Judge all townships in which a list names doors along ``name``, by the rules above.

    The result, by kind, township's code and qualifier, does not depend on the order of the list.
    ``places`` are the registered ones and are updated: new ones are appended. ``read_doors``
    returns the doors of a registered place and is called only where a rule needs them.
    """
    group = _Group(name, places, read_doors, next_ref)
    ordered = sorted(wanted, key=_by_certainty)
    found: dict[tuple[PlaceKind, str, str], Judgement] = {}
    for one in ordered:
        judgement = group.judge(one)
        found[one.kind, one.township.code, one.qualifier] = judgement
        if judgement.outcome in (Outcome.HELD, Outcome.JOINED, Outcome.NEW):
            group.extend(judgement.ref, one.doors)
    return found


def _by_certainty(one: WantedPlace) -> tuple[bool, str, bool, str, str]:
    """Sort key: townships by code, more specific entries first."""
    code = one.township.code
    return (not code, code, not one.qualifier, one.qualifier, one.kind)


@dataclass
class _Group:
    """The places of one name and class in a county while a list is judged."""

    name: str
    places: list[Place]
    read_doors: Callable[[int], Doors]
    next_ref: Callable[[], int]

    def judge(self, one: WantedPlace) -> Judgement:
        """The outcome of one township."""
        if one.township.code:
            here = [place for place in self.places if one.township in place.townships]
            question = None if here else self._find_question(one)
            if question is not None:
                return question
            if one.kind in SETTLEMENTS:
                return self._judge_settlement(one, here)
        else:
            named = ("", one.qualifier)
            here = [p for p in self.places if not one.qualifier or p.qualifier in named]
        if len(here) == 1:
            return Judgement(Outcome.HELD, here[0].ref)
        if here:
            return Judgement(Outcome.UNCLEAR, 0, _SEVERAL)
        return self._judge_elsewhere(one) if one.township.code else self._make(one)

    def extend(self, ref: int, doors: Doors) -> None:
        """Add doors to a place, for the townships judged after it."""
        place = next(place for place in self.places if place.ref == ref)
        if place.doors is not None:
            place.doors.merge(doors)

    def _find_question(self, one: WantedPlace) -> Judgement | None:
        """The question already open, or raised because the township is unknown."""
        asked = one.kind, one.township.code, one.qualifier
        for place in self.places:
            if asked in place.asked:
                return Judgement(Outcome.WAITING, place.ref, place.asked[asked])
        # A place may be this one if either of their townships is unlisted.
        for place in self.places:
            is_unlisted = any(t.code and not t.is_listed for t in place.townships)
            if is_unlisted or not one.township.is_listed:
                return Judgement(Outcome.WAITING, place.ref, _UNLISTED)
        return None

    def _judge_settlement(self, one: WantedPlace, here: list[Place]) -> Judgement:
        """Within a township natural villages are distinguished by community."""
        same = [place for place in here if _is_same_settlement(one, place, self.name)]
        if len(same) > 1:
            exact = [p for p in same if (p.kind, p.qualifier) == (one.kind, one.qualifier)]
            same = exact if len(exact) == 1 else same
        if len(same) > 1:
            return Judgement(Outcome.UNCLEAR, 0, _WHICH_COMMUNITY)
        for place in same:
            if one.qualifier and not place.qualifier and place.kind is PlaceKind.VILLAGE:
                place.qualifier = one.qualifier
                return Judgement(Outcome.JOINED, place.ref, f"{self.name}在{one.qualifier}村")
            return Judgement(Outcome.HELD, place.ref)
        return self._adopt(one) or self._make(one)

    def _judge_elsewhere(self, one: WantedPlace) -> Judgement:
        """A street or estate whose name exists in other townships of the county only."""
        if not (self._runs_through or is_urban(one.township.name)):
            return self._adopt(one) or self._make(one)
        # Those in 街道 only, which may extend to another 街道; a through road always may.
        rivals = [
            place
            for place in self.places
            if self._runs_through or all(t.code and is_urban(t.name) for t in place.townships)
        ]
        if not rivals:
            return self._adopt(one) or self._make(one)
        if len(rivals) > 1:
            return Judgement(Outcome.WAITING, rivals[0].ref, _SEVERAL)
        (rival,) = rivals
        rival.doors = doors = rival.doors or self.read_doors(rival.ref)
        if doors.keys & one.doors.keys:
            return Judgement(Outcome.WAITING, rival.ref, "两个街道有相同的门牌号")
        if doors.is_far(one.doors):
            return Judgement(Outcome.WAITING, rival.ref, "两处相距超过 5 公里")
        rival.townships.append(one.township)
        return Judgement(Outcome.JOINED, rival.ref, f"与相邻街道的{self.name}视为同一条")

    def _adopt(self, one: WantedPlace) -> Judgement | None:
        """Assign a place without township: a 街道 takes it over, a 镇 or 乡 raises a question."""
        loose = [place for place in self.places if Township() in place.townships]
        if not loose:
            return None
        (place, *others) = loose
        is_town = is_urban(one.township.name) or self._runs_through
        if others or len(self.places) > 1 or not is_town:
            return Judgement(Outcome.WAITING, place.ref, "原有的同名地名未注明乡镇街道")
        place.townships[:] = [one.township]
        return Judgement(Outcome.JOINED, place.ref, f"原有的{self.name}归入{one.township.name}")

    def _make(self, one: WantedPlace) -> Judgement:
        ref = self.next_ref()
        self.places.append(Place(ref, one.kind, [one.township], one.qualifier, Doors()))
        return Judgement(Outcome.NEW, ref)

    @property
    def _runs_through(self) -> bool:
        return bool(_THROUGH.search(self.name))


_UNLISTED = "乡镇街道不在区划名单中，可能是旧称，无法判断是否同一处"
_SEVERAL = "本县有多处同名地名，请写明乡镇街道"
_WHICH_COMMUNITY = "本乡镇有多个同名自然村，请写明所在的村(社区)"


def _is_same_settlement(one: WantedPlace, place: Place, name: str) -> bool:
    """Whether a village or community may be the place: people confuse 河阳 and 河阳村."""
    pairs = ((one.kind, one.qualifier), (place.kind, place.qualifier))
    villages = [qualifier for kind, qualifier in pairs if kind is PlaceKind.VILLAGE]
    if len(villages) == 2:
        return not all(villages) or villages[0] == villages[1]
    return all(qualifier in ("", name) for qualifier in villages)

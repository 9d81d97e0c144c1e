"""Where each named piece goes, and which of them the number counts along.

A number counts along the thoroughfare, estate or village named last before it. What is named
before that one stays in the text: a zone and a village at their own levels, everything else,
above all a road, as ``parent_place``. Buildings behind a road and an estate count along the
estate, whose gate the road is; behind a number an estate is what stands at that gate.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from address_model.elements import Elements, Numbered
from address_model.parsing.draft import INNER, Claim, Draft
from address_model.places import fold_village, is_generic

NAMES = frozenset(
    {"devzone", "thoroughfare", "lane", "natural_village", "group", "estate", "community"}
)
_FIELDS = {level: at for at, level in enumerate(Elements._fields)}
_LANES, _PARENT, _ESTATE = _FIELDS["lanes"], _FIELDS["parent_place"], _FIELDS["estate"]
_COMMUNITY, _VILLAGE = _FIELDS["community"], _FIELDS["natural_village"]
_DIVISIONS = ("province", "city", "county", "township")
_COUNTING = frozenset({"thoroughfare", "estate", "natural_village", "community", "devzone"})
_PART_LANE = re.compile(
    r"(?:第?[东南西北中]?[一二三四五六七八九十]+|[东南西北中前后上下横直])"
    r"(?:巷|弄|街|支?路|横路|横街|支弄|支巷)"
)
"""A lane or street that is known only with its road: 六巷 and 东一巷, not 打铁巷."""

_CONTEXT = {
    "thoroughfare": ("devzone", "natural_village", "group"),
    "estate": ("devzone", "natural_village", "group"),
    "natural_village": ("devzone",),
    "": ("devzone", "natural_village", "group"),
}
"""The levels that stand at their own place before what counts, by its level, in their order."""

_new = tuple.__new__
"""Makes a named tuple of its values in order, in half the time of a call."""


@dataclass(slots=True)
class Piece:
    """One named piece of a text: its level, its name, and the lanes behind it."""

    level: str
    name: str
    value: Numbered | None = None
    lanes: list[Numbered] = field(default_factory=list)

    @property
    def whole(self) -> str:
        """Its name with its lanes."""
        if self.value is not None:
            return str(self.value)
        return self.name + "".join(map(str, self.lanes))


def place_pieces(draft: Draft, known: Elements) -> Elements:
    """Return the elements of a draft, whose claims are in order, under the known divisions."""
    values: list[Any] = list(known)
    text = draft.text
    front: list[Piece] = []
    behind: list[Piece] = []
    first, zone_end, township_start = "", len(text), -1
    for claim in draft.claims:
        level = claim.level
        if level in INNER:
            first = first or level
            at = _FIELDS[level]
            values[at] = values[at] or claim.value
        elif level in NAMES:
            zone_end = min(zone_end, claim.end)
            _add(behind if first else front, claim, name_of(text, claim))
        elif level == "thing":
            values[_FIELDS[level]] = claim.value
        elif level in _DIVISIONS:
            township_start = claim.start
            at = _FIELDS[level]
            values[at] = values[at] or text[claim.start : claim.end]
    if front:
        is_below_zone = front[0].level == "devzone" and zone_end <= township_start
        _place_front(values, front, is_door=first == "number", is_below_zone=is_below_zone)
    if len(behind) == 1 and first == "number" and not values[_ESTATE]:
        (name,) = behind  # what stands at the gate whose number was read
        if name.level in ("estate", "devzone") and not name.lanes:
            values[_ESTATE] = name.name
    return _new(Elements, values)


def name_of(text: str, claim: Claim) -> str:
    """The name that a claim reads; the dot in it is a middle one (绿城·桃花源)."""
    name = text[claim.start : claim.end]
    return name.replace(".", "·") if claim.level == "estate" else name


def _add(pieces: list[Piece], claim: Claim, name: str) -> None:
    """Add a piece; a lane belongs to what stands before it, and a part joins its whole."""
    last, level = pieces[-1] if pieces else None, claim.level
    if level == "lane" and claim.value is not None:
        if last is None or last.level not in _COUNTING:
            last = Piece("lane", "")
            pieces.append(last)
        last.lanes.append(claim.value)
        return
    if last is not None and not last.lanes:  # two names may be one: 红旗路六巷, 盛德国际广场
        if level == "thoroughfare":
            is_part = last.level == level and bool(_PART_LANE.fullmatch(name))
        elif level == "estate":
            is_open = last.level == "natural_village" and not last.name.endswith(("村", "组"))
            is_part = last.level == level or (is_open and is_generic(name))
        else:
            is_rest = level == "natural_village" and not name.endswith("村")
            is_part = is_rest and last.level == "estate"
        if is_part:
            last.level = "thoroughfare" if level == "thoroughfare" else "estate"
            last.name += name
            return
    pieces.append(Piece(level, name, claim.value))


def _place_front(
    values: list[Any], pieces: list[Piece], *, is_door: bool, is_below_zone: bool
) -> None:
    """Place what is named before the first number.

    ``is_below_zone``: a zone stands before the township, which the text puts back in its place.
    """
    end = len(pieces)
    while end and pieces[end - 1].level not in _COUNTING:
        end -= 1
    context, attached = pieces[: end - 1], pieces[end:] if end else pieces
    counts = ""
    if end:
        counted = pieces[end - 1]
        if counted.level == "estate" and is_door and context and is_generic(counted.name):
            whole = context.pop()
            values[_COMMUNITY] = known_above(values[_COMMUNITY], whole.name)
            counted = Piece("estate", whole.whole + counted.name, None, counted.lanes)
        counts = counted.level
        if counts == "community" and context:
            counts = "natural_village"
            values[_COMMUNITY] = known_above(values[_COMMUNITY], counted.name)
        at = _FIELDS[counts]
        values[at] = values[at] or counted.name
        values[_LANES] = tuple(counted.lanes)
        is_gated = counts == "estate" and not is_door and context and not counted.lanes
        if is_gated and context[-1].level == "thoroughfare":
            # The road before an estate whose buildings follow is its gate.
            gate = context.pop()
            values[_FIELDS["thoroughfare"]] = gate.name
            values[_LANES] = tuple(gate.lanes)
    _place_context(values, context, counts, is_below_zone=is_below_zone)
    for piece in attached:
        if piece.level == "group":
            at = _FIELDS["group"]
            values[at] = values[at] or piece.value
        else:
            values[_LANES] = values[_LANES] or tuple(piece.lanes)


def known_above(community: str, name: str) -> str:
    """The community that a text has above a village; none when it is that village itself."""
    return "" if fold_village(community) == fold_village(name) else community


def _place_context(
    values: list[Any], pieces: list[Piece], counts: str, *, is_below_zone: bool
) -> None:
    """Place what is named before the place that counts: at its level in order, else as parent."""
    at = 1 if is_below_zone else 0
    if len(pieces) > at and pieces[at].level == "community":
        community = pieces.pop(at).name
        values[_COMMUNITY] = values[_COMMUNITY] or community
    levels = list(_CONTEXT.get(counts, ()))
    while pieces:
        piece = pieces[0]
        level = "natural_village" if piece.level == "community" else piece.level
        if piece.level == "community":
            values[_COMMUNITY] = known_above(values[_COMMUNITY], piece.name)
        if level not in levels or piece.lanes:
            break
        del levels[: levels.index(level) + 1]
        at = _FIELDS[level]
        values[at] = values[at] or piece.value or piece.name
        pieces.pop(0)
    values[_PARENT] = "".join(
        [(piece.value and str(piece.value)) or piece.whole for piece in pieces]
    )

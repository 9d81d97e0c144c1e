"""What the numbers of a chain count, by what stands before them and by their company.

As the table ``PLANS`` says: ``3-201`` behind an estate is building and room, ``47-6-746``
building, unit and room, ``2-501`` behind a building unit and room. Where the kind of place leaves
it open (北10-8号, 226-1号) the chain is one element and stays as it is written.
"""

import re

from address_model.parsing.draft import INNER, MARKS, Draft, marks
from address_model.parsing.rules.plates import RANGE
from address_model.parsing.rules.tail_atoms import BUILDINGS, FLOORS, ROOMS, UNITS, Atom

LEVEL_OF = {
    **dict.fromkeys(BUILDINGS, "building"),
    **dict.fromkeys(UNITS, "unit"),
    **dict.fromkeys(FLOORS, "floor"),
    **dict.fromkeys(ROOMS, "room"),
    "号": "号", "#": "号", "": "",
}  # fmt: skip
PLANS: dict[str, dict[str, str]] = {
    "street": {
        "1": "number", "1号": "number",
        "2": "=number", "2long": "number room", "2号": "=number", "2room": "number room",
        "2unit": "number unit", "2floor": "number floor",
        "3": "number building room", "3号": "=number", "4号": "=number",
        "3floor": "number building floor",
        "4": "number building unit room",
    },
    "estate": {
        "1": "building", "1long": "room", "1号": "number", "1market号": "room",
        "2": "building room", "2unit": "building unit", "2floor": "building floor",
        "2号": "=number", "3": "building unit room", "3floor": "building unit floor",
        "4": "building unit floor room",
    },
    "number": {
        "1": "room", "1号": "building",
        "2": "=room", "2long": "building room", "2号": "=room", "2room": "building room",
        "2unit": "building unit", "2floor": "=floor",
        "3": "building unit room", "3floor": "building unit floor", "4": "building unit floor room",
    },
    "building": {
        "1": "room", "1号": "unit", "1market号": "room",
        "2": "unit room", "2号": "=room", "2floor": "=floor", "2unit": "=unit",
        "3": "unit floor room",
    },
    "inside": {"1": "room", "2": "=room", "2floor": "=floor", "3": "=room"},
}  # fmt: skip
"""What the numbers of a chain are, by context and by count, last quantifier and length.

``=`` takes the chain as one element. ``long``: the last number has three digits or more;
``market``: a place of many doors under one roof, where 号 counts stalls.
"""
_CONTEXT = {
    **dict.fromkeys(("estate", "organisation", "devzone"), "estate"),
    "number": "number", "building": "building",
    **dict.fromkeys(("unit", "floor", "room"), "inside"),
}  # fmt: skip
_MARKET = re.compile(
    r"(?:市场|商城|商贸城|大厦|大楼|广场|[A-Za-z]区|中心|超市|酒店|商厦|鞋都|[东西北南][门区]"
    r"|[一-龥]城)$"
)


def level_before(draft: Draft, place: int) -> str:
    """The level of the element before a place; ``open`` for unread text, nothing at the front."""
    last = draft.open[place - 1 : place]
    if last in _PASSED:
        last = draft.open[:place].rstrip(_PASSED)[-1:]
    if not last:
        return ""
    if last in "、,;/":  # a further member of what stands before it
        return draft.inner_before(place) or "open"
    return LEVEL_OF_MARK.get(last, "open")


LEVEL_OF_MARK = {mark: level for level, mark in MARKS.items()}
_PASSED = "-.:/ )(" + marks("other", "locator", "alias")


def rises_in(chain: list[Atom]) -> bool:
    """Two counts of which the second is somewhat higher: 1-4幢, 19-20层, G4-G5幢."""
    first, last = chain[0].code, chain[-1].code.removeprefix(chain[0].code.rstrip("0123456789"))
    digits = first.lstrip(_LATIN)
    return digits.isdigit() and last.isdigit() and 0 < int(last) - int(digits) <= RANGE


def is_series(chain: list[Atom]) -> bool:
    """Two room numbers of one length, the second somewhat higher: 401-404, B021-023."""
    first, last = (re.sub("[A-Za-z]", "", atom.code) for atom in chain)
    if len(first) < 3 or len(first) != len(last) or not (first + last).isdigit():
        return False
    return 0 < int(last) - int(first) <= 60


def plan_of(draft: Draft, chain: list[Atom], rest: list[Atom], kind: str) -> str:
    """Return the levels of a chain's numbers, or ``=`` and the level of the whole chain.

    ``rest`` is what stands close behind it, ``kind`` the level of its last quantifier (``号`` and
    nothing leave it open).
    """
    before = level_before(draft, chain[0].start)
    if before in INNER and draft.open[chain[0].start - 1] in "、,;/" and kind in ("", "号"):
        if not kind or before in ("number", "room"):
            return before if len(chain) == 1 else f"={before}"
        before = "thoroughfare"
    # The row of the table that holds behind an element of that level.
    count = len(chain)
    if before == "open":
        before = "estate" if count > 1 or draft.has("number", "building") else "natural_village"
    context = _CONTEXT.get(before, "street")
    if context in ("estate", "street") and before != "thoroughfare" and draft.has("unit", "floor"):
        context = "inside"
    if count >= 3 and before in ("community", "natural_village"):
        context = "estate"
    if count == 1:
        return _plan_of_one(draft, chain[0], rest, context, kind)
    told = _plan_of_whole(chain, context, kind)
    if told:
        return told
    table = PLANS[context]
    key = str(min(count, 4))
    usual = table.get(key, "=room")
    if kind:
        return table.get(key + kind, usual)
    return table.get(f"{key}long", usual) if _digits(chain[-1]) >= 3 else usual


def _plan_of_one(draft: Draft, atom: Atom, rest: list[Atom], context: str, kind: str) -> str:
    table = PLANS[context]
    if kind == "号":
        if "1market号" in table and _is_market(draft, atom, context, rest):
            return "room"
        if context == "estate" and draft.has("number"):
            return "building"  # 138号金茂大厦1号: the door is known
        return table.get("1号", "room")
    digits = _digits(atom)
    is_stall = digits > 1 and atom.code[0].isalpha() and context == "estate"
    if digits >= 5 or (is_stall and _in_market(draft, atom)):
        return "room"  # E01 in a 中心 or a market is no building
    if rest and not rest[0].tied and context in ("estate", "number", "street"):
        return "number" if context == "street" else "building"
    return table.get("1long", table["1"]) if digits >= 3 else table["1"]


def _plan_of_whole(chain: list[Atom], context: str, kind: str) -> str:
    """The plan of two or more numbers that are one element or a range, or nothing."""
    first, last = chain[0], chain[-1]
    is_on_road = context == "street"
    if last.code.isalpha():  # 602-J室, 15-B座, on a road 122-C号
        usual = "=number" if is_on_road else "=room"
        return usual if kind in ("", "号") else f"={kind}"
    if len(chain) > 2:
        return ""
    if is_series(chain) and kind in ("", "号", "room") and not (is_on_road and kind):
        return "=number" if is_on_road else "=room"  # 401-404 are rooms, on a road plates
    are_counts = first.code.isdigit() and last.code.isdigit() and context == "estate"
    if kind == "号" and are_counts and 0 < int(last.code) - int(first.code) <= 4:
        return "=number"  # 11-12号 is a range wherever it stands
    is_short = context in ("number", "building") and len(last.code) < 3  # 42号8-9室
    is_counted = last.quantifier[:1] == "号" != last.quantifier  # 3-4号店面
    is_range = kind == "building" or (kind == "floor" and rises_in([first, last]))
    is_suffixed = context == "estate" and _digits(first) >= 3 > _digits(last)  # 704-2室
    is_room = kind == "room" and (is_short or is_counted)
    if is_range or is_room or (is_suffixed and kind in ("", "room")):
        return f"={kind or 'room'}"
    return ""


def is_open(draft: Draft, chain: list[Atom], plan: str) -> bool:
    """Whether the kind of place leaves open what the parts of a short form are.

    A village and a road do, for they have no buildings of their own: 石门村12-301.
    """
    if len(chain) < 2 or chain[-1].quantifier:
        return False
    before = level_before(draft, chain[0].start)
    return before in ("community", "natural_village") or plan == "number building room"


def _digits(atom: Atom) -> int:
    return sum(map(str.isdigit, atom.code))


def _is_market(draft: Draft, atom: Atom, context: str, rest: list[Atom]) -> bool:
    if rest or draft.open[atom.end : atom.end + 1] == MARKS["room"]:
        return False
    if context == "building":
        return (
            draft.claims[-1].value is not None and draft.claims[-1].value.quantifier[-1] in "楼座"
        )
    return draft.has("number") or _in_market(draft, atom)


def _in_market(draft: Draft, atom: Atom) -> bool:
    return bool(_MARKET.search(draft.text[: atom.start]))


_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

"""The numbered tail: plate number, building, unit, floor and room, with or without words.

A quantifier tells the level: 3幢, 66#楼, A座 are buildings; 2单元, 91梯 units; 3楼, 地下一层
floors; 501室 a room. 号 and bare numbers are told by what stands before them and by their
company, as the table ``PLANS`` says: ``3-201`` behind an estate is building and room,
``47-6-746`` building, unit and room, ``2-501`` behind a building unit and room; 号 behind a
thoroughfare or village is the plate, behind 3幢 the doorway (unit), behind a floor or a 大厦 the
room.
"""

import re

from address_model.elements import Numbered
from address_model.normalising import read_numeral
from address_model.parsing.draft import MARKS, Draft, marks
from address_model.parsing.rules.plates import LIST, read_clause
from address_model.parsing.rules.tail_atoms import BUILDINGS, FLOORS, ROOMS, UNITS, Atom, find_runs

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
        "3": "number building room", "3floor": "number building floor",
        "4": "number building unit room",
    },
    "estate": {
        "1": "building", "1long": "room", "1号": "number", "1market号": "room",
        "2": "building room", "2unit": "building unit", "2floor": "building floor",
        "3": "building unit room", "3floor": "building unit floor",
        "4": "building unit floor room",
    },
    "number": {
        "1": "room", "1号": "building",
        "2": "=room", "2long": "building room", "2号": "building room", "2room": "building room",
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
_BELOW = re.compile(
    r"(?:地下|负)第?([0-9一二三]+)(楼|层)|地下[室层]|(?<![A-Za-z0-9])[Bb-]([0-9])(楼|层)"
)
_MARKET = re.compile(
    r"(?:市场|商城|商贸城|大厦|大楼|广场|[A-Za-z]区|中心|超市|酒店|商厦|鞋都|[东西北南][门区]"
    r"|[一-龥]城)$"
)


def read_tails(draft: Draft) -> None:
    """Claim every number and say what it counts."""
    text = draft.open
    if not (_BELOW_SIGNS.isdisjoint(draft.signs) or _STOREYS.isdisjoint(draft.signs)):
        for match in _BELOW.finditer(text):
            digits = match.group(1) or match.group(3) or "1"
            draft.claim("floor", *match.span(), Numbered(f"-{digits}", "层"))
    if not _LIST_SIGNS.isdisjoint(draft.signs) or "号-" in text:
        for match in LIST.finditer(draft.open):
            _claim_list(draft, match)
    if not _CODE_SIGNS.isdisjoint(draft.signs):
        for run in find_runs(draft.open):
            _read_run(draft, run)


_CODE_SIGNS = frozenset(
    "0123456789甲乙丙丁戊东西南北ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)
_BELOW_SIGNS = frozenset("下负Bb-")
_STOREYS = frozenset("楼层室")
_LIST_SIGNS = frozenset("、,./;和及至到之附#")


def _claim_list(draft: Draft, match: re.Match[str]) -> None:
    quantifier = match.group("closer")
    numbers, reason = read_clause(match.group(), quantifier.replace("#", "号")[-1])
    level = {"室": "room", "幢": "building", "栋": "building"}.get(quantifier, "number")
    if level == "number" and level_before(draft, match.start()) in _INSIDE:
        level = "room"
    draft.claim(level, *match.span(), numbers[0])
    if len(numbers) > 1:
        draft.lists.append((level, numbers))
        draft.reasons.append(reason)


_INSIDE = ("building", "unit", "floor")


def level_before(draft: Draft, place: int) -> str:
    """The level of the element before a place; ``open`` for unread text, nothing at the front."""
    last = draft.open[place - 1 : place]
    if last in _PASSED:
        last = draft.open[:place].rstrip(_PASSED)[-1:]
    if not last:
        return ""
    if last in "、,;" and draft.has("number"):
        return "thoroughfare"
    return _LEVEL_OF_MARK.get(last, "open")


_LEVEL_OF_MARK = {mark: level for level, mark in MARKS.items()}
_PASSED = "-.:/ )(" + marks("other", "locator", "alias")


def _read_run(draft: Draft, atoms: list[Atom]) -> None:
    """Cut a run into chains (3-2-501) and claim them one after the other."""
    start = 0
    while start < len(atoms):
        stop = start + 1
        while stop < len(atoms) and atoms[stop].tied and not atoms[stop - 1].quantifier:
            stop += 1
        _claim_chain(draft, atoms[start:stop], atoms[stop:])
        start = stop


def _claim_chain(draft: Draft, chain: list[Atom], rest: list[Atom]) -> None:
    last = chain[-1]
    kind = LEVEL_OF[last.quantifier]
    if len(chain) == 1 and kind not in ("", "号"):
        plan = "building" if kind == "floor" and last.code.isalpha() else kind
    else:
        plan = _plan(draft, chain, rest, kind)
    if plan.startswith("="):
        _claim_whole(draft, chain, plan[1:])
        return
    for atom, level in zip(chain, plan.split(), strict=False):
        value = _numbered(atom, level, atom.code, atom)
        if level == "number" and draft.lists and draft.lists[-1][0] == "number":
            draft.lists.append(("number", [value]))
        draft.claim(level, atom.start, atom.end, value)


def _claim_whole(draft: Draft, chain: list[Atom], level: str) -> None:
    """Claim a chain as one element: 12-1号, or a range of plates or rooms (401-404)."""
    first, last = chain[0], chain[-1]
    if level in ("number", "room") and len(chain) == 2 and (level == "number" or _is_series(chain)):
        clause = draft.text[first.start : last.end].replace(" ", "")
        usual = "号" if level == "number" else "室"
        values, reason = read_clause(clause, last.quantifier or usual)
        if values:  # AB-CD号 has no digits, and is one number whose parts are letters
            draft.claim(level, first.start, last.end, values[0])
            if len(values) > 1:
                draft.lists.append((level, values))
                draft.reasons.append(reason)
            return
    start = first.start + len(first.prefix)
    code = draft.text[start : last.end - len(last.quantifier)].replace(" ", "")
    draft.claim(level, first.start, last.end, _numbered(first, level, code, last))


def _is_series(chain: list[Atom]) -> bool:
    """Two room numbers of one length, the second somewhat higher: 401-404, B021-023."""
    first, last = (re.sub("[A-Za-z]", "", atom.code) for atom in chain)
    if len(first) < 3 or len(first) != len(last) or not (first + last).isdigit():
        return False
    return 0 < int(last) - int(first) <= 60


def _plan(draft: Draft, chain: list[Atom], rest: list[Atom], kind: str) -> str:
    before = level_before(draft, chain[0].start)
    count = len(chain)
    if before == "open":
        before = "estate" if count > 1 or draft.has("number", "building") else "natural_village"
    context = _CONTEXT.get(before, "street")
    if context in ("estate", "street") and before != "thoroughfare" and draft.has("unit", "floor"):
        context = "inside"
    if count >= 3 and before in ("community", "natural_village"):
        context = "estate"
    series = _series_plan(chain, context, kind) if count == 2 else ""
    if series:
        return series
    table = PLANS[context]
    key = str(min(count, 4))
    usual = table.get(key, "=room")
    market = table.get(f"{key}market号") if kind == "号" else None
    if market and _is_market(draft, chain[0], context, rest):
        return market
    if kind:
        return table.get(key + kind, usual)
    digits = sum(map(str.isdigit, chain[-1].code))
    if count == 1 and digits >= 5:
        return "room"
    if count == 1 and rest and not rest[0].tied and context in ("estate", "number", "street"):
        return "number" if context == "street" else "building"
    return table.get(f"{key}long", usual) if digits >= 3 else usual


def _series_plan(chain: list[Atom], context: str, kind: str) -> str:
    """The plan of a range, or nothing: 401-404 are rooms, 11-12号 plates wherever they stand."""
    if kind in ("", "号", "room") and context != "street" and _is_series(chain):
        return "=room"
    if kind == "号" and context == "estate" and _are_neighbours(chain):
        return "=number"
    if kind == "room" and context == "building" and len(chain[1].code) < 3:
        return "=room"
    return ""


def _are_neighbours(chain: list[Atom]) -> bool:
    """Two numbers that follow each other closely: 11-12号 is a range wherever it stands."""
    first, last = chain[0].code, chain[1].code
    return first.isdigit() and last.isdigit() and 0 < int(last) - int(first) <= 4


def _is_market(draft: Draft, atom: Atom, context: str, rest: list[Atom]) -> bool:
    if rest:
        return False
    if context == "building":
        return (
            draft.claims[-1].value is not None and draft.claims[-1].value.quantifier[-1] in "楼座"
        )
    return draft.has("number") or bool(_MARKET.search(draft.text[: atom.start]))


_MISWRITTEN = {"懂": "幢", "撞": "幢", "号搂": "号楼", "市": "室", "F": "层", "f": "层"}
_USUAL = {"number": "号", "building": "幢", "unit": "单元", "floor": "层", "room": "室"}


def _numbered(atom: Atom, level: str, code: str, last: Atom) -> Numbered:
    """The value of an atom, with the quantifier that its level takes when it has none."""
    quantifier = _MISWRITTEN.get(last.quantifier, last.quantifier)
    code = code if code.isascii() else read_numeral(code) or code
    number, suffix = _parted(code) if level == "number" else (code, "")
    return Numbered(number, quantifier or _USUAL[level], atom.prefix, suffix)


def _parted(code: str) -> tuple[str, str]:
    """A plate number and its suffix: 47-1, 12甲, 12A, 12-3甲."""
    if code.isdigit():
        return code, ""
    number, _, suffix = code.partition("-")
    letter = number[-1:]
    if len(number) > 1 and not letter.isdigit():
        number, suffix = number[:-1], letter + suffix
    return number, suffix

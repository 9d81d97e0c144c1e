"""The numbered tail: plate number, building, unit, floor and room, with or without words.

A quantifier tells the level: 3幢, 66#楼, A座 are buildings; 2单元, 91梯 units; 3楼, 地下一层
floors; 501室 a room. 号 and bare numbers are told by what stands before them and by their
company, as ``plans`` says; 号 behind a thoroughfare or village is the plate, behind 3幢 the doorway
(unit), behind a floor or a 大厦 the room.
"""

import re
from itertools import pairwise

from address_model.elements import Numbered
from address_model.normal_form import read_numeral
from address_model.parsing.draft import INNER, Draft
from address_model.parsing.rules.plans import (
    LEVEL_OF,
    LEVEL_OF_MARK,
    is_open,
    is_series,
    level_before,
    plan_of,
    rises_in,
)
from address_model.parsing.rules.plates import LIST, read_clause
from address_model.parsing.rules.tail_atoms import Atom, find_runs
from address_model.plate_suffixes import ORDINALS

_BELOW = re.compile(
    r"(?:地下|负)第?([0-9一二三]+)(楼|层)|地下层|(?<![A-Za-z0-9楼层])[Bb-]([1-3])(楼|层)"
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
            closer = match["closer"] or match["kind"]
            level = LEVEL_OF.get(closer.replace("#号", "号"), "号")
            if level == "号":
                is_inside = bool(_BEHIND_INNER.search(draft.text, 0, match.start()))
                level = "room" if is_inside else "number"
            quantifier = _MISWRITTEN.get(closer, closer).replace("#号", "号")
            by_side = level == "number" and _is_roadside(draft, match.start())
            numbers = read_clause(match.group(), quantifier, by_side=by_side)
            draft.claim(level, *match.span(), numbers[0], numbers if len(numbers) > 1 else ())
    if not _CODE_SIGNS.isdisjoint(draft.signs):
        for run in find_runs(draft.open):
            _read_run(draft, run)


_CODE_SIGNS = frozenset(
    "0123456789甲乙丙丁戊东西南北ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)
_BELOW_SIGNS = frozenset("下负Bb-")
_STOREYS = frozenset("楼层室")
_LIST_SIGNS = frozenset("、,./;和及至到之附#")


def _is_roadside(draft: Draft, place: int) -> bool:
    """Whether even and odd numbers stand on two sides; an estate or a village counts on."""
    return level_before(draft, place) not in _COUNTING_ON and "连号" not in draft.text


_COUNTING_ON = frozenset(("estate", "devzone", "natural_village", "community"))
_BEHIND_INNER = re.compile(r"[0-9A-Za-z甲乙丙丁一-十](?:幢|栋|座|号楼|#楼|单元|楼|层|F)[ ,、(]*$")


def _read_run(draft: Draft, atoms: list[Atom]) -> None:
    """Cut a run into chains (3-2-501) and claim them one after the other."""
    first = atoms[0]
    before = draft.open[: first.start]
    is_alone = before[-1:] in _SIDES and before[-2:-1] in LEVEL_OF_MARK
    if is_alone and not first.prefix and first.code[:1].isascii():
        # A direction that stands alone before a number belongs to it: 人民路东15号, 南2楼.
        first = first._replace(start=first.start - 1, prefix=before[-1])
    atoms = _joined(draft, [first, *atoms[1:]])
    start = 0
    while start < len(atoms):
        stop = start + 1
        while stop < len(atoms) and atoms[stop].tied and not atoms[stop - 1].quantifier:
            stop += 1
        _claim_chain(draft, atoms[start:stop], atoms[stop:])
        start = stop


_SIDES = frozenset("东南西北中")


def _joined(draft: Draft, atoms: list[Atom]) -> list[Atom]:
    """Atoms that stand close are one code inside a building: 10A316, but 市场9B1161 is two."""
    close = [
        one.end == other.start and one.code[-1:].isalpha() and not one.quantifier
        for one, other in pairwise(atoms)
    ]
    if close and level_before(draft, atoms[0].start) not in INNER:
        close[0] = False
    found = atoms[:1]
    for is_close, atom in zip(close, atoms[1:], strict=True):
        last = found[-1]
        is_bare = atom.tied and not (atom.quantifier or atom.prefix) and len(atom.code) <= 2
        if is_bare and LEVEL_OF[last.quantifier] == "room":  # 705室-1 is 705-1室
            code = f"{last.code}-{atom.code}"
            found[-1] = last._replace(end=atom.end, code=code)
        elif is_close:
            found[-1] = atom._replace(
                start=last.start, prefix=last.prefix, code=last.code + atom.code, tied=last.tied
            )
        else:
            found.append(atom)
    return found


def _claim_chain(draft: Draft, chain: list[Atom], rest: list[Atom]) -> None:
    last = chain[-1]
    kind = LEVEL_OF[last.quantifier]
    if len(chain) == 1 and kind not in ("", "号"):
        plan = "building" if kind == "floor" and last.code.isalpha() else kind
        is_inside = level_before(draft, last.start) in ("unit", "floor")
        if plan == "building" and last.code.isalpha() and is_inside:
            plan = "room"  # 18层D座
    else:
        plan = plan_of(draft, chain, rest, kind)
    if last.quantifier == "号室" and not draft.has("number", "building"):
        draft.doubts.append(f"「{_text_of(draft, chain)}」是号还是室不明确")
    if plan.startswith("="):
        _claim_whole(draft, chain, plan[1:])
        return
    said = ""
    for atom, level in zip(chain, plan.split(), strict=False):
        value = _numbered(atom, level, atom.code, atom)
        draft.claim(level, atom.start, atom.end, value)
        said += str(value)
    if not all(atom.quantifier for atom in chain):
        _explain(draft, chain, said)
        if is_open(draft, chain, plan):
            draft.doubts.append(f"「{_text_of(draft, chain)}」各是幢、单元还是室不明确")
    if plan == "building unit" and rises_in(chain):
        draft.doubts.append(f"「{_text_of(draft, chain)}」可以是几个单元，也可以是幢和单元")


def _claim_whole(draft: Draft, chain: list[Atom], level: str) -> None:
    """Claim a chain as one element: 12-1号, or a range of plates or rooms (401-404)."""
    first, last = chain[0], chain[-1]
    is_counted = level != "room" or last.quantifier[:1] in ("号", "#")
    is_range = (
        len(chain) == 2
        and not last.code.isalpha()
        and (level == "number" or (rises_in(chain) if is_counted else is_series(chain)))
    )
    if is_range:
        clause = draft.text[first.start : last.end].replace(" ", "")
        quantifier = _MISWRITTEN.get(last.quantifier, last.quantifier) or _USUAL[level]
        by_side = level == "number" and _is_roadside(draft, first.start)
        values = read_clause(clause, quantifier, by_side=by_side)
        if first.prefix in _SIDES:
            values = [value._replace(prefix=first.prefix) for value in values]
        if values[0].number.endswith(first.code):  # K-9号 is one number of two parts
            draft.claim(level, first.start, last.end, values[0], values if values[1:] else ())
            if not last.quantifier:
                _explain(draft, chain, "、".join(map(str, values[:12])))
            return
    start = first.start + len(first.prefix)
    code = draft.text[start : last.end - len(last.quantifier)].replace(" ", "")
    code = re.sub("-+", "-", code.rstrip(")"))
    value = _numbered(first, level, code, last)
    draft.claim(level, first.start, last.end, value)
    if not last.quantifier:
        _explain(draft, chain, str(value))


def _text_of(draft: Draft, chain: list[Atom]) -> str:
    return draft.text[chain[0].start : chain[-1].end]


def _explain(draft: Draft, chain: list[Atom], said: str) -> None:
    """Say how a short form was read: its quantifiers come from the kind of its place."""
    draft.reasons.append(f"「{_text_of(draft, chain)}」读作{said}")


_MISWRITTEN = {
    "懂": "幢",
    "撞": "幢",
    "号搂": "号楼",
    "号室": "室",
    "#": "号",
    "#楼": "号楼",
    "市": "室",
    "F": "层",
    "f": "层",
}
_USUAL = {"number": "号", "building": "幢", "unit": "单元", "floor": "层", "room": "室"}


def _numbered(atom: Atom, level: str, code: str, last: Atom) -> Numbered:
    """The value of an atom, with the quantifier that its level takes when it has none."""
    quantifier = _MISWRITTEN.get(last.quantifier, last.quantifier)
    code = code if code.isascii() else read_numeral(code) or code
    number, suffix = code, ""
    if level == "number" and not code.isdigit():
        # A plate number and its suffix: 47-1, 12甲, 12A, 12-3甲; 122-A号 is 122A号.
        number, _, suffix = code.partition("-")
        letter, is_letter = number[-1:], suffix.isalpha() and len(suffix) == 1
        if len(number) > 1 and not letter.isdigit() and not is_letter:
            joint = "-" if suffix and letter in ORDINALS else ""
            number, suffix = number[:-1], f"{letter}{joint}{suffix}"
    return Numbered(number, quantifier or _USUAL[level], atom.prefix, suffix)

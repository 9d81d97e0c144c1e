"""Nothing is lost or altered in silence: what of a text its standard text does not hold.

After assembly every stretch of the text must stand in the standard text, in its order, or be on
the closed list of changes: divisions (completed, repeated, renamed), marks between levels, labels
and courtesies, numerals and quantifiers as they are folded, and asides with a full address (a
bracketed remark, an organisation or a direction behind its number). Anything else is a doubt that
names the stretch, and a doubt makes the verdict AMBIG.
"""

import re
from functools import lru_cache

from address_model.elements import Elements, Numbered, floor_text, local_text
from address_model.normal_form import read_numeral
from address_model.parsing.draft import INNER, MARKS, Claim, Draft
from address_model.parsing.placement import NAMES, name_of
from address_model.places import fold_village
from address_model.plate_suffixes import NUMERAL, ORDINALS

_DIVISIONS = frozenset({"province", "city", "county", "township"})
_ASIDES = frozenset({"locator", "organisation", "alias", "milepost"})
_MARKS = re.compile(r"[-,./;:()?、|*#!\"' ~&]*")
_JOINTS = frozenset({"和", "及", "与", "至", "到"})
_CODE = re.compile(rf"[A-Za-z0-9]+|[{ORDINALS}东西南北中上下]|(?:{NUMERAL})+")


def find_losses(draft: Draft, plate: Elements, further: frozenset[int]) -> list[str]:
    """Return a doubt for every stretch of a draft that a plate's standard text lacks or swaps.

    ``further`` are the beginnings of what a list names behind its first plate.
    """
    rendered = local_text(plate)
    pieces: list[tuple[Claim, str]] = []
    lost: list[str] = []
    has_door = False
    for claim in draft.claims:
        level = claim.level
        if level in _DIVISIONS:
            continue
        text = draft.text[claim.start : claim.end]
        if level in INNER:
            has_door = True
            value = claim.value
            said = floor_text(value) if level == "floor" else str(value)
            if text != said and not is_said(text, claim, is_further=claim.start in further):
                lost.append(text)
            elif claim.start not in further:
                pieces.append((claim, said))
        elif level == "thing":
            pieces.append((claim, str(claim.value)))
        elif level in NAMES:
            if level != "community" or not _is_community(draft, plate, claim):
                said = str(claim.value) if claim.value else name_of(draft.text, claim)
                pieces.append((claim, said))
        elif level in _ASIDES:
            if not has_door and level != "alias":
                lost.append(text)
        elif (
            claim.start not in draft.remarks
            and not (further and text in _JOINTS)
            and not _MARKS.fullmatch(text)
        ):
            lost.append(text)
    if rendered != "".join([said for _, said in pieces]):
        lost += _misplaced(draft, pieces, rendered)
    lost += _moved(draft, plate)
    return [f"原文「{text}」未能读入标准地址" for text in dict.fromkeys(lost)]


def _moved(draft: Draft, plate: Elements) -> list[str]:
    """A county that the text names and the plate does not lie in, unless a decision moved it."""
    division = draft.division
    if not plate.county or division is None or "county" not in draft.levels:
        return []
    for claim in draft.claims:
        if claim.level != "county":
            continue
        name = draft.text[claim.start : claim.end]
        if name == plate.county or claim.start in draft.remarks:
            continue
        above = (division, *division.lineage[::-1])
        code = next((one.code for one in above if one and one.code), "")
        said = {one.division.code[:6] for one in draft.gazetteer.forms.get(name, ())} - {""}
        has_moved = any(
            move.county_then in said and move.holds(code) for move in draft.gazetteer.moves
        )
        if said and code[:6] not in said and not has_moved:
            return [name]
    return []


def _is_community(draft: Draft, plate: Elements, claim: Claim) -> bool:
    """Whether a name is that of the plate's community, now or before a decision."""
    name = draft.text[claim.start : claim.end]
    if draft.open[claim.end : claim.end + 1] == MARKS["estate"] and name == fold_village(name):
        return False  # 胜山服装市场 is no 服装市场 of 胜山
    if not plate.community or name == plate.natural_village or plate.estate.startswith(name):
        return False
    if fold_village(name) == fold_village(plate.community):
        return True
    township = draft.division
    found = draft.gazetteer.find_community(township, name) if township else None
    return found is not None and found.name == plate.community


def _misplaced(draft: Draft, pieces: list[tuple[Claim, str]], rendered: str) -> list[str]:
    """The pieces that the rendered text does not hold at their turn."""
    lost = []
    at = 0
    for claim, said in pieces:
        if rendered.startswith(said, at):
            at += len(said)
        elif rendered.startswith("号" + said, at):  # 94号附1号2单元: the closing 号
            at += len(said) + 1
        else:
            lost.append(draft.text[claim.start : claim.end])
    if at < len(rendered) and not lost:
        lost.append(rendered[at:])
    return lost


def is_said(text: str, claim: Claim, *, is_further: bool) -> bool:
    """Whether the values of a numbered claim say all that its text says."""
    if claim.value is None:
        return False
    if claim.values:
        return lists(text, claim.values)
    if is_further and text[:1] in "之附":  # 12号附1、附2号: the number is said once
        return _codes(str(claim.value)).endswith(_codes(text))
    return says(text, claim.value)


@lru_cache(1 << 16)
def says(text: str, value: Numbered) -> bool:
    """Whether a numbered value says all that its text says: codes and their order, no others."""
    if value.number.startswith("-") and value.quantifier == "层":
        digits = "".join(c for c in _codes(text) if c.isdigit())
        return digits in ("", value.number[1:])  # 负二层, B2层, 地下室
    if value.quantifier == "层":
        text = text.rstrip("Ff")
    shown = str(value)
    return text == shown or _codes(text) == _codes(shown)


def lists(text: str, values: tuple[Numbered, ...]) -> bool:
    """Whether the members of a list hold every code of its text."""
    held = {part for value in values for part in _codes(str(value)).split("-")}
    codes = _codes(text).split("-")  # the end of B021-023 lacks its letter
    return all(any(one.endswith(part) for one in held) for part in codes)


def _codes(text: str) -> str:
    """The codes of a numbered text in order, with numerals as digits and letters joined."""
    codes = [read_numeral(code) or code for code in _CODE.findall(text.upper())]
    return _JOINED.sub("", "-".join(codes))


_JOINED = re.compile(rf"(?<=[0-9])-(?=[A-Z{ORDINALS}])")

"""Turns a finished draft into elements, plates and a verdict."""

import re
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from address_model.divisions import CITY, COUNTY, PROVINCE, TOWNSHIP, Division
from address_model.elements import Elements
from address_model.normal_form import NormalStep
from address_model.parsing.conservation import find_losses
from address_model.parsing.draft import Draft
from address_model.parsing.placement import place_pieces
from address_model.parsing.plate_lists import list_plates
from address_model.parsing.result import Element, Parse, Verdict

_DIVISIONS = (PROVINCE, CITY, COUNTY, TOWNSHIP, "community")
_VILLAGES = ("community", "natural_village")

_by_start = attrgetter("start")
_new = tuple.__new__
"""Makes a named tuple of its values in order, in half the time of a call."""


def assemble(draft: Draft, steps: list[NormalStep]) -> Parse:
    """Return the parse that a draft amounts to."""
    claims = draft.claims
    claims.sort(key=_by_start)
    township = division = draft.division
    if township is not None and township.level == TOWNSHIP and draft.has(*_VILLAGES):
        names = [draft.text[c.start : c.end] for c in claims if c.level in _VILLAGES]
        communities = (draft.gazetteer.find_community(township, name) for name in names)
        division = next(filter(None, communities), township)
    facts = _facts(division)
    place = place_pieces(draft, facts.place)
    plates = _plates(place, draft)
    # Why a person must look.
    if plates and not facts.is_known and not draft.has(CITY, COUNTY):
        draft.doubts.append("no city or county is known: the plate may lie anywhere")
    if "#" in draft.text:
        if _HASHES.search(draft.text):
            draft.doubts.append("# stands twice: it is not clear which numbers are plates")
        elif _HASH_BUILDING.search(draft.text):
            draft.doubts.append("a building stands where the plate should: 号 behind it is unclear")
    if draft.text.endswith("公里") and _LONE_MILESTONE.search(draft.text):
        draft.doubts.append("a milestone or a place named after one")
    verdict = Verdict.LIST if len(plates) > 1 else Verdict.OK if plates else Verdict.NOPLATE
    reasons = draft.doubts + draft.reasons
    return Parse(
        draft.normal.raw,
        _elements(draft),
        place,
        plates,
        Verdict.AMBIG if draft.doubts else verdict,
        facts.code,
        facts.county,
        tuple(dict.fromkeys(reasons)) if reasons else (),
        tuple(steps),
    )


def _elements(draft: Draft) -> tuple[Element, ...]:
    raw = draft.normal.raw
    starts, ends = draft.normal.starts, draft.normal.ends
    if starts is None or ends is None:
        return tuple(
            [_new(Element, (c.level, raw[c.start : c.end], c.start, c.end)) for c in draft.claims]
        )
    found = []
    done = 0
    for claim in draft.claims:
        start, end = max(starts[claim.start], done), ends[claim.end - 1]
        if start < end:  # ⒟ became three characters that several claims may share
            found.append(Element(claim.level, raw[start:end], start, end))
            done = end
    return tuple(found)


class _Facts(NamedTuple):
    """What a division alone says of an address that lies in it."""

    place: Elements
    """The register's names of the division and all it lies in."""
    code: str
    county: str
    is_known: bool


@lru_cache(maxsize=65_536)
def _facts(division: Division | None) -> _Facts:
    if division is None:
        return _Facts(Elements(), "", "", is_known=False)
    found = [(level, division.at(level)) for level in _DIVISIONS]
    names: dict[str, Any] = {level: known.name for level, known in found if known}
    county = division.at(COUNTY)
    coded: Division | None = division
    while coded is not None and not coded.code:
        coded = coded.parent
    return _Facts(
        Elements(**names),
        coded.code if coded else "",
        county.code[:6] if county else "",
        is_known=division.level != PROVINCE or division.name[-1] == "市",
    )


def _plates(place: Elements, draft: Draft) -> tuple[Elements, ...]:
    if "locator" in draft.levels:
        last = ""  # the last that is said is beside what: 138号对面 is not 138号
        for claim in draft.claims:
            if claim.level == "locator":
                last = draft.text[claim.start : claim.end]
            elif claim.level != "thing" and (claim.value is not None or claim.level == "estate"):
                last = ""
        if last and _BESIDE.search(last):
            return ()
    inside = place.number or place.building or place.room or place.unit
    if not inside and not (place.thing and place.street):
        # A building that is known by its name alone (椒江区金茂中心) is one plate.
        is_named = place.estate.endswith(_BUILDING_NAME) and place.county
        if not is_named or place.thoroughfare or draft.has("locator", "milepost"):
            return ()
    plates, further = list_plates(draft, place)
    if not draft.doubts:
        draft.doubts += find_losses(draft, plates[0], further)
    return plates


_BESIDE = re.compile(
    r"对面|旁|隔壁|附近|边上|[东南西北前后]面|[东南西北左右]侧|[左右]边|[0-9]米|交[叉汇界口]|[路巷弄村]口"
)
_BUILDING_NAME = ("大厦", "大楼", "商厦", "中心")
_HASHES = re.compile(r"#号|#.*[0-9]#")
_LONE_MILESTONE = re.compile(r"(?<![0-9.])[一二三四五六七八九十百]+公里$")
_HASH_BUILDING = re.compile(r"[路街巷道弄][0-9]+#楼[0-9]+号")

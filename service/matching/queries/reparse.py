"""Parses a text again with the county's names, where the parser's rules divide it wrongly."""

import re

from sqlalchemy.orm import Session

from address_model.divisions import DEPTH
from address_model.elements import Elements, local_text
from address_model.name_dictionary import NameMatch
from address_model.normal_form import normalise
from address_model.parsing import Parse, parse
from service.divisions.queries import gazetteer_of
from service.matching.queries.dictionaries import Dictionaries
from service.matching.queries.search_plan import FUZZY_COUNTIES, list_counties
from service.matching.resolution import Search
from service.matching.resolve_options import ResolveOptions

_NO_WORD = re.compile(r"\W")
_UPPER = ("province", "city", "county")
_WHOLE_NAME = re.compile(r"(街道|镇|乡|社区|村|居委会|村委会)$")
_ASIDE = ("organisation", "locator", "alias")
_BUILDING = re.compile(r"栋|座|号楼")
_ROOM = re.compile(r"(?<=\d)房(?!\w)")
_TWICE = re.compile(r"([一-龥]{2,8})\1")
_TAIL = re.compile(r"(?<=\S)[,，;；。\s]+[^\d,，;；\s]{1,8}$")
_HEAD = re.compile(r"[^\dA-Z]{3,12}")
LONGEST_NAME = 14


def squeeze(text: str) -> str:
    """A local text without punctuation, for comparing two readings.

    Quantifiers are folded, and a repeated name is kept once.
    """
    bare = _TWICE.sub(r"\1", _NO_WORD.sub("", normalise(text).text.upper()))
    return _ROOM.sub("室", _BUILDING.sub("幢", bare))


def squeeze_address(elements: Elements) -> str:
    """The squeezed local text of a registered address."""
    return squeeze(local_text(elements))


def said_of(reading: Parse) -> str:
    """The squeezed text below the divisions; the bare name of a division may be part of a road."""
    left = list(reading.text)
    front, depth = 0, -1
    for element in reading.elements:
        if element.level not in _UPPER or element.start > len(reading.text) // 2:
            continue
        deeper = DEPTH[element.level] > depth
        if not deeper and element.text[-1] not in "省市区县":
            break  # a bare name that repeats a level is part of a road (西湖大道)
        front, depth = element.end, DEPTH[element.level]
    left[:front] = [""] * front  # labels, and repeated divisions
    for element in reading.elements:
        whole = element.level in ("township", "community") and _WHOLE_NAME.search(element.text)
        divides = element.level in _UPPER and element.text[-1] in "省市区县"
        if divides or whole or element.level in _ASIDE:
            left[element.start : element.end] = [""] * (element.end - element.start)
    return squeeze(_TAIL.sub("", "".join(left)))


def reread(
    session: Session, held: Dictionaries, reading: Parse, focus: ResolveOptions
) -> list[Search]:
    """Other searches for an unmatched text: by exact text, then by its leading name."""
    counties = list_counties(session, held, reading, focus)
    said = said_of(reading)
    beside = not reading.plates and any(e.level == "locator" for e in reading.elements)
    is_list = len(reading.plates) > 1
    if beside or is_list or len(counties) > FUZZY_COUNTIES or len(said) < 3:
        return []
    names = {"": NameMatch("", "exact", 1.0)}
    parts = {
        said[start:end]
        for start in range(len(said))
        for end in range(start + 2, min(start + LONGEST_NAME, len(said)) + 1)
    }
    for county in counties:
        for name in held.of_county(session, county).known & parts:
            names[name] = NameMatch(name, "exact", 1.0)
    plate = reading.plates[0] if reading.plates else reading.place
    literal = Search(reading, plate, counties, names, literal=said)
    head = _HEAD.match(said)
    if head is None or head.group() not in reading.text:
        return [literal]
    found: list[Search] = []  # with the beginning of the text replaced by a similar name
    for county in counties:
        for match in held.of_county(session, county).find_similar(head.group()):
            if match.kind == "exact" or not match.is_safe:
                continue
            text = match.name.join(reading.text.rsplit(head.group(), 1))
            other = parse(text, gazetteer_of(session))
            if other.plates and other.plates[0].street == match.name:
                repair = f"{head.group()} read as {match.name} ({match.kind})"
                similar = {match.name: match}
                found.append(Search(other, other.plates[0], (county,), similar, (repair,)))
    return [literal, *found[:4]]

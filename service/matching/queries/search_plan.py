"""Plans the counties and names under which an address is searched."""

import re
from collections.abc import Sequence

from sqlalchemy.orm import Session

from address_model.elements import Elements, Numbered
from address_model.name_dictionary import NameMatch
from address_model.parsing import Parse, find_outside, parse
from service.divisions.queries import gazetteer_of
from service.matching.classification import nothing
from service.matching.history import read_township
from service.matching.keys import text_key
from service.matching.queries.dictionaries import Dictionaries
from service.matching.queries.doors import DoorMatch, lanes_of, like_of
from service.matching.queries.places import list_in
from service.matching.resolution import Resolution, Search
from service.matching.resolve_options import ResolveOptions

FUZZY_COUNTIES = 16
"""Maximum number of counties searched for a misspelt name; beyond it only exact names match."""

MOST_SPELLED = 4
"""Maximum number of names tried for one pinyin spelling."""

_LATIN = re.compile(r"[A-Za-zÜü][A-Za-zÜü' ]{2,}[A-Za-zÜü]")
_TOKEN = re.compile(r"[A-Z]*\d+[A-Z]*|[A-Z]+")
_CHAIN = re.compile(r"[A-Z]*\d+(?:-[A-Z]*\d+)+")
_NUMBER = re.compile(r"\d{1,9}")
_COUNTED = re.compile(r"(\d{1,9})([号幢室])?")
_APART = re.compile(r"\d\W+\d")


def plan(
    session: Session, held: Dictionaries, reading: Parse, focus: ResolveOptions
) -> list[Search | Resolution]:
    """The searches for a reading; several if a pinyin name is ambiguous."""
    counties = list_counties(session, held, reading, focus)
    spelled = _read_pinyin(session, held, reading, counties) or [(reading, ())]
    made: list[Search | Resolution] = []
    for other, repairs in spelled:
        outside = find_outside(other, gazetteer_of(session))
        if outside:
            made.append(nothing(other, f"原文在{outside}，不在本库范围内"))
        elif len(other.plates) > 1:
            question = "是其中哪一个门牌?"
            made.append(nothing(other, "the text names several plates", question=question))
        elif not other.plates:
            made.append(nothing(other, "the text names no plate"))
        else:
            wanted = other.plates[0]
            counties = list_counties(session, held, other, focus) if other.county else counties
            names = _names(session, held, wanted, counties)
            said = read_township(other, gazetteer_of(session))
            is_known = any(match.kind == "exact" for match in names.values())
            if said and len(names) > 1 and not is_known:
                # of several names, those in the township that the text names
                there = {
                    name: match
                    for name, match in names.items()
                    for county in counties
                    if list_in(held.places_of(session, county).find_any(name), said)
                }
                names = there or names
            made.append(Search(other, wanted, counties, names, repairs))
    return made


def list_counties(
    session: Session, held: Dictionaries, reading: Parse, focus: ResolveOptions
) -> tuple[str, ...]:
    """The counties where a text can lie: its own, those of its city, or all."""
    if reading.county:
        return (reading.county,)
    prefix = reading.division.rstrip("0")
    prefix = prefix + "0" * (len(prefix) % 2)
    return tuple(
        county
        for county in held.list_counties(session)
        if county.startswith(prefix) and focus.may_hold(county)
    )


def _read_pinyin(
    session: Session, held: Dictionaries, reading: Parse, counties: Sequence[str]
) -> list[tuple[Parse, tuple[str, ...]]]:
    """The readings of a text with a pinyin name, one for each name with that spelling."""
    match = _LATIN.search(reading.text)
    if match is None or len(counties) > FUZZY_COUNTIES:
        return []
    start, end = match.span()
    names: set[str] = set()
    for stop in (end, end - 1):  # the last letter may be a building's: Xihu LuA幢
        names = {
            name
            for county in counties
            for name in held.of_county(session, county).find_pinyin(reading.text[start:stop])
        }
        if names:
            end = stop
            break
    written = reading.text[start:end].strip()
    return [
        (
            parse(reading.text[:start] + name + reading.text[end:], gazetteer_of(session)),
            (f"{written} read as {name}",),
        )
        for name in sorted(names)[:MOST_SPELLED]
    ]


def _names(
    session: Session, held: Dictionaries, wanted: Elements, counties: Sequence[str]
) -> dict[str, NameMatch]:
    """The names that the wanted street may have in the register, by name."""
    joined = wanted.natural_village + wanted.thoroughfare  # 风凰|山脚路 may be one name
    written = [wanted.street, joined, wanted.estate, wanted.natural_village, wanted.community]
    written = list(dict.fromkeys(name for name in written if name))
    if len(counties) > FUZZY_COUNTIES:
        return {name: NameMatch(name, "exact", 1.0) for name in written[:1]}
    found: dict[str, NameMatch] = {}
    for place, name in enumerate(written):
        for county in counties:
            dictionary = held.of_county(session, county)
            is_sure = place > 0 and name != joined  # not names of the street itself
            if is_sure and name not in dictionary.known:
                continue
            for match in dictionary.find_similar(name):
                before = found.get(match.name)
                if before is None or before.factor < match.factor:
                    found[match.name] = match
        if any(match.kind == "exact" for match in found.values()):
            break
    return found


def doors_of(search: Search) -> list[DoorMatch]:
    """The doors at which the wanted plate may be registered."""
    if search.literal:  # an address with exactly this text, however it is divided
        apart = _APART.search(search.reading.text)  # 12-3号 is 123号 when squeezed
        digits = "" if apart else max(_NUMBER.findall(search.literal), key=len, default="")
        return [
            DoorMatch(county, name, order, spelt=search.literal, digits=digits)
            for county in search.counties
            for name in search.names
            for order in _orders_by_letter(search.literal, name)
        ]
    said = text_key(search.reading, "")
    rooms = " ".join(sorted({*_TOKEN.findall(said), *_CHAIN.findall(said)}))
    orders: list[int | None] = [*orders_of(search.wanted)]
    if not orders or not (search.wanted.number or search.wanted.building):
        orders.append(None)
    lanes, like = lanes_of(search.wanted), like_of(search.wanted)
    return [
        DoorMatch(county, name, order, rooms, lanes, *like)
        for county in search.counties
        for name in search.names
        for order in orders
    ]


def _orders_by_letter(said: str, name: str) -> list[int | None]:
    """The possible plate numbers: up to the first with a plate's quantifier."""
    before, _, after = said.partition(name) if name else ("", "", said)
    orders: list[int | None] = [int(digits) for digits in _NUMBER.findall(before)]
    for counted in _COUNTED.finditer(after):
        orders.append(int(counted[1]))
        if counted[2]:
            break
    return [*dict.fromkeys(orders), None]


def neighbours_of(search: Search) -> list[DoorMatch]:
    """The missing number, on the likeliest street."""
    orders = orders_of(search.wanted)
    if not orders or not search.names or len(search.counties) > FUZZY_COUNTIES:
        return []
    name = max(search.names.values(), key=lambda match: match.factor).name
    return [DoorMatch(county, name, orders[0]) for county in search.counties]


def orders_of(elements: Elements) -> list[int]:
    """The digits of plate and building, else of room and thing: the number order of a row."""
    values: list[Numbered | None] = [elements.number, elements.building]
    if not any(values):
        values = [elements.room, elements.thing]
    digits = [_NUMBER.match(value.number) for value in values if value]
    return list(dict.fromkeys(int(match.group()) for match in digits if match))

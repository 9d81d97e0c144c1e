"""Finds the streets, estates and villages of a typed name, or those of a name like it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from address_model.normal_form import normalise
from address_model.parsing import Parse
from address_model.places import counting_of
from service.divisions.queries import find_names
from service.heritage.queries import load_story_register
from service.matching.queries.dictionaries import dictionaries_of
from service.matching.queries.search_plan import FUZZY_COUNTIES
from service.placenames.queries import PlaceRow, search_places

LATIN = re.compile(r"[A-Za-zÜü][A-Za-zÜü' ]{2,}[A-Za-zÜü]")
"""A name in pinyin."""

MOST_NAMES = 10
_SHORTEST = 2
"""A single letter is the beginning of too many names."""


@dataclass(frozen=True, slots=True)
class FoundStreet:
    """A street, estate or village; ``text`` is what to type before the number.

    ``where`` are its divisions from the city down, ``story_path`` the page of its heritage entry
    or "".
    """

    name: str
    where: str
    text: str
    story_path: str = ""


def list_named(session: Session, reading: Parse) -> list[PlaceRow]:
    """The places of the name in a text, in characters or pinyin.

    In the county that it names, else in all.
    """
    name = _name_in(reading)
    return search_places(session, name, [_within(reading)]) or search_places(session, name, [""])


def list_alike(session: Session, reading: Parse) -> list[PlaceRow]:
    """The places whose names begin with, contain or resemble the name in a text.

    None where this takes the names of more counties than are held for a misspelt one.
    """
    name, within = normalise(_name_in(reading)).text, _within(reading)
    held = dictionaries_of(session)
    counties = [county for county in held.list_counties(session) if county.startswith(within)]
    if len(name) < _SHORTEST or len(counties) > FUZZY_COUNTIES:
        return []
    names: dict[str, None] = {}
    for county in counties:
        known = held.of_county(session, county)
        names |= dict.fromkeys(match.name for match in known.find_similar(name))
        names |= dict.fromkeys(known.complete(name, MOST_NAMES))
    found = (search_places(session, one, counties) for one in list(names)[:MOST_NAMES])
    return [place for places in found for place in places]


def show_streets(session: Session, places: Sequence[PlaceRow]) -> tuple[FoundStreet, ...]:
    """Places as they are listed."""
    begun = name_counties(session, places)
    keys = [f" street:{place.id}" for place in places]
    stories = load_story_register(session, keys)
    found = []
    for place, key in zip(places, keys, strict=True):
        story = stories.find_by_key(key)
        townships = [one.name for one in place.townships]
        above = begun[place.county]
        found.append(
            FoundStreet(
                place.name,
                above + "、".join(filter(None, townships)),
                above + (townships[0] if len(townships) == 1 else "") + place.name,
                story.path if story else "",
            )
        )
    return tuple(found)


def name_counties(session: Session, places: Sequence[PlaceRow]) -> dict[str, str]:
    """City and county of places in words, by six-digit county."""
    codes = {
        place.county: (f"{place.county[:4]}00000000", f"{place.county}000000") for place in places
    }
    names = find_names(session, [code for pair in codes.values() for code in pair])
    return {county: "".join(names.get(code, "") for code in pair) for county, pair in codes.items()}


def _name_in(reading: Parse) -> str:
    latin = LATIN.search(reading.text)
    if latin:
        return latin[0].strip()
    counting = counting_of(reading.plates[0] if reading.plates else reading.place)
    return counting.name if counting else reading.text


def _within(reading: Parse) -> str:
    return reading.county or reading.division[:6].rstrip("0")

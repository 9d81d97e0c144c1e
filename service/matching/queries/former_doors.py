"""Finds former texts of addresses from their short forms: without divisions, or in pinyin."""

import re
from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from address_model.gazetteer import Gazetteer
from address_model.parsing import Parse, parse
from address_model.places import counting_of
from service.matching.queries.codes import ambiguous
from service.matching.resolution import Candidate, Resolution
from service.matching.resolve_options import ResolveOptions
from service.placenames.queries import search_places

_MOST_COUNTIES = 16
_LATIN = re.compile(r"[A-Za-zÜü][A-Za-zÜü' ]{2,}[A-Za-zÜü]")
_LIKELY = 0.6
"""A candidate above this is a door that the text may mean, and not only the nearest number."""


def is_open(answer: Resolution) -> bool:
    """Whether no address was found for a text, neither a living one nor an ended one."""
    likely = any(one.score > _LIKELY for one in answer.candidates)
    return answer.address is None and answer.historic is None and not likely


def read_in_counties(
    session: Session, gazetteer: Gazetteer, reading: Parse, focus: ResolveOptions
) -> list[Parse]:
    """A text as it is read in each county that has its street, estate or village."""
    made: list[Parse] = []
    within = reading.county or reading.division[:6].rstrip("0")
    for other, name in _list_names(session, gazetteer, reading, within):
        counties = {place.county for place in search_places(session, name, [within])}
        made += [
            other._replace(county=county, division=county.ljust(12, "0"))
            if other.county != county
            else other
            for county in sorted(counties)
            if focus.may_hold(county)
        ]
    return made[:_MOST_COUNTIES]


def _list_names(
    session: Session, gazetteer: Gazetteer, reading: Parse, within: str
) -> Iterator[tuple[Parse, str]]:
    """The readings of a text with the name that each counts along; pinyin is spelled out.

    None for a text of a known county in characters: that county was asked already.
    """
    match = _LATIN.search(reading.text)
    if match is not None:
        start, end = match.span()
        for name in sorted({one.name for one in search_places(session, match[0], [within])}):
            yield parse(f"{reading.text[:start]}{name}{reading.text[end:]}", gazetteer), name
    elif len(reading.plates) == 1 and not reading.county:
        counting = counting_of(reading.plates[0])
        if counting is not None:
            yield reading, counting.name


def choose_former(reading: Parse, found: Sequence[Resolution]) -> Resolution | None:
    """The one address that formerly had a text, or the several of which one must be chosen."""
    past = [
        one
        for one in found
        if one.historic or (one.matched_name is not None and one.matched_name.valid_to is not None)
    ]
    codes = {one.address.code if one.address else "" for one in past}
    if len(codes) == 1:
        return past[0]
    rows = {one.address.code: one.address for one in past if one.address}
    return ambiguous(reading, [Candidate(row, 0.9) for row in rows.values()]) if rows else None

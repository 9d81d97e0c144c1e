"""Resolves texts: by exact text first, many in one query; what is left is repaired, one by one."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from address_model.codes import InvalidCode, parse_code
from address_model.parsing import Parse, Verdict, parse
from service.addresses.queries import find_addresses, find_names
from service.divisions.queries import gazetteer_of
from service.matching.door_level import DoorReading, read_door
from service.matching.focus import ANYWHERE, Focus, narrow
from service.matching.keys import is_overfull, names_another_county, text_key
from service.matching.queries.codes import (
    answer_code,
    resolve_identifiers,
)
from service.matching.queries.dictionaries import dictionaries_of
from service.matching.queries.exact import Exact, resolve_exact
from service.matching.queries.place_doubts import doubt_place
from service.matching.queries.places import WantedPlace, find_wanted
from service.matching.queries.repairing import repair_many
from service.matching.resolution import Candidate, Resolution


def resolve(session: Session, text: str, focus: Focus = ANYWHERE) -> Resolution:
    """Resolve one text; a list of plates or a locator is never an A."""
    return resolve_many(session, [text], focus)[0]


def resolve_many(
    session: Session, texts: Sequence[str], focus: Focus = ANYWHERE
) -> list[Resolution]:
    """Resolve texts in their order: three queries for all that are exact, a few for each other."""
    if focus.scheme:
        found = resolve_identifiers(session, texts, focus.scheme)
    else:
        found = _resolve_texts(session, texts, focus)
    return [narrow(answer, focus) for answer in found]


def _resolve_texts(session: Session, texts: Sequence[str], focus: Focus) -> list[Resolution]:
    gazetteer = gazetteer_of(session)
    whole = [focus.complete(parse(text, gazetteer), gazetteer) for text in texts]
    doors = [read_door(one) if focus.level else DoorReading(one, "") for one in whole]
    readings = [door.reading for door in doors]
    wanted_places = [_wanted(session, reading) for reading in readings]
    keys = [key for wanted in wanted_places for key in wanted.keys]
    names = find_names(session, keys)
    codes = [_read_code(text) for text in texts]
    wanted = {name.code for found in names.values() for name in found}
    held = find_addresses(session, sorted(wanted | {code for code in codes if code}))
    known = [
        answer_code(session, reading, held[code], "the text is a code")
        if code in held
        else resolve_exact(session, Exact(reading, place, names, held, focus))
        for reading, place, code in zip(readings, wanted_places, codes, strict=True)
    ]
    open_ones = [reading for reading, found in zip(readings, known, strict=True) if found is None]
    repaired = iter(
        doubt_place(session, reading, answer, focus)
        for reading, answer in zip(open_ones, repair_many(session, open_ones, focus), strict=True)
    )
    answers = [found or next(repaired) for found in known]
    return [
        replace(
            _doubted(answer) if names_another_county(door.reading, gazetteer) else answer,
            remainder=door.remainder,
        )
        for door, answer in zip(doors, answers, strict=True)
    ]


def _wanted(session: Session, reading: Parse) -> WantedPlace:
    """The keys under which a text may be found as it stands; none for what must be repaired."""
    if not reading.county or reading.verdict is Verdict.LIST or is_overfull(reading):
        return WantedPlace({}, "")
    if not reading.plates:
        return WantedPlace({text_key(reading, reading.county): None}, "")
    places = dictionaries_of(session).places_of(session, reading.county)
    wanted = find_wanted(places, reading.county, reading.plates[0], reading.division)
    return wanted if wanted.keys else WantedPlace({text_key(reading, reading.county): None}, "")


def _read_code(text: str) -> str:
    if sum(c.isdigit() for c in text) != 16:
        return ""
    try:
        return parse_code(text).digits
    except InvalidCode:
        return ""


def _doubted(answer: Resolution) -> Resolution:
    """An answer to a text that contradicts itself about its county is uncertain."""
    if answer.address is None:
        return answer
    reason = f"the text also names another county than {answer.address.elements.county}"
    return replace(
        answer,
        category="C",
        address=None,
        score=answer.score * 0.5,
        reasons=(*answer.reasons, reason),
        candidates=(Candidate(answer.address, answer.score * 0.5),),
        question=f"是{answer.address.standard_text}吗?",
    )

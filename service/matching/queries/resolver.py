"""Resolves texts: by exact text first, many per query; the rest is repaired."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from sqlalchemy.orm import Session

from address_model.codes import InvalidCode, parse_code
from address_model.parsing import Parse, parse
from service.addresses.queries import find_addresses, find_names
from service.divisions.queries import gazetteer_of
from service.matching.door_level import DoorReading, read_door
from service.matching.history import explain_move, list_moves, read_township
from service.matching.keys import text_key
from service.matching.queries.codes import (
    answer_code,
    resolve_identifiers,
)
from service.matching.queries.dictionaries import Dictionaries, dictionaries_of
from service.matching.queries.doubts import doubt_county, doubt_place
from service.matching.queries.exact import Exact, answer_other_gate, resolve_exact
from service.matching.queries.former_doors import choose_former, is_open, read_in_counties
from service.matching.queries.places import WantedPlace, find_wanted
from service.matching.queries.repair import repair_many
from service.matching.relative_location import doubt_beside, read_beside
from service.matching.resolution import Resolution
from service.matching.resolve_options import ANYWHERE, ResolveOptions, narrow

_DIGIT = re.compile(r"\d")


def resolve(session: Session, text: str, focus: ResolveOptions = ANYWHERE) -> Resolution:
    """Resolve one text; a list of plates or a relative location is never A."""
    return resolve_many(session, [text], focus)[0]


def resolve_many(
    session: Session, texts: Sequence[str], focus: ResolveOptions = ANYWHERE
) -> list[Resolution]:
    """Resolve texts in order: three queries for all exact matches, a few for each other text."""
    if focus.scheme:
        found = resolve_identifiers(session, texts, focus.scheme)
    else:
        gazetteer = gazetteer_of(session)
        whole = [focus.complete(parse(text, gazetteer), gazetteer) for text in texts]
        doors = [read_door(one) if focus.asks_for_door else DoorReading(one, "") for one in whole]
        readings = [read_beside(door.reading) for door in doors]
        codes: list[str] = []
        for text in texts:
            code = ""
            if len(_DIGIT.findall(text)) == 16:
                with suppress(InvalidCode):
                    code = parse_code(text).digits
            codes.append(code)
        answers = _resolve_readings(session, readings, codes, focus)
        answers = _follow_moves(session, readings, answers, focus)
        found = [
            replace(
                doubt_county(doubt_beside(door.reading, answer), door.reading, gazetteer),
                text=text,
                remainder=door.remainder,
            )
            for text, door, answer in zip(texts, doors, answers, strict=True)
        ]
    return [narrow(answer, focus) for answer in found]


def _resolve_readings(
    session: Session, readings: Sequence[Parse], codes: Sequence[str], focus: ResolveOptions
) -> list[Resolution]:
    """The results of readings, or of the codes in their place."""
    dictionaries = dictionaries_of(session)
    exact = _find_exact(session, readings, codes, focus)
    known = [
        answer_code(session, one.reading, one.held[code], "the text is a code")
        if code in one.held
        else resolve_exact(session, one)
        for one, code in zip(exact, codes, strict=True)
    ]
    open_ones = [one for one, found in zip(exact, known, strict=True) if found is None]
    answers = repair_many(session, dictionaries, [one.reading for one in open_ones], focus)
    answers = _follow_former(session, [one.reading for one in open_ones], answers, focus)
    repaired = iter(
        answer_other_gate(one, doubt_place(session, dictionaries, one.reading, answer, focus))
        for one, answer in zip(open_ones, answers, strict=True)
    )
    return [found or next(repaired) for found in known]


def _find_exact(
    session: Session, readings: Sequence[Parse], codes: Sequence[str], focus: ResolveOptions
) -> list[Exact]:
    """What the register holds under the keys of each reading; also the addresses of the codes."""
    dictionaries = dictionaries_of(session)
    wanted_places = [_wanted(session, dictionaries, reading) for reading in readings]
    keys = [key for wanted in wanted_places for key in wanted]
    names = find_names(session, keys)
    wanted = {name.code for found in names.values() for name in found}
    held = find_addresses(session, sorted(wanted | {code for code in codes if code}))
    return [
        Exact(reading, place, names, held, focus)
        for reading, place in zip(readings, wanted_places, strict=True)
    ]


def _follow_former(
    session: Session, readings: Sequence[Parse], answers: list[Resolution], focus: ResolveOptions
) -> list[Resolution]:
    """Search texts that no door has now among former ones, in each county with their place."""
    gazetteer = gazetteer_of(session)
    asked = [
        (at, reading)
        for at, answer in enumerate(answers)
        if is_open(answer)
        for reading in read_in_counties(session, gazetteer, readings[at], focus)
    ]
    if not asked:
        return answers
    found: dict[int, list[Resolution]] = {}
    exact = _find_exact(session, [reading for _, reading in asked], [], focus)
    for (at, _), one in zip(asked, exact, strict=True):
        answer = resolve_exact(session, one)
        found.setdefault(at, []).extend([answer] if answer else [])
    former = {at: choose_former(readings[at], some) for at, some in found.items()}
    return [former.get(at) or answer for at, answer in enumerate(answers)]


def _follow_moves(
    session: Session, readings: Sequence[Parse], answers: list[Resolution], focus: ResolveOptions
) -> list[Resolution]:
    """Search texts of a county that lost townships in those townships too.

    Results found there are at best B, with the decision as their reason.
    """
    gazetteer = gazetteer_of(session)
    moved = [
        (at, move)
        for at, (reading, answer) in enumerate(zip(readings, answers, strict=True))
        if answer.address is None and reading.plates
        for move in list_moves(reading, gazetteer)
    ]
    asked = list(dict.fromkeys((at, move.county_now) for at, move in moved))
    there = [readings[at]._replace(county=c, division=c.ljust(12, "0")) for at, c in asked]
    if not there:
        return answers
    found = _resolve_readings(session, there, [""] * len(there), focus)
    by_move = dict(zip(asked, found, strict=True))
    for at, move in moved:
        answer = by_move[at, move.county_now]
        if answer.address is not None and move.holds(answer.address.division_code):
            reasons = (*answer.reasons, explain_move(move, gazetteer))
            answers[at] = replace(answer, category="B", reasons=reasons)
    return answers


def _wanted(session: Session, dictionaries: Dictionaries, reading: Parse) -> WantedPlace:
    """The keys that may match a text exactly; none for a text that needs repair."""
    if not reading.county or len(reading.plates) > 1:
        return WantedPlace({})
    whole = WantedPlace({text_key(reading, reading.county): None})
    if not reading.plates:
        return whole
    places = dictionaries.places_of(session, reading.county)
    said = read_township(reading, gazetteer_of(session))
    wanted = find_wanted(places, reading.county, reading.plates[0], said)
    return wanted if wanted.keys else whole

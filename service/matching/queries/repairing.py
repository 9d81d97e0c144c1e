"""Repairs a text that no address has: other levels, miswritten names, the doors of the street."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from address_model.comparing import Comparison, Fit, compare
from address_model.elements import Elements, Numbered
from address_model.gazetteer import load_gazetteer
from address_model.lifecycle import GONE
from address_model.name_dictionary import NameMatch
from address_model.parsing import Parse, Verdict, parse
from service.addresses.drafts import level_of
from service.matching.queries.dictionaries import Dictionaries, dictionaries_of
from service.matching.queries.doors import list_doors, list_neighbours
from service.matching.resolution import Candidate, Resolution

SAFE_SCORE = 0.72
"""Below this product of factors a repair is no longer safe."""

FUZZY_COUNTIES = 16
"""So many counties (of one city) are searched for a miswritten name; more only for exact ones."""

MOST_SPELLED = 4
"""So many names of one pinyin are tried."""

_LATIN = re.compile(r"[A-Za-z][A-Za-z' ]{2,}[A-Za-z]")
_NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class _Search:
    """One repair: the reading, the wanted plate, where and under which names it is looked for."""

    session: Session
    reading: Parse
    wanted: Elements
    counties: tuple[str, ...]
    names: dict[str, NameMatch]
    repairs: tuple[str, ...] = ()


def repair(session: Session, reading: Parse) -> Resolution:
    """Find the address that a text without an exact match means, or the likeliest ones."""
    held = dictionaries_of(session)
    counties = _counties(session, held, reading)
    spelled = _read_pinyin(session, held, reading, counties)
    found = [_repair_one(session, held, other, why) for other, why in spelled]
    firm = [answer for answer in found if answer.category == "B"]
    if len(firm) == 1:
        return firm[0]
    return found[0] if found else _repair_one(session, held, reading, ())


def _repair_one(
    session: Session, held: Dictionaries, reading: Parse, repairs: tuple[str, ...]
) -> Resolution:
    if reading.verdict is Verdict.LIST:
        return _none(reading, "the text names several plates", question="是其中哪一个门牌?")
    if not reading.plates:
        return _none(reading, "the text names no plate")
    wanted = reading.plates[0]
    counties = _counties(session, held, reading)
    names = _names(session, held, wanted, counties)
    search = _Search(session, reading, wanted, counties, names, repairs)
    found = _candidates(search) if names else []
    whole = [candidate for candidate, fit in found if fit is Fit.WHOLE]
    if whole:
        return _judge(search, whole)
    near = [candidate for candidate, fit in found if fit is not Fit.OTHER] or _neighbours(search)
    if near:
        return _uncertain(search, near)
    return _none(reading, "no street, estate or village of the register has such a name")


def _counties(session: Session, held: Dictionaries, reading: Parse) -> tuple[str, ...]:
    """Where a text can lie: its county, the counties of its city, or all of the register."""
    if reading.county:
        return (reading.county,)
    prefix = reading.division.rstrip("0")
    prefix = prefix + "0" * (len(prefix) % 2)
    return tuple(c for c in held.list_counties(session) if c.startswith(prefix))


def _read_pinyin(
    session: Session, held: Dictionaries, reading: Parse, counties: Sequence[str]
) -> list[tuple[Parse, tuple[str, ...]]]:
    """The readings of a text with a name in pinyin, one for each name that is spelled so."""
    match = _LATIN.search(reading.text)
    if match is None or len(counties) > FUZZY_COUNTIES:
        return []
    names = {
        name
        for county in counties
        for name in held.of_county(session, county).find_pinyin(match.group())
    }
    return [
        (
            parse(
                reading.text[: match.start()] + name + reading.text[match.end() :],
                load_gazetteer(),
            ),
            (f"{match.group().strip()} read as {name}",),
        )
        for name in sorted(names)[:MOST_SPELLED]
    ]


def _names(
    session: Session, held: Dictionaries, wanted: Elements, counties: Sequence[str]
) -> dict[str, NameMatch]:
    """The names under which the wanted street may stand in the register, by name."""
    written = [wanted.street, wanted.estate, wanted.natural_village, wanted.community]
    written = list(dict.fromkeys(name for name in written if name))
    if len(counties) > FUZZY_COUNTIES:
        return {name: NameMatch(name, "exact", 1.0) for name in written[:1]}
    found: dict[str, NameMatch] = {}
    for place, name in enumerate(written):
        for county in counties:
            for match in held.of_county(session, county).find_similar(name):
                if place and match.kind != "exact":
                    continue
                before = found.get(match.name)
                if before is None or before.factor < match.factor:
                    found[match.name] = match
        if any(match.kind == "exact" for match in found.values()):
            break
    return found


def _candidates(search: _Search) -> list[tuple[Candidate, Fit]]:
    rows = list_doors(
        search.session,
        counties=search.counties,
        streets=list(search.names),
        orders=_orders(search.wanted),
        room=search.wanted.room.number if search.wanted.room else "",
    )
    found = []
    for row in rows:
        if row.status in GONE:
            continue
        comparison = _compare(search.wanted, row.elements)
        match = search.names[row.elements.street]
        score = comparison.score * match.factor
        repairs = search.repairs
        if match.kind != "exact":
            repairs += (f"{search.wanted.street} read as {match.name} ({match.kind})",)
        candidate = Candidate(row, score, comparison.differences, repairs)
        found.append((candidate, comparison.fit))
    return sorted(found, key=lambda pair: -pair[0].score)


def _compare(wanted: Elements, held: Elements) -> Comparison:
    """Compare as read; where one side has a number and the other a building, as the same level."""
    comparison = compare(wanted, held)
    if comparison.fit is Fit.WHOLE or bool(wanted.number) == bool(held.number):
        return comparison
    one, other = wanted.number or wanted.building, held.number or held.building
    if one and other and one.bare == other.bare and not (wanted.number and wanted.building):
        swapped = (
            replace(wanted, number=None, building=one)
            if held.building and not held.number
            else replace(wanted, number=one, building=None)
        )
        return compare(swapped, held)
    return comparison


def _judge(search: _Search, whole: list[Candidate]) -> Resolution:
    """B when one candidate is clearly the best and its repairs are safe, else C."""
    best = whole[0]
    rivals = [c for c in whole[1:] if c.score >= best.score - 0.02]
    match = search.names[best.address.elements.street]
    written_so = [m for m in search.names.values() if m.factor >= match.factor]
    slip = match.is_safe or (match.kind == "character" and _is_confirmed(search.wanted, best))
    is_safe = slip and len(written_so) == 1 and best.score >= SAFE_SCORE
    if rivals or not is_safe:
        return _uncertain(search, whole)
    reasons = list(search.reading.reasons) + list(best.repairs)
    if not search.reading.county:
        reasons.append(f"no county named; only {best.address.elements.county} has this address")
    reasons += [
        f"{d.level}: the text says {d.wanted or 'nothing'}, the register {d.held or 'nothing'}"
        for d in best.differences
    ]
    return Resolution(
        search.reading.text,
        "B",
        best.address,
        reasons=tuple(reasons),
        score=round(best.score, 3),
        match_level=best.address.level,
        differences=best.differences,
        unknown=_unknown(search.reading),
    )


def _is_confirmed(wanted: Elements, best: Candidate) -> bool:
    """Whether more than the number speaks for a name with one wrong character."""
    held = best.address.elements
    levels = ("township", "community", "estate", "lanes", "building", "unit", "room")
    differing = {difference.level for difference in best.differences}
    return any(
        getattr(wanted, level) and getattr(held, level) and level not in differing
        for level in levels
    )


def _uncertain(search: _Search, candidates: list[Candidate]) -> Resolution:
    best = candidates[0]
    shown = "、".join(c.address.standard_text for c in candidates[:3])
    return Resolution(
        search.reading.text,
        "C",
        reasons=(*search.reading.reasons, *best.repairs),
        score=round(best.score * 0.6, 3),
        match_level=_common_level(search.wanted, best),
        differences=best.differences,
        candidates=tuple(candidates[:10]),
        question=f"您要找的是: {shown}?",
        unknown=_unknown(search.reading),
    )


def _common_level(wanted: Elements, best: Candidate) -> str:
    """The deepest level at which the best candidate still agrees with the text."""
    differing = {d.level for d in best.differences if d.wanted and d.factor < 0.9}
    agreed = replace(
        best.address.elements,
        **{  # type: ignore[arg-type]
            level: None
            for level in ("number", "building", "unit", "floor", "room")
            if level in differing or getattr(wanted, level) is None
        },
    )
    return level_of(agreed)


def _neighbours(search: _Search) -> list[Candidate]:
    """The doors nearest to a number that is not there, on the likeliest street."""
    orders = _orders(search.wanted)
    names = sorted(search.names.values(), key=lambda match: -match.factor)
    if not orders or not names or len(search.counties) > FUZZY_COUNTIES:
        return []
    found: list[Candidate] = []
    for county in search.counties:
        for row in list_neighbours(search.session, county, names[0].name, orders[0]):
            difference = compare(search.wanted, row.elements).differences
            apart = abs((_orders(row.elements) or [0])[0] - orders[0])
            score = names[0].factor * 0.6 / (1 + apart / 50)
            found.append(Candidate(row, score, difference, ("no such number; the nearest",)))
    return sorted(found, key=lambda candidate: -candidate.score)


def _orders(elements: Elements) -> list[int]:
    """The digits of plate and building, either of which may order the register's row."""
    values: list[Numbered | None] = [elements.number, elements.building]
    digits = [_NUMBER.match(value.number) for value in values if value]
    return list(dict.fromkeys(int(match.group()) for match in digits if match))


def _unknown(reading: Parse) -> tuple[str, ...]:
    return tuple(e.text for e in reading.elements if e.level in ("other", "organisation"))


def _none(reading: Parse, reason: str, question: str = "") -> Resolution:
    return Resolution(
        reading.text,
        "none",
        reasons=(*reading.reasons, reason),
        question=question,
        unknown=_unknown(reading),
    )

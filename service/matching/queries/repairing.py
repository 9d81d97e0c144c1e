"""Repairs texts that no address has: other levels, miswritten names, the doors of the street."""

import re
from collections.abc import Sequence

from sqlalchemy.orm import Session

from address_model.comparing import Comparison, Difference, Fit, compare, compare_loosely
from address_model.elements import Elements
from address_model.lifecycle import GONE
from address_model.parsing import Parse
from address_model.rendering import local_text
from service.addresses.queries import AddressRow
from service.matching.focus import Focus
from service.matching.judging import ask_back, judge, nothing
from service.matching.keys import text_key
from service.matching.queries.dictionaries import dictionaries_of
from service.matching.queries.doors import list_doors, list_neighbours
from service.matching.queries.planning import doors_of, neighbours_of, orders_of, plan
from service.matching.resolution import Candidate, Resolution, Search

_NO_WORD = re.compile(r"\W")
_READ_OTHERWISE = (Difference("text", "", "", 0.98),)
"""The same characters, which the register divides into other elements."""

_Held = dict[tuple[str, str], list[AddressRow]]
"""Addresses by county and street."""


def repair_many(session: Session, readings: Sequence[Parse], focus: Focus) -> list[Resolution]:
    """Find the addresses that texts without an exact match mean, or the likeliest ones.

    The names are repaired in memory; the doors of all texts are then read together.
    """
    if not readings:
        return []
    held = dictionaries_of(session)
    plans = [plan(session, held, reading, focus) for reading in readings]
    searches = [search for made in plans for search in made if isinstance(search, Search)]
    doors = list_doors(session, [door for search in searches for door in doors_of(search)])
    by_street = _by_street(doors)
    found = {id(search): _candidates(search, by_street) for search in searches}
    lost = [s for s in searches if all(fit is Fit.OTHER for _, fit in found[id(s)])]
    near = list_neighbours(session, [door for search in lost for door in neighbours_of(search)])
    by_street = _by_street(near)
    answers: list[Resolution] = []
    for made in plans:
        each = [
            search
            if isinstance(search, Resolution)
            else _answer(search, found[id(search)], by_street)
            for search in made
        ]
        firm = [answer for answer in each if answer.category == "B"]
        answers.append(firm[0] if len(firm) == 1 else each[0])
    return answers


def _answer(search: Search, found: list[tuple[Candidate, Fit]], neighbours: _Held) -> Resolution:
    whole = [candidate for candidate, fit in found if fit is Fit.WHOLE]
    if whole:
        return judge(search, whole)
    near = [candidate for candidate, fit in found if fit is not Fit.OTHER]
    near = near or _nearest(search, neighbours)
    if near:
        return ask_back(search, near)
    return nothing(search.reading, "no street, estate or village has such a name and number here")


def _by_street(rows: Sequence[AddressRow]) -> _Held:
    held: _Held = {}
    for row in rows:
        if row.status not in GONE:
            held.setdefault((row.county, row.elements.street), []).append(row)
    return held


def _candidates(search: Search, held: _Held) -> list[tuple[Candidate, Fit]]:
    orders = set(orders_of(search.wanted))
    said = _NO_WORD.sub("", text_key(search.reading, ""))
    found = []
    for county in search.counties:
        for match in search.names.values():
            repairs = search.repairs
            if match.kind != "exact":
                repairs += (f"{search.wanted.street} read as {match.name} ({match.kind})",)
            for row in held.get((county, match.name), ()):
                there = orders_of(row.elements)
                if orders and there and orders.isdisjoint(there):
                    continue  # read for another text
                comparison = compare_loosely(search.wanted, row.elements)
                if comparison.fit is not Fit.WHOLE and said.endswith(_squeeze(row.elements)):
                    comparison = Comparison(Fit.WHOLE, _READ_OTHERWISE)
                score = comparison.score * match.factor
                candidate = Candidate(row, score, comparison.differences, repairs)
                found.append((candidate, comparison.fit))
    return sorted(found, key=lambda pair: -pair[0].score)


def _squeeze(elements: Elements) -> str:
    """The local text without punctuation, to tell whether a text says the same, read otherwise."""
    return _NO_WORD.sub("", local_text(elements).upper())


def _nearest(search: Search, held: _Held) -> list[Candidate]:
    """The doors nearest to a number that is not there."""
    found: list[Candidate] = []
    for door in neighbours_of(search):
        for row in held.get((door.county, door.street), ()):
            difference = compare(search.wanted, row.elements).differences
            apart = abs((orders_of(row.elements) or [0])[0] - (door.order or 0))
            score = search.names[door.street].factor * 0.6 / (1 + apart / 50)
            found.append(Candidate(row, score, difference, ("no such number; the nearest",)))
    return sorted(found, key=lambda candidate: -candidate.score)[:6]

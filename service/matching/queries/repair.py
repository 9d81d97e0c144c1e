"""Repairs texts without an exact match: other levels, misspelt names, nearby doors."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from address_model.comparison import Comparison, ElementDifference, Fit, compare, compare_loosely
from address_model.elements import Elements
from address_model.lifecycle import GONE
from address_model.name_dictionary import kind_of_slip
from address_model.parsing import Parse
from service.addresses.queries import AddressRow
from service.matching.classification import ask_back, judge, nothing
from service.matching.keys import is_overfull
from service.matching.queries.dictionaries import Dictionaries
from service.matching.queries.doors import list_doors, list_neighbours
from service.matching.queries.reparse import reread, said_of, squeeze_address
from service.matching.queries.search_plan import doors_of, neighbours_of, orders_of, plan
from service.matching.resolution import Candidate, Resolution, Search
from service.matching.resolve_options import ResolveOptions

_READ_OTHERWISE = (ElementDifference("text", "", "", 0.98),)
"""The same characters, divided into other elements by the register."""

NOTHING = Resolution("", "none")
_Held = dict[tuple[str, str], list[AddressRow]]
"""Addresses by county and street."""


def repair_many(
    session: Session, held: Dictionaries, readings: Sequence[Parse], focus: ResolveOptions
) -> list[Resolution]:
    """Find the addresses that texts without an exact match mean, or the likeliest ones.

    Names are repaired in memory, then the doors of all texts are read together. Texts not found
    this way are parsed again with the names of the county.
    """
    if not readings:
        return []
    answers = _answer_plans(session, [plan(session, held, one, focus) for one in readings])
    lost = [at for at, answer in enumerate(answers) if answer.category != "B"]
    again = [reread(session, held, readings[at], focus) for at in lost]
    for at, found in zip(lost, _answer_plans(session, again), strict=True):
        if found.category == "B":
            answers[at] = found
    return answers


def _answer_plans(
    session: Session, plans: Sequence[Sequence[Search | Resolution]]
) -> list[Resolution]:
    """The result of each plan: its only firm one, else its first."""
    searches = [search for made in plans for search in made if isinstance(search, Search)]
    doors = list_doors(session, [door for search in searches for door in doors_of(search)])
    by_street = _by_street(doors)
    found = {id(search): _candidates(search, by_street) for search in searches}
    lost = [
        s for s in searches if not s.literal and all(fit is Fit.OTHER for _, fit in found[id(s)])
    ]
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
        codes = {answer.address.code for answer in firm if answer.address}
        answers.append(firm[0] if len(codes) == 1 else each[0] if each else NOTHING)
    return answers


def _answer(search: Search, found: list[tuple[Candidate, Fit]], neighbours: _Held) -> Resolution:
    whole = [candidate for candidate, fit in found if fit is Fit.WHOLE]
    if whole:
        return judge(search, whole)
    near = [candidate for candidate, fit in found if fit is not Fit.OTHER]
    if not near:  # then the doors nearest to a missing number
        for door in neighbours_of(search):
            for row in neighbours.get((door.county, door.street), ()):
                difference = compare(search.wanted, row.elements).differences
                apart = abs((orders_of(row.elements) or [0])[0] - (door.number_order or 0))
                score = search.names[door.street].factor * 0.6 / (1 + apart / 50)
                near.append(Candidate(row, score, difference, ("no such number; the nearest",)))
        near = sorted(near, key=lambda candidate: -candidate.score)[:6]
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
    said = search.literal or said_of(search.reading)
    by_letter = bool(search.literal) or is_overfull(search.reading)
    found = []
    for county in search.counties:
        for match in search.names.values():
            repairs = search.repairs
            if match.kind != "exact" and not repairs:
                repairs = (f"{search.wanted.street} read as {match.name} ({match.kind})",)
            for row in held.get((county, match.name), ()):
                held_as = row.elements
                # a row that was read for another text, by its characters or its number
                if search.literal and said != squeeze_address(held_as):
                    continue
                there = () if search.literal else orders_of(held_as)
                if orders and there and orders.isdisjoint(there):
                    continue
                comparison = _compare(search, match.name, held_as, said, by_letter=by_letter)
                score = comparison.score * match.factor
                candidate = Candidate(row, score, comparison.differences, repairs)
                found.append((candidate, comparison.fit))
    return sorted(found, key=lambda pair: -pair[0].score)


def _compare(
    search: Search, name: str, held: Elements, said: str, *, by_letter: bool
) -> Comparison:
    """Compare element by element; equal characters mean the same place, however divided.

    A text may name another road than the row that was found by ``name``, its estate or village.
    """
    comparison = compare_loosely(search.wanted, held)
    if comparison.fit is not Fit.WHOLE or by_letter:
        # The divisions may place two equal local texts in different places.
        contradicts = any(
            d.factor == 0.0 and d.level in ("township", "community") for d in comparison.differences
        )
        if said == squeeze_address(held) and not contradicts:
            comparison = Comparison(Fit.WHOLE, _READ_OTHERWISE)
        elif comparison.fit is Fit.WHOLE:
            comparison = Comparison(Fit.ABOVE, comparison.differences)
    road, known = search.wanted.thoroughfare, held.thoroughfare or name
    if not road or search.literal or name == held.thoroughfare:
        return comparison
    # A road that the register does not have makes the match unsafe; a misspelt name (文化路 for
    # 文华路) is not another road.
    if kind_of_slip(road, known) in ("", "contrast") and not known.endswith(road):
        other = ElementDifference("thoroughfare", road, held.thoroughfare, 0.7)
        return Comparison(comparison.fit, (*comparison.differences, other))
    return comparison

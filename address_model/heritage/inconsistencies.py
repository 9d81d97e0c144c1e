"""Finds by rule what in an entry does not fit together, for an editor to look into."""

import re
from collections.abc import Iterator, Mapping

from address_model.heritage.catalogue import CatalogueEntry, Scheme
from address_model.heritage.claims import Claim
from address_model.heritage.criteria import CriterionVerdict, judge
from address_model.heritage.persons import PERSONS
from address_model.heritage.reigns import UnclearDate, list_reigns, parse_reign_date
from address_model.heritage.years import year_text, years_between

_LATE = 1000
"""Years after which a first witness is no longer near to what it attests."""
_SETTLED = ("settlement", "structure", "seat")
_LATE_REIGNS = ("明", "清")
"""Dynasties whose reign names a story is read for; earlier ones are ordinary words as well."""
_TOLD = ("legend", "genealogy", "unsorted")
"""Accounts that tell how the name came about; a documented one may go on to later times."""
_YEAR = re.compile(r"(?<![0-9])([0-9]{3,4})(?![0-9])")


def list_inconsistencies(
    entry: CatalogueEntry, schemes: Mapping[str, Scheme], year: int
) -> list[str]:
    """All inconsistencies of an entry, in Chinese, with recognitions judged at their year.

    A name older than its settlement, a recognition that is not borne out or without a source, a
    year outside its reign, a source that is older than what it attests or a thousand years newer,
    a story of the origin that names a later person or reign.
    """
    found = [*_ages(entry), *_recognitions(entry, schemes, year)]
    for claim in entry.attestations:
        found += [*_reign(claim), *_witnesses(claim)]
    found += _stories(entry)
    return list(dict.fromkeys(found))


def _ages(entry: CatalogueEntry) -> Iterator[str]:
    named = [one.year for one in entry.claims if one.subject == "name" and one.year]
    settled = [
        one.year
        for one in entry.claims
        if one.subject in _SETTLED and one.year and not one.not_after
    ]
    if named and settled and min(named) < min(settled):
        yield (
            f"地名见于{year_text(min(named))}，早于聚落或建筑的始年{year_text(min(settled))}，"
            "两者必有一误或所指不同"
        )


def _recognitions(entry: CatalogueEntry, schemes: Mapping[str, Scheme], year: int) -> Iterator[str]:
    is_borne = any(one.subject == "list_status" and not one.is_weak for one in entry.claims)
    for listing in entry.recognitions:
        if listing.status != "recognized":
            continue
        if not is_borne and not listing.published:
            yield f"{listing.list_name}已认定，但公布文件或报道未见，只有网页转载"
        scheme = schemes.get(listing.scheme_code)
        for finding in judge(entry, scheme, listing.year or year) if scheme else ():
            is_open = finding.verdict in (CriterionVerdict.NOT_MET, CriterionVerdict.UNKNOWN)
            if is_open and finding.criterion != "present_level":
                yield f"{listing.list_name}已认定，但{finding.reason}"


def _reign(claim: Claim) -> Iterator[str]:
    """A year outside the reign in its text."""
    if claim.year is None or not claim.calendar_text:
        return
    try:
        date = parse_reign_date(claim.calendar_text)
    except UnclearDate:
        return
    if not date.first <= claim.year <= date.last:
        yield (
            f"{claim.calendar_text}是{year_text(date.first)}"
            + (f"至{year_text(date.last)}" if date.last != date.first else "")
            + f"，登记为{year_text(claim.year)}"
        )


def _witnesses(claim: Claim) -> Iterator[str]:
    """A first witness before, or long after, the year that it attests."""
    if claim.year is None or claim.not_after:
        return
    dated = [
        (int(found[1]), one) for one in claim.bearing if (found := _YEAR.search(one.published))
    ]
    if not dated:
        return
    year, first = min(dated, key=lambda pair: pair[0])
    if year < claim.year:
        yield f"{first.title}成于{year}年，早于它所证的{year_text(claim.year)}"
    elif (gap := years_between(claim.year, year)) >= _LATE:
        yield f"{year_text(claim.year)}的事，最早的出处{first.title}晚出 {gap} 年"


def _stories(entry: CatalogueEntry) -> Iterator[str]:
    """An account of the origin that names a person or a reign later than the name."""
    named = [one for one in entry.claims if one.subject == "name" and one.year is not None]
    if not named:
        return
    first = min(named, key=lambda one: one.year or 0)
    known = first.year or 0
    said = f"{'至迟' if first.not_after else ''}{year_text(known)}已有此名"
    for account in entry.accounts:
        if account.kind not in _TOLD:
            continue
        for person, (born, _) in PERSONS.items():
            if person in account.value and born > known:
                yield f"{said}，得名之说却提到{person}（{year_text(born)}生）"
        for reign in list_reigns():
            is_late = reign.first > known or (first.not_after and reign.first == known)
            if not is_late or reign.dynasty not in _LATE_REIGNS:
                continue
            if re.search(f"{reign.name}(?!《)", account.value):
                yield f"{said}，得名之说却提到{reign.name}（{year_text(reign.first)}起）"

"""What may be published of a count: no published figure lets anybody work out a count under ten.

The rules (docs/decisions/0068) are those of statistical disclosure control. What is hidden enters
no other published figure, so that no sum or difference leads back to it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

LEAST = 10
"""The smallest count that is told; k of k-anonymity."""

Shown = int | None
"""A figure as published; None where it is under ``LEAST``, zero included."""


class Subject(StrEnum):
    """What a public figure counts.

    PLATES, DOORS and HUNG are stocks: plates in use, addresses that are to have a plate, and those
    of them that have one in use. The others are of events within the month; ANSWER_DAYS is the
    median number of days until a report was answered.
    """

    PLATES = "plates"
    DOORS = "doors"
    HUNG = "hung"
    SCANS = "scans"
    SCANS_BY_DAY = "scans_by_day"
    REPORTS = "reports"
    REPORTS_BY_KIND = "reports_by_kind"
    ANSWER_DAYS = "answer_days"


def show_count(count: int) -> Shown:
    """A count of events within a period that is over; each event is in one such count."""
    return count if count >= LEAST else None


def show_stock(count: int) -> Shown:
    """A stock, rounded down to tens: the difference of two months tells no change exactly."""
    return count - count % LEAST if count >= LEAST else None


def show_parts(parts: Sequence[int]) -> Sequence[int] | None:
    """The parts of a published count (its days), or None if one of them is under ``LEAST``.

    All or none: the whole is published, so that it would tell the one part that is left out.
    """
    return parts if all(part >= LEAST for part in parts) else None


def show_kinds(kinds: Mapping[str, int], rest: str) -> Mapping[str, int] | None:
    """The kinds of a published count, small ones counted under ``rest``.

    None if even ``rest`` with them is under ``LEAST``: the whole would tell it.
    """
    shown = {kind: count for kind, count in kinds.items() if kind != rest and count >= LEAST}
    others = sum(kinds.values()) - sum(shown.values())
    return shown | {rest: others} if others >= LEAST else None


def add_shown(figures: Iterable[Shown]) -> Shown:
    """The sum of published figures, hidden ones left out; None if none is published."""
    shown = [figure for figure in figures if figure is not None]
    return sum(shown) if shown else None


def percent_of(part: Shown, whole: Shown) -> int | None:
    """The share of two published figures in whole percent; None if either is hidden."""
    return min(100, part * 100 // whole) if part and whole else None


class Figure(NamedTuple):
    """One public figure: of a county (six digits, "" for the whole register) and an item of it."""

    subject: Subject
    county: str
    item: str
    value: Shown


def publish_stocks(stocks: Mapping[str, Mapping[Subject, int]]) -> Iterator[Figure]:
    """The figures of the stocks of each county."""
    for county, counts in stocks.items():
        for subject, count in counts.items():
            yield Figure(subject, county, "", show_stock(count))


def publish_scans(scans: Mapping[str, Sequence[int]]) -> Iterator[Figure]:
    """The figures of a month's scans, given for each county by day from the first to the last."""
    for county, days in scans.items():
        yield Figure(Subject.SCANS, county, "", show_count(sum(days)))
        for day, count in enumerate(show_parts(days) or (), start=1):
            yield Figure(Subject.SCANS_BY_DAY, county, f"{day:02}", count)


def publish_reports(reports: Mapping[str, Mapping[str, int]], rest: str) -> Iterator[Figure]:
    """The figures of a month's reports; given are those of each county by kind.

    The kinds are told of the whole register, of the counties alone whose number is told.
    """
    kinds: Counter[str] = Counter()
    for county, counts in reports.items():
        shown = show_count(sum(counts.values()))
        yield Figure(Subject.REPORTS, county, "", shown)
        if shown is not None:
            kinds.update(counts)
    for kind, count in (show_kinds(kinds, rest) or {}).items():
        yield Figure(Subject.REPORTS_BY_KIND, "", kind, count)


def publish_answer_days(answers: Mapping[str, tuple[int, float]]) -> Iterator[Figure]:
    """The median of days to the answer of each county; given are number of answers and median.

    It is told, in whole days, where the number might be told.
    """
    for county, (count, median) in answers.items():
        value = None if show_count(count) is None else round(median)
        yield Figure(Subject.ANSWER_DAYS, county, "", value)

"""The day comes from the clock: the database and the machine count in UTC, the people do not."""

import re

import pytest

from tests.architecture.source_tree import faults_of, source_modules

DAY_ELSEWHERE = re.compile(
    r"current_date|localtimestamp|date\.today\(|datetime\.(today|utcnow)\(|datetime\.now\(\)"
    r"|now_utc\(\)\.(date|year|month|day)\b|now\(\)::date",
    re.IGNORECASE,
)
TECHNICAL = {"service.core.limits": "the day of a salt that nobody is told of"}
ELSEWHERE = ("migrations", "service.core.clock", *TECHNICAL)
MODULES = [m for m in source_modules() if not m.name.startswith(ELSEWHERE)]


def other_days(source: str) -> list[str]:
    """The places of a source where a day is asked of somebody else than the clock."""
    return [found[0] for found in DAY_ELSEWHERE.finditer(source)]


def test_the_day_comes_from_the_clock() -> None:
    assert faults_of(MODULES, lambda module: other_days(module.text)) == {}


@pytest.mark.parametrize(
    "source",
    [
        'text("update t set valid_to = current_date")',
        "func.current_date()",
        "date.today()",
        "datetime.now().date()",
        "(on or datetime.utcnow())",
        "now_utc().date()",
        'text("select now()::date")',
    ],
)
def test_another_day_is_found(source: str) -> None:
    assert other_days(source)


def test_moments_are_no_days() -> None:
    assert not other_days("now_utc(), datetime.now(UTC), text('clock_timestamp()'), today()")

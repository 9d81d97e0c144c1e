"""Reads how plates were scanned lately and before, and how their neighbours were.

Only plates with counts are read, in slices of the key of ``scan_count``: tokens are random, so a
slice is a random part of the register, and each fits in memory whatever its size.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.tokens import ALPHABET, LENGTH
from service.alarms.windows import NIGHT_FROM_H, NIGHT_TO_H, Windows
from service.core.clock import day_of, zone

LEAST_RECENT, LEAST_AT_NIGHT = 6, 1
"""Scans on each of three days, or in each of three nights, below which nothing is a burst."""

_RHYTHMS = text(f"""
with rhythm as materialized (
  select token,
    sum(count) filter (where hour >= :recent) as recent,
    sum(count) filter (where hour >= :recent and hour < :day_2) as recent_1,
    sum(count) filter (where hour >= :day_2 and hour < :day_3) as recent_2,
    sum(count) filter (where hour >= :day_3) as recent_3,
    sum(count) filter (where hour >= :recent and night) as night,
    sum(count) filter (where hour >= :recent and hour < :day_2 and night) as night_1,
    sum(count) filter (where hour >= :day_2 and hour < :day_3 and night) as night_2,
    sum(count) filter (where hour >= :day_3 and night) as night_3,
    sum(count) filter (where hour >= :base and hour < :recent) as base,
    sum(count) filter (where hour >= :base and hour < :recent and night) as night_base,
    sum(count) filter (where hour >= :silent) as late,
    sum(count) filter (where hour >= :used and hour < :silent) as used
  from (select token, hour, count::integer as count,
      date_part('hour', hour at time zone :zone)
        not between {NIGHT_TO_H} and {NIGHT_FROM_H - 1} as night
    from scan_count where token >= :low and token < :high and token <> ''
      and hour >= :since and hour < :until and outcome = 'current') counted
  group by token),
placed as materialized (
  select r.*, p.code, d.code as division, p.status,
    coalesce(p.installed_at, p.created_at) as hung
  from rhythm r join plate p on p.token = r.token
    join address a on a.code = p.code join division d on d.id = a.division_id)
select
  (select coalesce(json_agg(t), '[]') from (select left(division, 9) as township,
    coalesce(sum(recent), 0) as recent, coalesce(sum(base), 0) as base,
    coalesce(sum(late), 0) as late, coalesce(sum(used), 0) as used, count(*) as plates
    from placed group by 1) t) as sums,
  (select coalesce(json_agg(c), '[]') from (select * from placed where :token in ('', token)
    and (:token <> '' or least(coalesce(recent_1, 0), coalesce(recent_2, 0), coalesce(recent_3, 0))
      >= {LEAST_RECENT}
    or least(coalesce(night_1, 0), coalesce(night_2, 0), coalesce(night_3, 0)) >= {LEAST_AT_NIGHT}
    or (coalesce(used, 0) >= :least_used and coalesce(late, 0) <= used * :little))) c)
    as candidates
""")  # noqa: S608 - numbers of this module only
_FIRST = text(
    "select coalesce((select hour from scan_count where hour < :early limit 1), "
    "(select min(hour) from scan_count))"
)
_BY_DAY = text(
    "select token, (hour at time zone :zone)::date as day, sum(count)::bigint as count "
    "from scan_count where token = any(:tokens) and hour >= :since and hour < :until group by 1, 2"
)
LITTLE = 0.05
"""A plate is silent with this part of its usual scans or less: a stray scan changes nothing."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One plate that may be suspicious: scans in the windows of a judged day.

    ``recent_N`` and ``night_N`` are those of the three last days, ``base`` those of the four weeks
    before, ``late`` and ``used`` those of the silent days and the four weeks before them.
    """

    token: str
    code: str
    division: str
    status: str
    hung: date
    recent: int
    recent_1: int
    recent_2: int
    recent_3: int
    night: int
    night_1: int
    night_2: int
    night_3: int
    base: int
    night_base: int
    late: int
    used: int


@dataclass(frozen=True, slots=True)
class Sums:
    """The scans of all plates of a division in the same windows."""

    recent: int = 0
    base: int = 0
    late: int = 0
    used: int = 0
    plates: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Sums)))


@dataclass(frozen=True, slots=True)
class Slice:
    """Part of the register: the sums of its townships (9 digits), and the plates to look at."""

    sums: dict[str, Sums]
    rhythms: tuple[Rhythm, ...]


def find_first_count(session: Session, early: datetime) -> datetime | None:
    """An hour of a count before ``early``, or of the first that is kept; None before any scan."""
    found: datetime | None = session.scalar(_FIRST, {"early": early})
    return found


def read_slices(
    session: Session, windows: Windows, used_scans: float, *, parts: int = len(ALPHABET)
) -> Iterator[Slice]:
    """The plates with counts, in ``parts`` slices (a divisor of 32).

    ``used_scans`` a day make a plate a much-used one.
    """
    step = len(ALPHABET) // parts
    lows = ["", *ALPHABET[step::step]]
    for low, high in zip(lows, [*lows[1:], "Z" * (LENGTH + 1)], strict=True):
        yield _read(session, windows, used_scans, {"low": low, "high": high, "token": ""})


def read_rhythm(session: Session, windows: Windows, token: str) -> Rhythm | None:
    """One plate, suspicious or not; None without any count or an address."""
    asked = {"low": token, "high": token + "0", "token": token}
    return next(iter(_read(session, windows, 0.0, asked).rhythms), None)


def count_by_day(
    session: Session, tokens: list[str], since: datetime, until: datetime
) -> dict[tuple[str, date], int]:
    """The scans of plates by token and local day, whatever the outcome."""
    asked = {"tokens": tokens, "since": since, "until": until, "zone": str(zone())}
    rows = session.execute(_BY_DAY, asked).all()
    return {(token, day): int(count) for token, day, count in rows}


def _read(session: Session, windows: Windows, used_scans: float, asked: dict[str, str]) -> Slice:
    values: dict[str, Any] = asked | {
        "recent": windows.recent,
        "day_2": windows.before(2),
        "day_3": windows.before(1),
        "base": windows.base,
        "silent": windows.silent,
        "used": windows.used,
        "since": windows.since,
        "until": windows.until,
        "zone": str(zone()),
        "least_used": used_scans * (windows.silent - windows.used).days,
        "little": LITTLE,
    }
    row = session.execute(_RHYTHMS, values).one()
    sums = {one.pop("township"): Sums(**one) for one in row.sums}
    return Slice(sums, tuple(_rhythm(one) for one in row.candidates))


def _rhythm(found: dict[str, Any]) -> Rhythm:
    values: dict[str, Any] = {name: value or 0 for name, value in found.items()}
    return Rhythm(**values | {"hung": day_of(datetime.fromisoformat(found["hung"]))})

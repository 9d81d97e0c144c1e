"""The calls of a program by day as bars of a drawing, without a script."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 720, 160
_STEP_SIZES = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """The calls of one day: ``height`` and the part that was refused, in units of the drawing."""

    day: date
    count: int
    refused: int
    x: float
    height: float
    refused_height: float


@dataclass(frozen=True, slots=True)
class UsageChart:
    """The bars from left to right, their width, and the count at the upper edge."""

    bars: tuple[Bar, ...]
    width: float
    top: int


def draw_usage(
    calls: Mapping[date, int], refused: Mapping[date, int], last: date, days: int
) -> UsageChart:
    """The last ``days`` days up to ``last``; refused calls stand above the answered ones."""
    span = [last - timedelta(days=days - 1 - n) for n in range(days)]
    most = max([calls.get(day, 0) + refused.get(day, 0) for day in span] + [1])
    power = 10 ** (len(str(most)) - 1)
    top = next(n * power for n in (*_STEP_SIZES, 10) if n * power >= most)
    slot = WIDTH / days
    bars = tuple(
        Bar(
            day,
            calls.get(day, 0),
            refused.get(day, 0),
            round(place * slot, 1),
            round(calls.get(day, 0) / top * HEIGHT, 1),
            round(refused.get(day, 0) / top * HEIGHT, 1),
        )
        for place, day in enumerate(span)
    )
    return UsageChart(bars, round(slot * 0.8, 1), top)

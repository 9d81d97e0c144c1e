"""A small row of bars: the scans of a plate on each of the last days."""

from collections.abc import Sequence
from dataclasses import dataclass

STEP, HEIGHT = 9, 28
"""Width of a day, and height of the busiest one, in units of the drawing."""


@dataclass(frozen=True, slots=True)
class DailyBars:
    """The bars of some days, oldest first: left edge, height and scans of each."""

    bars: tuple[tuple[int, int, int], ...]
    width: int
    words: str


def draw_bars(by_day: Sequence[int]) -> DailyBars | None:
    """Draw the scans of days; None where no plate is meant. A day with scans has a bar."""
    if not by_day:
        return None
    most = max(*by_day, 1)
    heights = [max(1, round(count * HEIGHT / most)) if count else 0 for count in by_day]
    bars = tuple((at * STEP, height, count) for at, (height, count) in
                 enumerate(zip(heights, by_day, strict=True)))  # fmt: skip
    told = "、".join(map(str, by_day))
    return DailyBars(bars, STEP * len(by_day), f"报出前 {len(by_day)} 天每天的扫码次数：{told}")

"""The drawing of calls by day: its scale, its bars, days without a call."""

from datetime import date, timedelta

import pytest

from service.admin.clients.usage_chart import HEIGHT, WIDTH, draw_usage

LAST = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("most", "top"), [(0, 1), (1, 1), (3, 5), (7, 10), (10, 10), (11, 20), (4_321, 5_000)]
)
def test_the_upper_edge_is_a_round_number_that_no_bar_exceeds(most: int, top: int) -> None:
    chart = draw_usage({LAST: most}, {}, LAST, 30)
    assert chart.top == top
    assert chart.bars[-1].height == pytest.approx(most / top * HEIGHT, abs=0.1)


def test_each_day_has_a_bar_and_refusals_stand_above_answers() -> None:
    yesterday = LAST - timedelta(days=1)
    chart = draw_usage({yesterday: 60}, {yesterday: 40, LAST: 5}, LAST, 30)
    assert [bar.day for bar in chart.bars[-2:]] == [yesterday, LAST]
    assert len(chart.bars) == 30
    before = chart.bars[-2]
    assert (before.height, before.refused_height) == (HEIGHT * 0.6, HEIGHT * 0.4)
    assert chart.bars[-1].x + chart.width <= WIDTH
    assert all(bar.height == bar.refused_height == 0 for bar in chart.bars[:-2])

from datetime import date

import pytest

from service.admin.crew.due_words import due_words

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (date(2026, 12, 1), "今天到期"),
        (date(2026, 12, 3), "后天到期"),
        (date(2026, 12, 4), "12月4日（周五）前"),
        (date(2027, 1, 9), "2027年1月9日（周六）前"),
        (date(2026, 11, 30), "已过期 1 天（11月30日）"),
        (date(2025, 12, 1), "已过期 365 天（2025年12月1日）"),
    ],
)
def test_a_due_day_is_said_as_people_say_it(due: date, said: str) -> None:
    assert due_words(due, TODAY) == said

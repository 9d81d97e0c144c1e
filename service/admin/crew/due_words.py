"""A due day as people say it: 今天到期, 12月14日（周一）前, 已过期 3 天."""

from datetime import date, timedelta

_SOON = ("今天到期", "明天到期", "后天到期")
_WEEKDAYS = "一二三四五六日"


def due_words(due: date, today: date) -> str:
    """A due day as a crew is told it, on a day; the year stands with days of another one."""
    days = (due - today) // timedelta(days=1)
    year = f"{due.year}年" if due.year != today.year else ""
    day = f"{year}{due.month}月{due.day}日"
    if days < 0:
        return f"已过期 {-days} 天（{day}）"
    if days < len(_SOON):
        return _SOON[days]
    return f"{day}（周{_WEEKDAYS[due.weekday()]}）前"

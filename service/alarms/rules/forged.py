"""The rule for forgeries: unknown tokens that begin alike, scanned more than typing faults are.

Tokens are random, so the beginnings of misread ones are spread evenly over 32 to the power of
their length, and one worn plate is misread at a steady rate. A series that counts up, shares
characters, or is one token again and again lies under one beginning of five, four or three
characters. Longer beginnings are judged first, and what they explain is taken off the shorter.
"""

from collections import Counter
from collections.abc import Sequence

from address_model.alarms import AlarmRule
from address_model.tokens import ALPHABET
from service.alarms.chances import chance_of_more, shape_of
from service.alarms.queries.unknown_tokens import Beginning
from service.alarms.signs import AlarmFigures, Sign
from service.alarms.windows import BASE_DAYS, WEEK_DAYS
from service.core.settings import Settings

LENGTHS = (5, 4, 3)
TIMES = 4.0
"""A beginning that was misread before must be scanned so many times as often as then."""


def judge_forged(found: Sequence[Beginning], settings: Settings) -> list[Sign]:
    """The signs of forgery series among the beginnings of unknown tokens."""
    total = sum(one.seen for one in found)
    left = Counter({one.text: one.seen for one in found})
    before = Counter({one.text: one.before for one in found})
    signs = []
    for length in LENGTHS:
        seen: Counter[str] = Counter()
        earlier: Counter[str] = Counter()
        for text in left:
            seen[text[:length]] += left[text]
            earlier[text[:length]] += before[text]
        spread = total / len(ALPHABET) ** length
        for beginning, count in sorted(seen.items()):
            if len(beginning) < length or count < settings.alarm_forged_scans:
                continue
            usual = earlier[beginning] / BASE_DAYS
            expected = max(spread, usual * WEEK_DAYS)
            shape = shape_of(earlier[beginning], WEEK_DAYS)
            chance = chance_of_more(count, expected, shape)
            if count < expected * TIMES or chance > settings.alarm_chance / len(seen):
                continue
            figures = AlarmFigures(
                days=WEEK_DAYS,
                seen=count,
                expected=round(expected, 2),
                usual=round(usual, 2),
                chance=chance,
            )
            signs.append(Sign(AlarmRule.FORGED, beginning, figures))
            for text in left:
                if text.startswith(beginning):
                    left[text] = 0
    return signs

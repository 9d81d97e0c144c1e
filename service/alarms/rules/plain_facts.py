"""The rules that need no statistics: a fact of the register, and scans enough to matter."""

from collections.abc import Iterable, Iterator

from address_model.alarms import AlarmRule
from service.alarms.queries.out_of_use import OutOfUse
from service.alarms.queries.unconfirmed import UnconfirmedDuty
from service.alarms.signs import AlarmFigures, Sign
from service.alarms.windows import WEEK_DAYS


def judge_out_of_use(found: Iterable[OutOfUse]) -> Iterator[Sign]:
    """A plate scanned though it ended, or before it was hung."""
    for one in found:
        rule = AlarmRule.ENDED if one.ended else AlarmRule.UNHUNG
        figures = AlarmFigures(days=WEEK_DAYS, seen=one.seen)
        yield Sign(rule, one.token, figures, one.token, one.code, one.division)


def judge_unconfirmed(found: Iterable[UnconfirmedDuty]) -> Iterator[Sign]:
    """A contact that nobody confirmed, on a plate that many people scan."""
    for one in found:
        yield Sign(
            AlarmRule.UNCONFIRMED,
            str(one.duty_id),
            AlarmFigures(days=WEEK_DAYS, seen=one.seen),
            one.token,
            one.code,
            one.division,
            one.area,
        )

"""Alarms raised about plates that others work with, and closed."""

from sqlalchemy import text

from address_model.alarms import AlarmRule
from service.alarms import commands as alarms
from service.alarms.signs import AlarmFigures, Sign
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import today
from service.core.errors import Conflict
from service.core.settings import get_settings
from tests.writer_steps.hand import Hand

_PLACE = text(
    "select a.code, d.code as division from plate p join address a on a.code = p.code "
    "join division d on d.id = a.division_id where p.token = :token"
)


def raise_alarms(hand: Hand) -> None:
    _raise(hand)


def close_alarm(hand: Hand) -> None:
    for number in _raise(hand):
        with hand.database.session() as session:
            try:
                alarms.close_alarm(session, number, "没有查到", ME)
            except Conflict:
                return  # a crew was there first


def _raise(hand: Hand) -> list[int]:
    token = hand.token()
    figures = AlarmFigures(days=3, seen=90, expected=24.0, usual=8.0)
    with hand.database.session() as session:
        place = session.execute(_PLACE, {"token": token}).one()
        rule = hand.drawn.choice((AlarmRule.COPIED, AlarmRule.ENDED))
        sign = Sign(rule, token, figures, token, place.code, place.division)
        raised = alarms.raise_alarms(session, today(), [sign], get_settings(), again=True)
    return [one.number for one in raised]

"""Alarms and their form, for the samples of routes."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

from address_model.alarms import AlarmRule
from service.addresses.queries import get_address
from service.alarms.commands import raise_alarms
from service.alarms.signs import AlarmFigures, Sign
from service.core.clock import today
from service.core.database import Session
from service.core.settings import get_settings
from tests.factories.office import COUNTIES, Office

_numbers = count(10_000)


def make_alarm(office: Office, side: str) -> dict[str, str]:
    """A plate that seems to be copied, with its work item."""
    figures = AlarmFigures(days=3, seen=93, expected=24.3, usual=8.1, at_night=31, chance=1e-9)
    code, token = office.codes[side], office.plates[side]
    with office.database.session() as session:
        division = get_address(session, code).division_code
        subject = f"{token}{next(_numbers)}"
        sign = Sign(AlarmRule.COPIED, subject, figures, token, code, division)
        return _raised(session, sign)


def make_series(office: Office, side: str) -> dict[str, str]:
    """Unknown tokens that begin alike, which have no work item."""
    figures = AlarmFigures(days=7, seen=61, expected=0.4)
    with office.database.session() as session:
        subject, division = str(next(_numbers)), COUNTIES[side]
        return _raised(session, Sign(AlarmRule.FORGED, subject, figures, division=division))


def _raised(session: Session, sign: Sign) -> dict[str, str]:
    day = today() - timedelta(days=1)
    (raised,) = raise_alarms(session, day, [sign], get_settings(), again=True)
    return {"number": str(raised.number)}


ALARM_RECORDS: dict[str, Callable[[Office, str], dict[str, str]]] = {
    "/admin/alarms/{number}": make_alarm,
    "/admin/alarms/{number}/close": make_series,
}
"""How an alarm is made for its pages, by the beginning of the path."""

ALARM_FIELDS: dict[str, Callable[[str], dict[str, str]]] = {
    "/admin/alarms/{number}/close": lambda _: {"finding": "没有查到"},
}
"""What a form sends, by path."""

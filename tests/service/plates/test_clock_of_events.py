"""When something happened is judged by the database's clock: that of a server may be wrong."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.inspections import PlateEventKind
from service.core.actor import COMMAND_LINE
from service.core.clock import now_utc
from service.core.errors import BadRequest
from service.plates import event_report
from service.plates.commands import record_visit
from service.plates.event_report import EventReport
from tests.factories.plates import make_plates

AHEAD = timedelta(hours=25)


def test_an_event_ahead_of_the_clock_is_refused_whatever_the_server_believes(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    (token,) = make_plates(session, 1)
    monkeypatch.setattr(event_report, "now_utc", lambda: now_utc() + AHEAD)
    visit = EventReport("a", now_utc() + AHEAD)
    with pytest.raises(BadRequest, match="later than now"):
        record_visit(session, token, PlateEventKind.INSTALLED, visit, COMMAND_LINE)
    event = record_visit(session, token, PlateEventKind.INSTALLED, EventReport("b"), COMMAND_LINE)
    now = session.execute(select(func.clock_timestamp())).scalar_one()
    assert timedelta(0) <= now - event.at < timedelta(minutes=1)

"""`menpai alarms`: a day judged by hand, a plate explained, what is open listed."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import text

from service.core.clock import today, zone
from service.core.database import Database
from tests.command_line import menpai
from tests.database import TestDatabase
from tests.factories.plates import make_plates


def test_a_day_is_judged_a_plate_explained_and_alarms_listed(fresh_database: TestDatabase) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        busy, waiting = make_plates(session, 2, status="to_install")
        session.execute(
            text("update plate set status = 'in_use' where token = :token"), {"token": busy}
        )
        session.execute(
            text("insert into scan_count values (:token, :hour, 'current', :count)"),
            [
                {
                    "token": token,
                    "hour": datetime.combine(today() - timedelta(back), time(9), tzinfo=zone()),
                    "count": 6,
                }
                for back in range(1, 36)
                for token in (busy, waiting)
            ],
        )
    database.dispose()

    def told(*arguments: str) -> Any:
        return menpai("alarms", *arguments, "--json", database=fresh_database).json

    assert len(told("judge")["raised"]) == 1
    assert told("judge")["raised"] == []
    (listed,) = told("list")["alarms"]
    assert (listed["rule"], listed["subject"]) == ("unhung", waiting)
    explained = told("explain", busy)
    assert explained["recent"] == [6, 6, 6]
    assert explained["is_copied"] is False
    assert menpai("alarms", "explain", "nothing", database=fresh_database).code != 0
    day = str(today() - timedelta(days=300))
    assert menpai("alarms", "explain", busy, "--day", day, database=fresh_database).code != 0

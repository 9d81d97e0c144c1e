from datetime import timedelta

from address_model.tables import ScanCount
from service.core.clock import day_of, now_utc
from service.core.database import Database
from service.plates.queries import get_plate
from tests.command_line import call
from tests.database import TestDatabase
from tests.factories import make_plates


def test_a_plate_is_installed_reported_replaced_and_listed_by_command(
    fresh_database: TestDatabase,
) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        (token,) = make_plates(session)
    at = ("--lon", "120.165", "--lat", "30.24072")
    hung = call("plates", "install", token, *at, "--json", database=fresh_database)
    assert (hung.code, hung.json["after"], hung.json["far"]) == (0, "in_use", True)
    inspect = ("worklists", "inspect", "--year", "2026", "--division", "330102000000", "--json")
    assert call(*inspect, database=fresh_database).json["opened"] == 1
    call("plates", "report", token, "broken", "--note", "裂", database=fresh_database)
    work = call("worklists", "list", "--division", "330102", "--json", database=fresh_database)
    assert [(item["kind"], item["token"]) for item in work.json["items"]] == [("replace", token)]

    order = ("plates", "replace", token, "--reason", "破裂", "--id", "order-1", "--json")
    first = call(*order, database=fresh_database).json
    assert call(*order, database=fresh_database).json == first
    with database.reading() as session:
        assert get_plate(session, first["successor"]).generation == 2
    seen = call("plates", "events", token, database=fresh_database)
    assert [line.split()[3] for line in seen.out.splitlines()] == [
        "下单补换",
        "破裂，无法扫码",
        "安装",
    ]
    database.dispose()


def test_a_far_check_in_is_decided_about_and_work_put_off_by_command(
    fresh_database: TestDatabase,
) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        (token,) = make_plates(session)
    at = ("--lon", "120.165", "--lat", "30.24072", "--id", "hung-1")
    call("plates", "install", token, *at, database=fresh_database)
    (waiting,) = call("plates", "far", "--json", database=fresh_database).json["events"]
    assert (waiting["token"], waiting["id"]) == (token, "hung-1")
    decide = ("plates", "decide-far", token, "hung-1", "refused", "--note", "挂错了楼")
    assert "退回" in call(*decide, database=fresh_database).out
    assert "was decided about by" in call(*decide, database=fresh_database).err
    assert call("plates", "far", "--json", database=fresh_database).json["events"] == []
    with database.reading() as session:
        assert get_plate(session, token).status == "to_install"
    (item,) = call("worklists", "list", "--json", database=fresh_database).json["items"]
    number, due = str(item["item"]), "2099-01-31"
    put_off = ("worklists", "postpone", number, due, "--reason", "下雨", "--json")
    assert call(*put_off, database=fresh_database).json["due"] == due
    assert call("worklists", "note", number, "门口在修路", database=fresh_database).code == 0
    database.dispose()


def test_how_often_a_plate_was_scanned_is_said_day_by_day(fresh_database: TestDatabase) -> None:
    now = now_utc()
    hour = now.replace(minute=0, second=0, microsecond=0)
    database = Database(fresh_database.app_url)
    with database.session() as session:
        first, second = make_plates(session, 2)
        for days, outcome, count in ((0, "current", 3), (2, "void", 1), (40, "current", 7)):
            at = hour - timedelta(days=days)
            session.add(ScanCount(token=first, hour=at, outcome=outcome, count=count))
        session.add(ScanCount(token=second, hour=hour, outcome="current", count=9))
    database.dispose()
    said = call("plates", "scans", first.lower(), "--json", database=fresh_database)
    assert said.json == {
        "token": first,
        "scans": 4,
        "days": [
            {"day": str(day_of(hour)), "outcome": "current", "count": 3},
            {"day": str(day_of(hour - timedelta(days=2))), "outcome": "void", "count": 1},
        ],
    }
    today = call("plates", "scans", first, "--days", "1", database=fresh_database)
    assert today.out.splitlines()[-1] == f"3 scans of {first} since {day_of(now)}"
    unknown = call("plates", "scans", "0000000000", database=fresh_database)
    assert unknown.code == 2
    assert "no plate carries this token" in unknown.err

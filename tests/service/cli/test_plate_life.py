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
        "破裂、扫不出",
        "安装",
    ]
    database.dispose()

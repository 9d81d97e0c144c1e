"""Departments read units and their posts, and never who holds one."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.auth import commands as auth
from service.auth.members import Assignment
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import today
from service.core.database import Database
from service.core.settings import Settings
from service.organisations import commands
from tests.database import migrated_database
from tests.factories import make_place, make_program
from tests.factories.units import make_post, make_unit

HOLDER = "演示甲"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A department at a county with two units, one of whose posts is held."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            make_place(session)
            key = make_program(session, "urban")
            viewer = Assignment(Role.VIEWER, "330102")
            auth.create_account(session, "holder", viewer, ME, display_name=HOLDER)
            bureau = make_unit(session, "上城区公安分局", "330102000000")
            station = make_unit(session, parent=bureau.number)
            post = make_post(session, station)
            make_post(session, station, "内勤")
            commands.appoint_holder(
                session, station.number, post, "holder", begins=today(), actor=ME
            )
            make_unit(session, "西湖区民政局", "330106000000")
        app = create_app(database, Settings())
        with TestClient(app, headers={"authorization": f"Bearer {key}"}) as one:
            yield one
        database.dispose()


def test_the_units_of_a_division_come_page_by_page(client: TestClient) -> None:
    first = client.get("/api/v1/units?division=330102&limit=1")
    assert [one["name"] for one in first.json()["units"]] == ["上城区公安分局"]
    assert 'rel="next"' in first.headers["link"]
    cursor = first.json()["next"]
    second = client.get(f"/api/v1/units?division=330102&limit=1&cursor={cursor}").json()
    assert [one["name"] for one in second["units"]] == ["清波派出所（示例）"]
    assert second["next"] is None
    assert len(client.get("/api/v1/units").json()["units"]) == 3


def test_a_unit_has_its_posts_and_what_stands_below_it_without_names(client: TestClient) -> None:
    bureau = client.get("/api/v1/units/U3301020001")
    assert [one["number"] for one in bureau.json()["below"]] == ["U3301020002"]
    assert bureau.headers["etag"].startswith('"1.')
    answer = client.get("/api/v1/units/u3301020002")
    station = answer.json()
    assert station["parent"] == "U3301020001"
    assert station["posts"] == [
        {"name": "户籍民警", "is_held": True},
        {"name": "内勤", "is_held": False},
    ]
    assert "holder" not in answer.text
    assert HOLDER not in answer.text


def test_an_unknown_unit_is_a_problem_of_its_own_type(client: TestClient) -> None:
    answer = client.get("/api/v1/units/U9999990001")
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("/problems/unit-not-found")


def test_without_a_key_nothing_is_told(client: TestClient) -> None:
    assert client.get("/api/v1/units", headers={"authorization": ""}).status_code == 401

"""Divisions over the API that have ended: their days, successors and changes."""

from collections.abc import Iterator
from datetime import date

import pytest
from starlette.testclient import TestClient

from address_model.tables import Division
from service.app import create_app
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import get_settings
from service.divisions.commands import DecisionNotice, merge_division, rename_division
from tests.database import migrated_database
from tests.factories.divisions import make_place

MERGED, INTO = "330102002000", "330102001000"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """清波街道 was renamed, then 望江街道 merged into it on 1 May 2026."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            place = make_place(session)
            session.add(
                Division(
                    code=MERGED,
                    code_system="nbs",
                    edition="2023",
                    level=4,
                    name="望江街道",
                    parent_id=place.county_id,
                )
            )
        with database.session() as session:
            notice = DecisionNotice("上政〔2026〕1号", date(2026, 4, 1))
            rename_division(session, INTO, "清波门街道", notice, COMMAND_LINE)
            merger = DecisionNotice("上政〔2026〕2号", date(2026, 5, 1))
            merge_division(session, MERGED, INTO, merger, COMMAND_LINE)
        with TestClient(create_app(database, get_settings())) as made_client:
            yield made_client
        database.dispose()


def names(client: TestClient, **params: str) -> list[str]:
    asked = {"parent": "330102000000"} | params
    page = client.get("/api/v1/divisions", params=asked).json()
    return [one["name"] for one in page["divisions"]]


def test_what_has_ended_is_listed_when_asked_for_and_of_its_days(client: TestClient) -> None:
    assert names(client) == ["清波门街道"]
    assert names(client, include="ended") == ["清波门街道", "望江街道"]
    assert names(client, at="2026-04-30") == ["清波门街道", "望江街道"]
    assert names(client, at="2026-05-01") == ["清波门街道"]
    assert client.get("/api/v1/divisions", params={"include": "all"}).status_code == 422


def test_an_ended_division_leads_to_its_successor_and_tells_its_changes(
    client: TestClient,
) -> None:
    ended = client.get(f"/api/v1/divisions/{MERGED}").json()
    assert (ended["valid_to"], ended["successors"]) == ("2026-05-01", [INTO])
    (change,) = ended["changes"]
    assert (change["kind"], change["year"], change["source"]) == (
        "merged",
        2026,
        "上政〔2026〕2号",
    )
    into = client.get(f"/api/v1/divisions/{INTO}").json()
    assert (into["valid_to"], into["successors"]) == (None, [])
    assert [(one["kind"], one["old_name"]) for one in into["changes"]] == [
        ("renamed", "清波街道"),
        ("merged", "望江街道"),
    ]

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from address_model.coordinates import Point
from address_model.elements import Elements, Numbered, elements_to_plain
from address_model.positions import Accuracy, Position, PositionKind
from service.addresses import answer
from service.addresses.answer import AddressLookup
from service.addresses.commands import PositionDraft, set_position
from service.addresses.json_view import show_elements
from service.addresses.schemas import ElementsOut
from service.app import Application, create_app
from service.auth.queries import find_program
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import get_settings
from tests.database import migrated_database
from tests.event_loop import run_apart
from tests.factories.programs import make_program
from tests.factories.towns import Town, make_town

Asked = tuple[Application, TestClient, Town, str]


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            town = make_town(session, doors=16)
            gate = Position(PositionKind.ENTRANCE, Point(120.1641, 30.2402), Accuracy.MAPPED)
            set_position(session, PositionDraft(town.codes[0], gate), COMMAND_LINE)
            key = str(make_program(session, "department"))
        app = create_app(database, get_settings())
        with TestClient(app) as client:
            yield app, client, town, key


def test_the_quick_answer_is_that_of_the_route(asked: Asked) -> None:
    app, client, town, key = asked
    route = TestClient(app.fastapi)
    codes = [*town.codes, "3301061234567833", "330106", "3301 0612 3456 7833"]
    for code in codes:
        for shown in ({"Authorization": f"Bearer {key}"}, {"X-API-Key": key}):
            expected = route.get(f"/api/v1/addresses/{code}", headers=shown)
            found = client.get(f"/api/v1/addresses/{code}", headers=shown)
            assert found.status_code == expected.status_code, code
            assert found.json() == expected.json(), code
            assert list(found.json()) == list(expected.json())
            headers = dict(found.headers)
            headers.pop("x-request-id", None)  # the border's, which the route lies behind
            assert headers == dict(expected.headers), code


def test_without_a_valid_key_there_is_no_quick_answer(asked: Asked) -> None:
    _, client, town, key = asked
    for headers in ({}, {"Authorization": f"Bearer {key[:-1]}x"}, {"X-API-Key": "mp_1_2"}):
        found = client.get(f"/api/v1/addresses/{town.codes[0]}", headers=headers)
        assert found.status_code == 401
        assert town.codes[0] not in found.text


def test_calls_and_wrong_keys_are_noted_by_client_not_one_by_one(asked: Asked) -> None:
    app, client, town, key = asked
    tally, database = app.fastapi.state.tally, app.fastapi.state.database
    tally.flush()
    path = f"/api/v1/addresses/{town.codes[0]}"
    for _ in range(3):
        client.get(path, headers={"X-API-Key": key})
    client.get("/api/v1/addresses", headers={"X-API-Key": key})
    client.get(path, headers={"X-API-Key": f"{key[:-1]}x"})
    client.get(path)
    tally.flush()
    with database.reading() as session:
        newest = text(
            "select actor, action, subject, detail ->> 'count' from audit_entry "
            "order by position desc limit 5"
        )
        found = {tuple(row) for row in session.execute(newest)}
    (name,) = {row[0] for row in found} - {"client:?"}
    assert found == {
        (name, "clients:call", "getAddress", "3"),
        (name, "clients:call", "listAddresses", "1"),
        (name, "clients:read", "getAddress *", "3"),
        (name, "clients:read", "listAddresses *", str(len(town.codes))),
        ("client:?", "keys:refuse", "unknown, revoked or expired key", "1"),
    }


def test_a_key_shown_by_many_requests_at_a_time_is_looked_up_once(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _, town, key = asked
    lookup = AddressLookup(
        app.fastapi.state.reads, app.fastapi.state.tally, app.fastapi.state.quotas
    )
    looked_up: list[object] = []

    def find(session: Session, shown: object) -> object:
        looked_up.append(shown)
        return find_program(session, shown)  # type: ignore[arg-type]

    monkeypatch.setattr(answer, "find_program", find)
    scope = {
        "method": "GET",
        "path": f"/api/v1/addresses/{town.codes[0]}",
        "query_string": b"",
        "headers": [(b"x-api-key", key.encode())],
    }
    sent = []

    async def send(message: object) -> None:
        sent.append(message)

    async def ask() -> None:
        assert all(await asyncio.gather(*[lookup.answer(scope, send) for _ in range(50)]))
        await lookup.close()

    run_apart(ask())
    assert len(looked_up) == 1
    assert len(sent) == 100


@pytest.mark.parametrize(
    "elements",
    [
        Elements(province="浙江省", thoroughfare="河坊街", number=Numbered("88", "号")),
        Elements(
            thoroughfare="稠州西路",
            lanes=(Numbered("81", "巷"), Numbered("3", "弄")),
            number=Numbered("47", "号", "临", "1"),
            building=Numbered("3", "幢"),
            room=Numbered("16-23", "室"),
        ),
        Elements(natural_village="石门自然村", group=Numbered("5", "组")),
    ],
)
def test_elements_are_shown_as_the_route_shows_them(elements: Elements) -> None:
    shown = show_elements(elements_to_plain(elements))
    assert shown == ElementsOut.of(elements).model_dump()
    assert list(shown) == list(ElementsOut.model_fields)

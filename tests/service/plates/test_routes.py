import base64
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from service.app import create_app
from service.auth.commands import withdraw_grant
from service.auth.guards import FORM_HEADER
from service.auth.permissions import Permission, Role
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.core.settings import Settings
from service.plates.queries import get_plate
from service.plates.queries.events import list_events
from tests.database import migrated_database
from tests.factories.hosts import PUBLIC_URL
from tests.factories.plates import make_plates
from tests.factories.programs import grant_program, make_program
from tests.factories.staff import make_account, open_browser, sign_in


@dataclass
class Field:
    """The API over eleven plates, called by a maintenance program."""

    database: Database
    tokens: list[str]
    client: TestClient

    def send(self, token: str, **body: object) -> Any:
        """Send an event of the plate as it was just read."""
        etag = self.client.get(f"/api/v1/plates/{token}").headers.get("etag", "*")
        headers = {"If-Match": etag}
        return self.client.post(f"/api/v1/plates/{token}/events", json=body, headers=headers)


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            tokens = make_plates(session, 11)
            needed = (
                Permission.PLATES_READ,
                Permission.PLATES_INSTALL,
                Permission.INSPECTIONS_READ,
                Permission.INSPECTIONS_WRITE,
            )
            key = make_program(session, "maintenance", needed, "330102")
        home = tmp_path_factory.mktemp("home")
        settings = Settings(home=home, public_url=PUBLIC_URL, photo_limit=3)
        headers = {"Authorization": f"Bearer {key}"}
        with TestClient(create_app(database, settings), PUBLIC_URL, headers=headers) as client:
            yield Field(database, tokens, client)
        database.dispose()


def test_a_program_with_a_grant_records_and_reads_events(field: Field) -> None:
    token = field.tokens[0]
    place = {"lon": 120.165, "lat": 30.24072, "accuracy_m": 6}
    sent = field.send(token, id="a-1", kind="installed", note="门柱", **place)
    assert sent.status_code == 201
    body = sent.json()
    assert (body["after"], body["far"], body["actor"]) == ("in_use", True, "client:maintenance")
    assert body["distance_m"] == pytest.approx(79.8, abs=0.3)
    assert field.send(token, id="a-1", kind="installed", note="门柱", **place).json() == body
    assert field.send(token, id="a-1", kind="well").status_code == 409
    listed = field.client.get(f"/api/v1/plates/{token.lower()}/events").json()["events"]
    assert listed == [body]


def test_one_key_a_hundred_times_at_once_makes_one_event(field: Field) -> None:
    token = field.tokens[1]

    def send(number: int) -> tuple[int, str]:
        answer = field.client.post(
            f"/api/v1/plates/{token}/events",
            json={"kind": "installed"},
            headers={"Idempotency-Key": "one-and-the-same"},
        )
        if answer.status_code in (409, 503):  # it is running, or there was no place for it
            assert answer.headers.get("retry-after") or "request-running" in answer.text
            return send(number)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(12) as pool:
        answers = set(pool.map(send, range(100)))
    assert len(answers) == 1
    assert answers.pop()[0] == 201
    with field.database.reading() as session:
        assert len(list_events(session, token)) == 1


def test_what_was_not_granted_is_forbidden(field: Field) -> None:
    token = field.tokens[2]
    assert field.send(token, id="v", kind="voided", reason="x").status_code == 403
    assert field.send(token, id="o", kind="ordered", reason="x").status_code == 403
    with field.database.session() as session:
        grant_program(session, "maintenance", {Permission.PLATES_WRITE}, "330106")
    assert field.send(token, id="v", kind="voided", reason="x").status_code == 403
    with field.database.session() as session:
        wide = grant_program(session, "maintenance", {Permission.PLATES_WRITE})
    assert field.send(token, id="v", kind="voided", reason="x").status_code == 201
    with field.database.session() as session:
        withdraw_grant(session, wide, ME)
    assert field.send(field.tokens[3], id="v", kind="voided", reason="x").status_code == 403


def photo_of(colour: str) -> str:
    out = BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return base64.b64encode(out.getvalue()).decode()


def test_a_photo_comes_along_and_is_not_shown_to_programs(field: Field) -> None:
    sent = field.send(field.tokens[4], id="p", kind="installed", photo=photo_of("#0b4ea2"))
    assert (sent.status_code, sent.json()["has_photo"]) == (201, True)
    assert sent.headers["ratelimit-policy"] == '"photos";q=3;w=86400'
    assert sent.headers["ratelimit"].startswith('"photos";r=2;t=')
    broken = base64.b64encode(b"no picture").decode()
    assert field.send(field.tokens[5], id="p", kind="installed", photo=broken).status_code == 422


def test_photos_of_a_program_are_so_many_a_day_and_the_same_one_counts_once(field: Field) -> None:
    def send(colour: str, kind: str = "well") -> Any:
        photo = photo_of(colour)
        return field.send(field.tokens[10], id=f"{kind}{colour}", kind=kind, photo=photo)

    assert send("#0b4ea2", "installed").status_code == 201
    for colour in ("#000000", "#ffffff", "#0b4ea2"):
        assert send(colour).status_code == 201
    refused = send("#808080")
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/photo-quota-reached")
    assert "without a photo" in refused.json()["hint"]
    assert 0 < int(refused.headers["retry-after"]) <= 86_400
    assert refused.headers["ratelimit"].startswith('"photos";r=0;t=')
    with field.database.reading() as session:
        assert len(list_events(session, field.tokens[10])) == 4


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "installed"}, 422),
        ({"id": "1", "kind": "replaced"}, 422),
        ({"id": "1", "kind": "flown away"}, 422),
        ({"id": "1", "kind": "installed", "lon": 120.1}, 422),
        ({"id": "1", "kind": "installed", "lon": 30.2, "lat": 120.1}, 422),
        ({"id": "1", "kind": "installed", "at": "2026-11-01T10:00:00"}, 422),
        ({"id": "1", "kind": "well"}, 409),
        ({"id": "1", "kind": "bound", "code": "12"}, 422),
    ],
)
def test_an_event_that_cannot_be_is_refused(
    field: Field, body: dict[str, object], status: int
) -> None:
    answer = field.send(field.tokens[6], **body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    with field.database.reading() as session:
        assert list_events(session, field.tokens[6]) == []


def test_members_of_staff_call_it_with_their_session(field: Field) -> None:
    make_account(field.database, "li", (Role.OFFICER, "330102000000"))
    settings = Settings(public_url=PUBLIC_URL)
    member = sign_in(field.database, "li", open_browser(field.database, settings))
    path, body = f"/api/v1/plates/{field.tokens[7]}/events", {"id": "s", "kind": "installed"}
    assert member.browser.post(path, json=body).status_code == 403
    headers = {FORM_HEADER: member.form_token}
    assert member.browser.post(path, json=body, headers=headers).status_code == 201
    order = {"id": "o", "kind": "ordered", "reason": "褪色"}
    read = member.browser.get(path).headers["etag"]
    sent = member.browser.post(path, json=order, headers=headers | {"If-Match": read}).json()
    with field.database.reading() as session:
        assert get_plate(session, sent["successor"]).generation == 2


def test_nobody_calls_it_without_a_key_or_a_session(field: Field, tmp_path: Path) -> None:
    bare = TestClient(create_app(field.database, Settings(home=tmp_path)))
    path = f"/api/v1/plates/{field.tokens[8]}/events"
    assert bare.post(path, json={"id": "1", "kind": "installed"}).status_code == 401
    assert bare.get(path).status_code == 401
    wrong = {"X-API-Key": "mp_000000000000_" + "0" * 64}
    assert bare.get(path, headers=wrong).status_code == 401

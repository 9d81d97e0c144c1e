"""Webhooks over the API: registered, changed, tried, removed by their own program alone."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.app import create_app
from service.audit import commands as audit
from service.auth.permissions import Permission
from service.core.database import Database
from service.core.errors import Conflict
from service.core.settings import Settings
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import Office, opened_office
from tests.factories.programs import make_program
from tests.factories.receivers import opened_receiver
from tests.factories.webhooks import (
    hook_settings,
    make_dead_letters,
    make_sender,
    send_due,
    tell,
)
from tests.service.admin.test_refused_forms import contents
from tests.web_client import open_client

URL = "https://hooks.example.gov.cn/menpai"


@dataclass
class Api:
    """The calls of one program."""

    client: TestClient
    key: str

    def send(self, method: str, path: str = "", tag: str = "", **body: object) -> Response:
        headers = {"X-API-Key": self.key} | ({"If-Match": tag} if tag else {})
        return self.client.request(
            method, f"/api/v1/webhooks{path}", headers=headers, json=body or None
        )


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as made:
        yield made


_names = iter(range(1000))


def call(office: Office, settings: Settings | None = None, **grant: object) -> Api:
    with office.database.session() as session:
        key = str(make_program(session, f"program {next(_names)}", **grant))  # type: ignore[arg-type]
    app = create_app(office.database, settings or hook_settings(public_url=PUBLIC_URL))
    app.fastapi.state.gate = None
    return Api(open_client(app, PUBLIC_URL), key)


def test_a_webhook_is_registered_read_changed_paused_and_removed(office: Office) -> None:
    api = call(office)
    made = api.send("POST", url=URL, subjects=["plate", "address"], division="330102")
    assert made.status_code == 201, made.text
    assert made.json()["secret"].startswith("mws_")
    hook = made.json()["webhook"]
    assert (hook["subjects"], hook["division"]) == (["address", "plate"], "330102000000")
    assert (hook["state"], hook["behind"], hook["dead"]) == ("active", 0, 0)
    path = f"/{hook['number']}"
    read = api.send("GET", path)
    assert read.json() == hook
    assert api.send("GET").json() == [hook]
    tag = read.headers["ETag"]
    changed = api.send("PATCH", path, tag, subjects=[], state="paused")
    assert changed.status_code == 200, changed.text
    now = changed.json()
    assert (now["subjects"], now["state"], now["url"]) == ([], "paused", URL)
    assert api.send("PATCH", path, tag, state="active").status_code == 412
    assert api.send("PATCH", path, state="active").status_code == 428
    assert api.send("POST", f"{path}/ping").status_code == 409
    assert api.send("DELETE", path, f'"{now["version"]}"').status_code == 204
    assert api.send("GET", path).status_code == 404
    assert api.send("GET").json() == []


def test_the_same_webhook_twice_is_a_conflict_that_names_the_first(office: Office) -> None:
    api = call(office)
    number = api.send("POST", url=URL).json()["webhook"]["number"]
    again = api.send("POST", url=URL)
    assert again.status_code == 409
    assert f"webhook {number} " in again.json()["detail"]
    assert api.send("POST", url=f"{URL}/other").status_code == 201
    for n in range(18):
        assert api.send("POST", url=f"{URL}/{n}").status_code == 201
    assert api.send("POST", url=f"{URL}/more").status_code == 409


@pytest.mark.parametrize(
    "url", ["http://hooks.example.gov.cn/", "https://10.0.0.1/", "https://169.254.169.254/", "x"]
)
def test_a_url_that_leads_inside_is_refused_when_registered_and_when_changed(
    office: Office, url: str
) -> None:
    api = call(office)
    refused = api.send("POST", url=url)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/target-refused")
    hook = api.send("POST", url=URL).json()["webhook"]
    assert api.send("PATCH", f"/{hook['number']}", "*", url=url).status_code == 422
    assert api.send("GET", f"/{hook['number']}").json() == hook


def test_nobody_else_sees_or_touches_it(office: Office) -> None:
    owner, other = call(office), call(office)
    number = owner.send("POST", url=URL).json()["webhook"]["number"]
    for method, path in (
        *(("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/ping"), ("POST", "/secrets")),
        *(("GET", "/deliveries"), ("POST", "/deliveries/1/redeliver")),
    ):
        body = {"state": "paused"} if method == "PATCH" else {}
        answer = other.send(method, f"/{number}{path}", "*", **body)
        assert answer.status_code == 404, (method, path)
    assert other.send("GET").json() == []


def test_a_grant_that_follows_changes_is_needed_and_its_division_holds(office: Office) -> None:
    reader = call(office, permissions=[Permission.ADDRESSES_READ])
    assert reader.send("POST", url=URL).status_code == 403
    county = call(office, division="330102000000")
    assert county.send("POST", url=URL, division="330106").status_code == 403
    assert county.send("POST", url=URL, division="33010200").status_code == 422
    assert county.send("POST", url=URL, area="grid:none").status_code == 422
    assert county.send("POST", url=URL).json()["webhook"]["division"] == "330102000000"


def test_without_a_secret_of_the_installation_nothing_is_registered(office: Office) -> None:
    settings = Settings(public_url=PUBLIC_URL, database_url="postgresql:///none")
    api = call(office, settings)
    answer = api.send("POST", url=URL)
    assert answer.status_code == 409
    assert "MENPAI" not in answer.json()["hint"]


def test_a_refused_call_leaves_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused by its last word, the entry in the audit chain."""
    api = call(office)
    number = int(api.send("POST", url=URL).json()["webhook"]["number"])
    make_dead_letters(office.database, number, [1])
    with office.database.reading() as session:
        delivery = session.scalar(text("select max(id) from webhook_delivery"))
    reached: list[str] = []

    def refuse(session: Session, **entry: object) -> None:
        session.flush()
        reached.append(str(entry["action"]))
        raise Conflict("refused at last")

    monkeypatch.setattr(audit, "record", refuse)
    before = contents(office.database)
    for method, path, body in (
        ("POST", "", {"url": f"{URL}/new"}),
        ("PATCH", f"/{number}", {"url": f"{URL}/other"}),
        ("PATCH", f"/{number}", {"state": "paused"}),
        ("POST", f"/{number}/secrets", {}),
        ("POST", f"/{number}/ping", {}),
        ("POST", f"/{number}/deliveries/{delivery}/redeliver", {}),
        ("DELETE", f"/{number}", {}),
    ):
        assert api.send(method, path, "*", **body).status_code == 409, path
    assert len(set(reached)) == len(reached) == 7
    after = contents(office.database)
    assert {name for name in before if before[name] != after[name]} == set()


def test_from_the_first_ping_to_a_message_that_is_sent_again(office: Office) -> None:
    """A department tries its receiver, which fails, answers slowly, leads elsewhere, and mends."""
    api, database = call(office), office.database
    with opened_receiver() as receiver, opened_receiver() as elsewhere:
        made = api.send("POST", url=receiver.url).json()
        path, secret = f"/{made['webhook']['number']}", made["secret"]
        assert api.send("POST", f"{path}/ping").status_code == 202
        sender = make_sender(database)
        send_due(sender)
        assert receiver.got[0].is_signed_by(secret)
        tell(database, "1")
        receiver.status = 500
        send_due(sender)
        receiver.status, receiver.location = 302, elsewhere.url
        hurry(database)
        send_due(sender)
        faults = []
        for _ in range(8):
            listed = api.send("GET", f"{path}/deliveries?limit=1").json()[0]
            faults.append((listed["state"], listed["fault"], listed["status"]))
            hurry(database)
            send_due(sender)
        assert faults[0] == ("pending", "redirect", 302)
        assert elsewhere.got == []
        (dead,) = api.send("GET", f"{path}/deliveries?state=dead").json()
        assert (dead["attempts"], dead["due_at"]) == (10, None)
        assert api.send("GET", path).json()["dead"] == 1
        receiver.status, receiver.location = 204, ""
        again = api.send("POST", f"{path}/deliveries/{dead['delivery']}/redeliver")
        assert again.status_code == 202, again.text
        assert (
            api.send("POST", f"{path}/deliveries/{dead['delivery']}/redeliver").status_code == 409
        )
        send_due(sender)
        states = [one["state"] for one in api.send("GET", f"{path}/deliveries").json()]
        assert states == ["delivered", "delivered"]
        assert [change["key"] for change in receiver.got[-1].said["changes"]] == ["1"]
        renewed = api.send("POST", f"{path}/secrets", "*")
        assert renewed.status_code == 201, renewed.text
        tell(database, "2")
        send_due(sender)
        assert receiver.got[-1].is_signed_by(renewed.json()["secret"])
        assert receiver.got[-1].is_signed_by(secret)


def hurry(database: Database) -> None:
    """What waits is due now."""
    with database.session() as session:
        session.execute(text("update webhook_delivery set due_at = now()"))

"""Access tokens of OAuth 2.0 client credentials: given, confined, refused, ended (RFC 6749)."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from service.addresses.answer import KNOWN_FOR_S
from service.app import create_app
from service.auth.commands import revoke_key, withdraw_grant
from service.auth.keys import ApiKey, draw_key
from service.auth.permissions import Permission
from service.auth.queries import get_client
from service.core.actor import COMMAND_LINE
from service.core.settings import Settings
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import COUNTIES, Office, opened_office
from tests.factories.programs import make_program

READ, RESOLVE = Permission.ADDRESSES_READ, Permission.ADDRESSES_RESOLVE
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Office, TestClient, ApiKey]]:
    with opened_office() as office:
        with office.database.session() as session:
            key = make_program(session, "police", {READ, RESOLVE}, COUNTIES["own"])
        app = create_app(office.database, Settings(public_url=PUBLIC_URL))
        with TestClient(app, PUBLIC_URL) as client:
            yield office, client, key


Served = tuple[Office, TestClient, ApiKey]


def basic(key: ApiKey) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{key.prefix}:{key.secret}".encode()).decode()}


def ask(client: TestClient, key: ApiKey | None, **form: str) -> Any:
    headers = basic(key) if key else {}
    return client.post("/oauth/token", data=GRANT | form, headers=headers)


def test_a_token_opens_what_the_key_opens_and_is_kept_by_nobody(served: Served) -> None:
    office, client, key = served
    given = ask(client, key)
    assert given.status_code == 200
    assert (given.headers["cache-control"], given.headers["pragma"]) == ("no-store", "no-cache")
    told = given.json()
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 900)
    assert told["scope"] == "addresses:read addresses:resolve"
    in_form = ask(client, None, client_id=key.prefix, client_secret=key.secret).json()
    assert in_form["access_token"] != told["access_token"]
    with office.database.reading() as session:
        held = session.scalars(text("select cast(t as text) from client_token t")).all()
    assert len(held) == 2
    assert not any(told["access_token"][3:] in one for one in held)
    bearer = {"Authorization": f"Bearer {told['access_token']}"}
    for query in ("", "?include=names"):
        path = f"/api/v1/addresses/{office.codes['own']}{query}"
        assert client.get(path, headers=bearer).status_code == 200
        path = f"/api/v1/addresses/{office.codes['foreign']}{query}"
        assert client.get(path, headers=bearer).status_code == 404


def test_a_token_is_confined_to_its_scope(served: Served) -> None:
    office, client, key = served
    for scope, status in (("addresses:resolve", 403), ("addresses:read", 200)):
        told = ask(client, key, scope=scope).json()
        assert told["scope"] == scope
        bearer = {"Authorization": f"Bearer {told['access_token']}"}
        for query in ("", "?include=names"):
            path = f"/api/v1/addresses/{office.codes['own']}{query}"
            assert client.get(path, headers=bearer).status_code == status


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "addresses:read plates:read"}, 400, "invalid_scope"),
        ({"scope": "everything"}, 400, "invalid_scope"),
        ({"client_id": "0" * 12}, 400, "invalid_request"),
    ],
)
def test_what_gives_no_token_is_refused_as_the_standard_says(
    served: Served, form: dict[str, str], status: int, error: str
) -> None:
    _, client, key = served
    refused = ask(client, key, **form)
    assert (refused.status_code, refused.json()["error"]) == (status, error)
    assert refused.json()["error_description"]
    assert refused.headers["cache-control"] == "no-store"


def test_a_refusal_repeats_no_character_that_the_standard_forbids(served: Served) -> None:
    _, client, key = served
    told = ask(client, key, scope='a"b\\c\0d\u9577').json()["error_description"]
    assert told == "not granted: a?b?c?d?"


def test_wrong_credentials_give_no_token(served: Served) -> None:
    _, client, key = served
    wrong = (ApiKey(key.prefix, draw_key().secret), ApiKey(draw_key().prefix, key.secret))
    answers = [ask(client, one) for one in wrong] + [ask(client, None)]
    broken = ("Basic", "Basic ?", "Basic " + b64encode(b"\xff").decode(), f"Bearer {key}")
    answers += [
        client.post("/oauth/token", data=GRANT, headers={"Authorization": one}) for one in broken
    ]
    token = ask(client, key).json()["access_token"]
    answers.append(ask(client, None, client_id=key.prefix, client_secret=token))
    for answer in answers:
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert answer.headers["www-authenticate"].startswith("Basic")


def test_a_made_up_or_altered_token_is_refused(served: Served) -> None:
    office, client, key = served
    token = ask(client, key).json()["access_token"]
    path = f"/api/v1/addresses/{office.codes['own']}"
    altered = (token[:-1], token + "0", token.replace("mt_", "mp_"), "mt_" + "0" * 64, "mt_")
    last = "0" if token[-1] != "0" else "1"
    for one in (*altered, token[:-1] + last):
        assert client.get(path, headers={"Authorization": f"Bearer {one}"}).status_code == 401


def test_a_token_ends_with_its_time_its_key_and_its_grant(served: Served) -> None:
    office, client, _ = served
    database, tokens = office.database, {}
    for name in ("time", "key", "grant"):
        with database.session() as session:
            key = make_program(session, name, {READ})
        tokens[name] = ask(client, key).json()["access_token"]
        with database.session() as session:
            if name == "time":
                last = "update client_token set expires_at = now() where prefix = :prefix"
                session.execute(text(last), {"prefix": key.prefix})
            elif name == "key":
                revoke_key(session, key.prefix, COMMAND_LINE)
            else:
                (row,) = get_client(session, name).grants
                withdraw_grant(session, row.grant.number, COMMAND_LINE)
    assert KNOWN_FOR_S <= 1
    path = f"/api/v1/addresses/{office.codes['own']}"
    found = {
        name: client.get(path, headers={"Authorization": f"Bearer {token}"}).status_code
        for name, token in tokens.items()
    }
    assert found == {"time": 401, "key": 401, "grant": 403}


def test_expired_tokens_of_a_key_go_with_its_next_one(served: Served) -> None:
    office, client, _ = served
    with office.database.session() as session:
        key = make_program(session, "often", {READ})
    count = text("select count(*) from client_token where prefix = :prefix")
    for _ in range(3):
        ask(client, key)
        with office.database.session() as session:
            session.execute(text("update client_token set expires_at = now()"))
            assert session.scalar(count, {"prefix": key.prefix}) == 1

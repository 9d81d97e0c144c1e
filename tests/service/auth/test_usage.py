"""Calls of programs are counted by day; their reads of more than is public stand in the audit."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from address_model.sensitivity import FieldClass
from service.app import Application, create_app
from service.auth.permissions import Permission
from service.auth.queries import get_client, list_usage
from service.core.clock import today
from service.core.settings import Settings
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import COUNTIES, Office, opened_office
from tests.factories.programs import make_program

NEEDED = (Permission.ADDRESSES_READ, Permission.ADDRESSES_RESOLVE)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Office, Application, TestClient]]:
    with opened_office() as office:
        app = create_app(office.database, Settings(public_url=PUBLIC_URL))
        with TestClient(app, PUBLIC_URL) as client:
            yield office, app, client


def test_what_programs_call_and_get_is_counted_by_day(
    served: tuple[Office, Application, TestClient],
) -> None:
    office, app, client = served
    with office.database.session() as session:
        own = make_program(session, "register", NEEDED, COUNTIES["own"])
        public = make_program(session, "public", NEEDED, classes={FieldClass.PUBLIC})
    code = office.codes["own"]
    for key in (own, public):
        client.headers["X-API-Key"] = str(key)
        for path in (f"addresses/{code}", f"addresses/{code}?include=names", "addresses"):
            assert client.get(f"/api/v1/{path}").status_code == 200
        client.get(f"/api/v1/addresses/{code[:-2]}00")
        client.post("/api/v1/resolve", json={"text": "上城区河坊街88号"})
    for _ in range(2):
        app.fastapi.state.tally.flush()
    with office.database.reading() as session:
        used = {
            name: [
                (row.day, row.call, row.count, row.rows)
                for row in list_usage(session, get_client(session, name).id, since=today())
            ]
            for name in ("register", "public")
        }
        read = text(
            "select actor, subject, detail ->> 'count' from audit_entry "
            "where action = 'clients:read' order by subject"
        )
        audited = [tuple(row) for row in session.execute(read)]
        later = today() + timedelta(days=1)
        assert list_usage(session, get_client(session, "public").id, since=later) == []
    own_county = COUNTIES["own"][:6]
    assert used["register"] == [
        (today(), "getAddress", 3, 2),
        (today(), "listAddresses", 1, 1),
        (today(), "resolve", 1, 1),
    ]
    assert [one[1:3] for one in used["public"]] == [one[1:3] for one in used["register"]]
    assert audited == [
        ("client:register", f"getAddress {own_county}", "2"),
        ("client:register", f"listAddresses {own_county}", "1"),
        ("client:register", f"resolve {own_county}", "1"),
    ]

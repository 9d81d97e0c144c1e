"""Calls of programs: every route × grants (none, another permission, own county, all) × county.

The routes come from the application: a call without a guard, or a granted call without a sample
here, fails. What a program asks of another county it does not get: a record is not found (404), in
a list or a resolved text it does not occur.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import text

from address_model.elements import Numbered
from address_model.sensitivity import FIELDS, SEEN, Audience, FieldClass
from service.addresses.answer import KNOWN_FOR_S
from service.addresses.commands import enter_addresses
from service.app import create_app
from service.auth.commands import create_client, give_grant, revoke_keys_of, withdraw_grant
from service.auth.grants import GRANTABLE, Grant
from service.auth.guards import GrantGuard, StaffGuard, require_caller
from service.auth.permissions import PROGRAM_PERMISSIONS, Permission
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import Settings
from service.core.web import dependencies_of
from service.replication.row_digest import bucket_of
from tests.factories.addresses import make_draft, make_elements
from tests.factories.areas import make_area
from tests.factories.divisions import Place
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import COUNTIES, Office, opened_office
from tests.factories.programs import grant_program, make_program
from tests.factories.units import make_unit
from tests.factories.written_calls import WRITTEN_CALLS, written_call
from tests.service.admin.test_matrix import OPEN_CALLS
from tests.service.datasets.call_samples import DATASET_SAMPLES

PUBLIC = {FieldClass.PUBLIC}
STREETS = {"own": "杭州市上城区河坊街88号", "foreign": "杭州市西湖区河坊街88号"}


@dataclass(frozen=True)
class Desk:
    """The office served, its units by county, the code of a room, and a way to ask with a key."""

    office: Office
    units: dict[str, str]
    room: str
    client: TestClient

    def ask(self, key: object, method: str, path: str, **content: Any) -> Any:
        headers = content.pop("headers", {}) | ({"X-API-Key": str(key)} if key else {})
        return self.client.request(method, f"/api/v1/{path}", headers=headers, **content)

    def make(self, *permissions: Permission, division: str = "", **terms: Any) -> str:
        with self.office.database.session() as session:
            name = f"program-{secrets.token_hex(4)}"
            return str(make_program(session, name, permissions, division, **terms))


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with opened_office() as office:
        with office.database.session() as session:
            rows = session.execute(text("select code, id from division"))
            ids: dict[str, int] = {row.code: row.id for row in rows}
            elements = make_elements("88")._replace(room=Numbered("501", "室"))
            draft = make_draft(Place(ids), elements=elements)
            (room,) = (str(one) for one in enter_addresses(session, [draft], COMMAND_LINE))
            point = "update address set geom = st_setsrid(st_makepoint(:lon, 30.24), 4490) "
            for side, lon in (("own", 120.16), ("foreign", 120.17)):
                where = {"lon": lon, "code": office.codes[side]}
                session.execute(text(point + "where code = :code"), where)
                make_area(session, name=f"示例网格 {side}", division_id=ids[COUNTIES[side]])
            units = {
                side: make_unit(session, f"{side} 示例单位", county).number
                for side, county in COUNTIES.items()
            }
        app = create_app(office.database, Settings(public_url=PUBLIC_URL))
        with TestClient(app, PUBLIC_URL) as client:
            yield Desk(office, units, room, client)


Sample = Callable[[Desk, str], tuple[str, str, dict[str, Any], str]]
"""Method, path and content of a question about a county, and what must not be in the answer to a
program of the other county."""

ASKED = {"json": {"purpose": "办理居住证", "return_url": "https://a.example/back"}}
TOKEN = {"json": {"token": "a.b.c"}}
SAMPLES: dict[str, Sample] = {
    "listAddresses": lambda d, s: ("GET", "addresses", {}, d.office.codes[s]),
    "getAddress": lambda d, s: ("GET", f"addresses/{d.office.codes[s]}", {}, "standard_text"),
    "getAddressHistory": lambda d, s: (
        *("GET", f"addresses/{d.office.codes[s]}/history", {}),
        "registered_at",
    ),
    "listAreas": lambda d, s: ("GET", "areas", {}, f"示例网格 {s}"),
    "getArea": lambda d, s: ("GET", f"areas/grid:示例网格 {s}", {}, "MultiPolygon"),
    "listChanges": lambda d, s: ("GET", "changes", {}, d.office.codes[s]),
    "getPlate": lambda d, s: ("GET", f"plates/{d.office.plates[s]}", {}, d.office.codes[s]),
    "listSnapshots": lambda d, s: ("GET", "snapshots", {}, "standard_text"),
    "readSnapshot": lambda d, s: ("GET", "snapshots/addresses", {}, d.office.codes[s]),
    "listDigests": lambda d, s: (
        *("GET", "snapshots/addresses/digests", {}),
        f'"{bucket_of(d.office.codes[s])}"',
    ),
    "listUnits": lambda d, s: ("GET", "units", {}, d.units[s]),
    "getUnit": lambda d, s: ("GET", f"units/{d.units[s]}", {}, "示例单位"),
    "parse": lambda d, s: ("POST", "parse", {"json": {"text": STREETS[s]}}, d.office.codes[s]),
    "resolve": lambda d, s: ("POST", "resolve", {"json": {"text": STREETS[s]}}, d.office.codes[s]),
    "resolveBatch": lambda d, s: (
        *("POST", "resolve/batch"),
        {"json": {"texts": [STREETS[s]]}},
        d.office.codes[s],
    ),
    "autocomplete": lambda d, s: ("GET", "autocomplete?q=河坊街88", {}, d.office.codes[s]),
    "reverse": lambda d, s: (
        *("GET", f"reverse?lon={120.16 if s == 'own' else 120.17}&lat=30.24", {}),
        d.office.codes[s],
    ),
    **DATASET_SAMPLES,
    "openAddressRequest": lambda d, s: ("POST", "address-requests", ASKED, "address-requests/"),
    "redeemAddressToken": lambda d, s: ("POST", "address-tokens", TOKEN, d.office.codes[s]),
}
WRITES: dict[str, Sample] = {
    name: lambda d, s, n=name: written_call(n, d.office.codes[s], STREETS[s], COUNTIES[s])  # type: ignore[misc]
    for name in WRITTEN_CALLS
}
"""Calls that write; what they do in the own county, ``service/imports`` tests."""

WITHOUT_RECORDS = {"listSnapshots", "parse", "openAddressRequest", "redeemAddressToken"}
"""Calls that read nothing of the register, or what a resident shows (test_address_requests)."""

OF_THEIR_PROGRAM = {
    *("listWebhooks", "createWebhook", "getWebhook", "changeWebhook", "removeWebhook"),
    *("renewWebhookSecret", "pingWebhook", "listWebhookDeliveries", "redeliverWebhook"),
}
"""Calls about records of a program, not of a county: ``tests/service/webhooks/test_routes.py``."""

_APP = create_app(Database("postgresql+psycopg://nobody@/nothing"), Settings(public_url=PUBLIC_URL))
CALLS: dict[tuple[str, str], APIRoute] = {
    (method, str(one.path)): one.original_route
    for one in iter_route_contexts(_APP.fastapi.routes)
    if isinstance(one.original_route, APIRoute) and str(one.path).startswith("/api/")
    for method in one.original_route.methods or ()
}


def permission_of(route: APIRoute) -> Permission | None:
    """The permission of the grant that opens a route, or None."""
    guards = (asked.call for asked in dependencies_of(route))
    return next((one.permission for one in guards if isinstance(one, GrantGuard)), None)


GRANTED = {str(r.operation_id): p for r in CALLS.values() if (p := permission_of(r)) is not None}


def test_every_call_is_open_by_name_or_has_a_guard_and_every_granted_one_a_sample() -> None:
    for where, route in CALLS.items():
        calls = [asked.call for asked in dependencies_of(route)]
        guarded = require_caller in calls or any(isinstance(c, StaffGuard) for c in calls)
        assert where in OPEN_CALLS or guarded or permission_of(route), f"{where} has no guard"
    assert set(GRANTED) == set(SAMPLES | WRITES) | OF_THEIR_PROGRAM
    assert set(GRANTED.values()) <= PROGRAM_PERMISSIONS


@pytest.mark.parametrize("name", SAMPLES | WRITES)
def test_without_a_key_or_a_grant_nothing_is_read(desk: Desk, name: str) -> None:
    method, path, content, hidden = (SAMPLES | WRITES)[name](desk, "own")
    assert desk.ask(None, method, path, **content).status_code == 401
    with desk.office.database.session() as session:
        bare = str(create_client(session, f"bare-{name}", COMMAND_LINE))
    others = desk.make(*(PROGRAM_PERMISSIONS - {GRANTED[name]}))
    for key in (bare, others):
        answer = desk.ask(key, method, path, **content)
        assert answer.status_code == 403
        assert answer.json()["type"] == "/problems/not-allowed"
        assert hidden not in answer.text


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - WITHOUT_RECORDS))
def test_a_program_of_one_county_does_not_learn_of_another(desk: Desk, name: str) -> None:
    key = desk.make(GRANTED[name], division=COUNTIES["own"])
    method, path, content, seen = SAMPLES[name](desk, "own")
    own = desk.ask(key, method, path, **content)
    assert (own.status_code, seen in own.text) == (200, True), own.text
    method, path, content, hidden = SAMPLES[name](desk, "foreign")
    foreign = desk.ask(key, method, path, **content)
    single = path.count("/") and "batch" not in path and not path.startswith("snapshots/")
    assert foreign.status_code == (404 if single else 200)
    assert hidden not in foreign.text
    wide = desk.make(GRANTED[name])
    method, path, content, hidden = SAMPLES[name](desk, "foreign")
    everywhere = desk.ask(wide, method, path, **content)
    assert (everywhere.status_code, hidden in everywhere.text) == (200, True)


@pytest.mark.parametrize("name", WRITES)
def test_a_program_of_one_county_writes_nothing_in_another(desk: Desk, name: str) -> None:
    key = desk.make(GRANTED[name], division=COUNTIES["own"])
    method, path, content, hidden = WRITES[name](desk, "foreign")
    refused = desk.ask(key, method, path, **content)
    names_record = name not in ("enterAddress", "importAddresses")
    assert refused.status_code == (404 if names_record else 403), refused.text
    assert f'"{hidden}"' not in refused.text


def test_a_grant_of_public_fields_shows_no_other(desk: Desk) -> None:
    code, needed = (
        desk.office.codes["own"],
        (Permission.ADDRESSES_READ, Permission.ADDRESSES_RESOLVE),
    )
    hidden = {one for one, kind in FIELDS["address"].items() if kind is not FieldClass.PUBLIC}
    key, wider = desk.make(*needed, classes=PUBLIC), desk.make(*needed)
    include = "?include=place,positions,names,identifiers,areas,plate,parent,children"
    for path in (f"addresses/{code}", f"addresses/{code}{include}"):
        shown = desk.ask(key, "GET", path).json()
        assert shown["code"] == code
        assert hidden.isdisjoint(shown)
        assert {"status_reason", "parent_code"} <= set(desk.ask(wider, "GET", path).json())
    listed = desk.ask(key, "GET", "addresses").json()["addresses"]
    resolved = desk.ask(key, "POST", "resolve", json={"text": STREETS["own"]}).json()
    nearest = desk.ask(key, "GET", "reverse?lon=120.16&lat=30.24").json()
    for shown in (*listed, resolved["address"], nearest["address"]):
        assert shown["standard_text"]
        assert hidden.isdisjoint(shown)
    assert SEEN[Audience.CLIENT] == {FieldClass.PUBLIC, FieldClass.REGISTER}


def test_a_grant_to_the_door_shows_nothing_below_it(desk: Desk) -> None:
    needed = (Permission.ADDRESSES_READ, Permission.ADDRESSES_RESOLVE)
    door, deep = desk.make(*needed, is_deep=False), desk.make(*needed)
    listed = [desk.ask(key, "GET", "addresses").text for key in (door, deep)]
    assert [desk.room in one for one in listed] == [False, True]
    assert desk.office.codes["own"] in listed[0]
    for path, status in (
        (f"addresses/{desk.room}", 404),
        (f"addresses/{desk.room}?include=names", 404),
    ):
        assert desk.ask(door, "GET", path).status_code == status
        assert desk.ask(deep, "GET", path).status_code == 200
    wanted = {"json": {"text": f"{STREETS['own']}501室"}}
    assert desk.ask(deep, "POST", "resolve", **wanted).json()["address"]["code"] == desk.room
    found = desk.ask(door, "POST", "resolve", **wanted)
    assert found.json()["address"]["code"] == desk.office.codes["own"]
    assert desk.room not in found.text
    include = f"addresses/{desk.office.codes['own']}?include=children"
    assert desk.room not in desk.ask(door, "GET", include).text


@pytest.mark.parametrize("is_fast", [True, False])
def test_what_is_withdrawn_is_refused_within_a_second(desk: Desk, *, is_fast: bool) -> None:
    path = f"addresses/{desk.office.codes['own']}" + ("" if is_fast else "?include=names")
    with desk.office.database.session() as session:
        names = [f"{kind}-{is_fast}" for kind in ("grant", "key")]
        keys = [str(create_client(session, name, COMMAND_LINE)) for name in names]
        numbers = [grant_program(session, n, {Permission.ADDRESSES_READ}) for n in names]
    assert [desk.ask(key, "GET", path).status_code for key in keys] == [200, 200]
    with desk.office.database.session() as session:
        withdraw_grant(session, numbers[0], COMMAND_LINE)
        revoke_keys_of(session, names[1], COMMAND_LINE)
    time.sleep(KNOWN_FOR_S)
    assert [desk.ask(key, "GET", path).status_code for key in keys] == [403, 401]


def test_a_grant_for_other_networks_is_none(desk: Desk) -> None:
    key = desk.make(Permission.ADDRESSES_READ)
    path = f"addresses/{desk.office.codes['own']}"
    networks = text(
        "update client_grant set networks = :networks where id = (select max(id) from client_grant)"
    )
    for held, status in ((["10.0.0.0/8"], 403), ([], 200)):
        with desk.office.database.session() as session:
            session.execute(networks, {"networks": held})
        time.sleep(KNOWN_FOR_S)
        assert desk.ask(key, "GET", path).status_code == status


@pytest.mark.parametrize("query", ["", "?include=names"])
def test_a_quota_is_told_and_a_call_above_it_is_refused(desk: Desk, query: str) -> None:
    with desk.office.database.session() as session:
        name = f"quota{query}"
        key = str(create_client(session, name, COMMAND_LINE))
        terms = Grant(0, "", frozenset({Permission.ADDRESSES_READ}), GRANTABLE, per_day=2)
        give_grant(session, name, terms, COMMAND_LINE)
    answers = [desk.ask(key, "GET", f"addresses/{desk.office.codes['own']}{query}") for _ in "123"]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert {one.headers["ratelimit-policy"] for one in answers} == {'"day";q=2;w=86400'}
    left = [one.headers["ratelimit"].partition(";t=")[0] for one in answers]
    assert left == ['"day";r=1', '"day";r=0', '"day";r=0']
    assert int(answers[2].headers["retry-after"]) > 0
    assert answers[2].json()["type"] == "/problems/too-often"

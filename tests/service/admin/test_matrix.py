"""Who gets where: every route of staff × every role × own county, another one, both, the province.

The routes come from the application, so a new page is in the matrix without anybody adding it; what
it needs to be asked properly (a record of its own, fields of its form) stands in ``route_samples``,
and a route whose sample is missing fails. What is expected follows from the permissions of its
guards: who lacks one is refused (403), who has them does not find a foreign record (404).
"""

from collections.abc import Iterator
from itertools import product

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from service.admin.answer import guards_of, staff_pages
from service.auth.guards import GrantGuard, require_caller
from service.auth.permissions import ROLE_PERMISSIONS, Permission, Role
from service.core.settings import Settings
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import COUNTIES, Office, insert_account, opened_office
from tests.factories.staff import SignedIn, open_browser, sign_in
from tests.factories.staff import make_account as make_account_of
from tests.service.admin.route_list import names_asked
from tests.service.admin.route_samples import (
    FIELDS,
    LET_IN,
    PERSONAL,
    ROUTES,
    fill_path,
    make_account,
)

STAFF_PATHS = ("/admin", "/crew")
OPEN = {
    *((method, f"/admin/sign-in{step}") for method in ("GET", "POST") for step in ("", "/code")),
    *(("GET", f"/admin/sign-in/provider{step}") for step in ("", "/back")),
}
"""Pages of staff that need nobody signed in."""
_OPEN = (
    "divisions divisions/{code} place-names place-names/{number} heritage heritage/{entry_id} "
    "reconcile reconcile/properties reconcile/suggest/entity reconcile/suggest/property "
    "reconcile/suggest/type"
)
OPEN_CALLS = {("GET", f"/api/v1/{path}") for path in _OPEN.split()} | {
    ("POST", "/api/v1/reconcile")
}
"""Calls of the API that need neither a key nor a session."""


WIDER = {"both": tuple(COUNTIES.values()), "province": ("330000000000",)}
"""Scopes that cover both counties of the office, by their name."""

ON_THE_WALL = {"/crew/{text}", "/crew/items/{number}", "/crew/reports/{number}/photo"}
"""What a crew stands before: it is told that this is another division's."""

DASHBOARD = {"/admin": Permission.STATISTICS_READ}
"""Pages open to everybody, with the permission that a division of theirs takes."""

PICKERS = {"/admin/imports", "/admin/batches/new", "/admin/duties/handover"}
"""Forms whose division in the query only chooses what their picker shows."""

STAFF = [
    (method, path, route)
    for method, path, route in ROUTES
    if path.startswith(STAFF_PATHS) and (method, path) not in OPEN
]
NAMES = [f"{method} {path}" for method, path, _ in STAFF]
each_route = pytest.mark.parametrize(("method", "path", "route"), STAFF, ids=NAMES)


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as made:
        yield made


@pytest.fixture(scope="module")
def people(office: Office) -> dict[Role, SignedIn]:
    """One person of each role, in the own county."""
    found = {}
    for role in Role:
        with office.database.session() as session:
            insert_account(session, f"only-{role}", role, COUNTIES["own"])
        browser = open_browser(office.database, Settings(public_url=PUBLIC_URL))
        found[role] = sign_in(office.database, f"only-{role}", browser)
    return found


@pytest.fixture(scope="module")
def stranger(office: Office) -> TestClient:
    return open_browser(office.database)


@pytest.fixture(scope="module")
def travellers(office: Office) -> dict[str, dict[Role, SignedIn]]:
    """For each wider scope one person of each role."""
    found: dict[str, dict[Role, SignedIn]] = {}
    for scope, divisions in WIDER.items():
        for role in Role:
            make_account_of(office.database, f"{scope}-{role}", *((role, one) for one in divisions))
            browser = open_browser(office.database, Settings(public_url=PUBLIC_URL))
            person = sign_in(office.database, f"{scope}-{role}", browser)
            found.setdefault(scope, {})[role] = person
    return found


def needed_by(route: APIRoute) -> set[Permission]:
    """The permissions without which nobody gets in."""
    return {guard.permission for guard in guards_of(route) if guard.permission}


def ask(person: SignedIn, method: str, address: str, path: str, side: str) -> int:
    if method == "POST":
        return int(person.post(address, **FIELDS.get(path, lambda _: {})(side)).status_code)
    return int(person.browser.request(method, address).status_code)


def test_every_page_of_staff_asks_for_a_member_and_every_call_for_somebody() -> None:
    assert len(STAFF) > 10
    for method, path, route in STAFF:
        assert guards_of(route), f"{method} {path} has no guard"
    for method, path, route in ROUTES:
        if path.startswith("/api/") and (method, path) not in OPEN_CALLS:
            calls = [asked.call for asked in route.dependant.dependencies]
            client = require_caller in calls or any(isinstance(c, GrantGuard) for c in calls)
            assert client or guards_of(route), f"{method} {path} is open to everybody"


def test_a_page_of_staff_without_a_guard_does_not_start() -> None:
    with pytest.raises(TypeError, match="needs a guard"):
        staff_pages().add_api_route("/admin/forgotten", lambda: None)


@each_route
def test_nobody_gets_in_without_signing_in(
    office: Office, stranger: TestClient, method: str, path: str, route: APIRoute
) -> None:
    answer = stranger.request(method, fill_path(office, path, "own"))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/admin/sign-in")


@each_route
def test_only_roles_with_the_permission_get_in(
    office: Office,
    people: dict[Role, SignedIn],
    method: str,
    path: str,
    route: APIRoute,
) -> None:
    kept = fill_path(office, path, "own")  # nobody who is refused changes it
    for role, known in people.items():
        leaves = path == "/admin/sign-out"
        person = sign_in(office.database, f"only-{role}") if leaves else known
        is_let_in = needed_by(route) <= ROLE_PERMISSIONS[role]
        address = fill_path(office, path, "own") if is_let_in else kept
        status = ask(person, method, address, path, "own")
        if is_let_in:
            assert status in LET_IN.get((method, path), {200, 303}), (role, status)
        else:
            assert status == 403, role


@each_route
def test_no_role_reaches_a_record_of_another_county(
    office: Office,
    people: dict[Role, SignedIn],
    method: str,
    path: str,
    route: APIRoute,
) -> None:
    if path in PERSONAL or (method == "GET" and "{" not in path):
        return  # lists are cut to the person's divisions; the tests below ask them for others
    assert "{" in path or path in FIELDS, f"{path}: which record does it write?"
    # a form without a record names the division itself
    hidden = 404 if "{" in path and path not in ON_THE_WALL else 403
    address = fill_path(office, path, "foreign")
    for role, person in people.items():
        status = ask(person, method, address, path, "foreign")
        expected = hidden if needed_by(route) <= ROLE_PERMISSIONS[role] else 403
        assert status == expected, (role, status)


@each_route
def test_a_wider_scope_reaches_the_records_of_both_counties(
    office: Office,
    travellers: dict[str, dict[Role, SignedIn]],
    method: str,
    path: str,
    route: APIRoute,
) -> None:
    if path == "/admin/sign-out":
        return
    kept = {side: fill_path(office, path, side) for side in COUNTIES}
    for scope, people in travellers.items():
        for (role, person), side in product(people.items(), COUNTIES):
            is_let_in = needed_by(route) <= ROLE_PERMISSIONS[role]
            address = fill_path(office, path, side) if is_let_in else kept[side]
            status = ask(person, method, address, path, side)
            expected = LET_IN.get((method, path), {200, 303}) if is_let_in else {403}
            assert status in expected, (scope, role, side, status)


@each_route
def test_a_writing_request_without_its_token_is_refused(
    office: Office,
    people: dict[Role, SignedIn],
    method: str,
    path: str,
    route: APIRoute,
) -> None:
    if method in ("GET", "HEAD"):
        return
    fields, address = FIELDS.get(path, lambda _: {})("own"), fill_path(office, path, "own")
    for person in people.values():
        answer = person.browser.request(method, address, data=fields)
        assert answer.status_code == 403
        assert "页面已过期" in answer.text


LISTS = [
    (path, route)
    for method, path, route in STAFF
    if method == "GET" and "{" not in path and "division" in names_asked(route)
]


def test_lists_by_division_are_found() -> None:
    assert {path for path, _ in LISTS} >= {"/admin/addresses", "/admin/plates", "/admin/work-items"}


@pytest.mark.parametrize(("path", "route"), LISTS, ids=[path for path, _ in LISTS])
def test_a_list_of_a_foreign_division_is_refused(
    people: dict[Role, SignedIn],
    travellers: dict[str, dict[Role, SignedIn]],
    path: str,
    route: APIRoute,
) -> None:
    above = ("330100000000", "33")
    for role in Role:
        if path in PICKERS:
            shown = people[role].get(f"{path}?division={COUNTIES['foreign']}").text
            assert "西湖区" not in shown, role
            continue
        sees_none = path in DASHBOARD and DASHBOARD[path] not in ROLE_PERMISSIONS[role]
        for division in (COUNTIES["foreign"], *above):
            status = people[role].get(f"{path}?division={division}").status_code
            assert status == (200 if sees_none else 403), (role, division)
        expected = 200 if needed_by(route) <= ROLE_PERMISSIONS[role] else 403
        for division in (*COUNTIES.values(), *above):
            answer = travellers["province"][role].get(f"{path}?division={division}")
            assert answer.status_code == expected, (role, division)


def test_a_search_finds_nothing_of_another_county(
    office: Office, people: dict[Role, SignedIn]
) -> None:
    officer = people[Role.OFFICER]
    assert office.plates["own"] in officer.get("/admin/plates?q=上城区河坊街88号").text
    found = officer.get("/admin/plates?q=西湖区河坊街88号").text
    assert office.plates["foreign"] not in found


def test_lists_of_accounts_and_of_what_they_did_stop_at_the_border(
    office: Office, people: dict[Role, SignedIn]
) -> None:
    own, foreign = make_account(office, "own")["name"], make_account(office, "foreign")["name"]
    # The list is paged by name, and other tests fill it: begin just before each of the two.
    listed = [
        people[Role.ADMINISTRATOR].get(f"/admin/accounts?after={name[:-1]}").text
        for name in (own, foreign)
    ]
    assert own in listed[0]
    assert foreign not in "".join(listed)
    with office.database.session() as session:
        insert_account(session, "auditor-everywhere", Role.AUDITOR, "")
        insert_account(session, "writer-foreign", Role.OFFICER, COUNTIES["foreign"])
    sign_in(office.database, "writer-foreign")
    everywhere = sign_in(office.database, "auditor-everywhere")
    assert "staff:writer-foreign" in everywhere.get("/admin/audit").text
    assert "staff:writer-foreign" not in people[Role.AUDITOR].get("/admin/audit").text

"""Every route that edits a record of a register refuses one that is behind, and shows both sides.

The routes come from the application: one that writes and is not named in ``EDITS_NOTHING`` must
refuse the version before the last, so no new form can forget to ask.
"""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import count

import pytest
from httpx2 import Response
from PIL import Image
from sqlalchemy import text

from address_model.inspections import EVENT_NAMES, PlateEventKind
from service.auth.permissions import Role
from service.core.settings import Settings
from service.plates.queries.events import find_event
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import Office, opened_office
from tests.factories.staff import SignedIn, make_account, open_browser, sign_in
from tests.service.admin.route_list import OF_NO_STAFF
from tests.service.admin.route_samples import FIELDS, ROUTES, fill_path

EDITS_NOTHING = {
    "asks, and writes nothing": {
        "/api/v1/parse",
        "/api/v1/reconcile",
        "/api/v1/resolve",
        "/api/v1/resolve/batch",
        "/crew",
        "/admin/duties/handover",
    },
    "carries out a list, each row as its post stands": {"/admin/duties/handover/store"},
    "makes a new record": {
        "/admin/accounts/new",
        "/admin/areas/files",
        "/admin/areas/new",
        "/admin/batches/new",
        "/admin/clients/new",
        "/admin/datasets/new",
        "/admin/facilities/at/{code}",
        "/admin/bulk-changes/new",
        "/admin/imports",
        "/admin/units/new",
        "/admin/service-items/new",
        "/api/v1/batches",
    },
    "says which version it saw of each record, and leaves those that have a newer one": {
        "/admin/work-items/many/assign",
        "/admin/work-items/many/cancel",
        "/admin/work-items/many/postpone",
    },
    "stores rows that carry their own ids, the same again changing nothing": {
        "/admin/datasets/{number}/rows",
    },
    "is about the person's own session or password": {
        "/admin/password",
        "/admin/second-factor",
        "/admin/second-factor/confirm",
        "/admin/sign-in",
        "/admin/sign-in/code",
        "/admin/sign-out",
    },
    "gives or takes one thing of an account, which nobody's other edit can undo": {
        "/admin/accounts/{name}/disable",
        "/admin/accounts/{name}/enable",
        "/admin/accounts/{name}/identity",
        "/admin/accounts/{name}/identity/release",
        "/admin/accounts/{name}/password",
        "/admin/accounts/{name}/roles",
        "/admin/accounts/{name}/roles/withdraw",
        "/admin/accounts/{name}/second-factor",
        "/admin/accounts/{name}/sign-out",
        "/admin/accounts/{name}/unit",
    },
}
EDITS = sorted(
    path
    for method, path, _ in ROUTES
    if method not in ("GET", "HEAD", "OPTIONS")
    and path not in set().union(*EDITS_NOTHING.values())
    and (method, path) not in OF_NO_STAFF
)
TABLES: dict[str, tuple[str, str, Callable[[str], object]]] = {
    "/admin/addresses/": ("address", "code", str),
    "/admin/areas/": ("area", "id", int),
    "/admin/drafts/": ("action_draft", "id", int),
    "/admin/bulk-changes/": ("approval", "subject", lambda number: f"run:{number}"),
    "/admin/streets/": ("place_name", "number", str),
    "/admin/clients/": ("client", "id", int),
    "/admin/grants/": ("client_grant", "id", int),
    "/admin/batches/": ("plate_batch", "id", int),
    "/admin/imports/questions/": ("place_name", "number", str),
    "/admin/imports/": ("list_upload", "id", int),
    "/admin/work-items/far/": ("plate", "token", str),
    "/admin/work-items/": ("work_item", "id", int),
    "/admin/alarms/": ("alarm", "id", int),
    "/admin/units/": ("unit", "number", str),
    "/admin/duties/": ("duty", "id", int),
    "/crew/duties/": ("duty", "id", int),
    "/admin/service-items/": ("service_item", "id", int),
    "/admin/facilities/": ("facility", "id", int),
    "/admin/datasets/": ("dataset", "id", int),
    "/admin/reports/": ("report", "number", str),
    "/admin/webhooks/": ("webhook", "id", int),
    "/crew/items/": ("work_item", "id", int),
    "/crew/": ("plate", "token", str),
    "/api/v1/plates/": ("plate", "token", str),
}
"""Where the version of a path's record stands, by the beginning of the path."""

_numbers = count(1)


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as made:
        yield made


@pytest.fixture(scope="module")
def person(office: Office, tmp_path_factory: pytest.TempPathFactory) -> SignedIn:
    """Somebody who may do everything everywhere."""
    make_account(office.database, "everything", *[(role, "") for role in Role])
    browser = open_browser(
        office.database, Settings(home=tmp_path_factory.mktemp("home"), public_url=PUBLIC_URL)
    )
    return sign_in(office.database, "everything", browser)


def address_of(office: Office, path: str) -> str:
    if path.startswith("/api/v1/plates/"):
        return path.replace("{token}", office.plates["own"])
    return fill_path(office, path, "own")


def change(office: Office, address: str) -> tuple[int, int]:
    """Let somebody else write the record; the version before, and the one that stands now."""
    start = next(start for start in TABLES if address.startswith(start))
    table, column, kind = TABLES[start]
    key = kind(address.removeprefix(start).split("/")[0])
    where = f"{column} = :key"
    statement = f"update {table} set {column} = {column} where {where} returning version"  # noqa: S608
    with office.database.session() as session:
        now = session.execute(text(statement), {"key": key}).scalar_one()
    return now - 1, now


def send(person: SignedIn, path: str, address: str, seen: int) -> Response:
    if path.startswith("/api/"):
        event = {"kind": "well", "id": f"stale-{next(_numbers)}"}
        headers = {"X-Form-Token": person.form_token, "If-Match": f'"{seen}"'}
        return person.browser.post(address, json=event, headers=headers)
    fields = FIELDS.get(path, lambda _: {})("own")
    return person.post(address, **fields | {"seen": seen, "act": "照办"})


def rows_of(office: Office) -> list[object]:
    read = "select * from {} t order by 1, 2"
    tables = ("plate_batch", "plate_batch_item", "plate", "plate_event", "work_item", "audit_entry")
    with office.database.reading() as session:
        return [session.execute(text(read.format(table))).all() for table in tables]


def test_there_are_edits_and_no_exception_is_out_of_date() -> None:
    assert len(EDITS) > 10
    writing = {path for method, path, _ in ROUTES if method not in ("GET", "HEAD", "OPTIONS")}
    assert set().union(*EDITS_NOTHING.values()) <= writing


@pytest.mark.parametrize("path", EDITS)
def test_an_edit_of_what_was_changed_meanwhile_is_refused_with_both_versions(
    office: Office, person: SignedIn, path: str
) -> None:
    address = address_of(office, path)
    seen, now = change(office, address)
    before = rows_of(office)
    answer = send(person, path, address, seen)
    assert answer.status_code == 412, answer.text
    assert rows_of(office) == before
    if path.startswith("/api/"):
        told = answer.json()
        assert (told["seen"], told["version"]) == (seen, now)
        assert told["standing"]["状态"] == "在用"
        assert answer.headers["etag"] == f'"{now}"'
        return
    assert f"您看到的是第 {seen} 版，现在是第 {now} 版" in answer.text
    assert "看清楚了，仍要照办" in answer.text
    assert "现在登记的" in answer.text


@pytest.mark.parametrize("path", [path for path in EDITS if not path.startswith("/api/")])
def test_a_form_without_a_version_is_no_form_of_ours(
    office: Office, person: SignedIn, path: str
) -> None:
    fields = FIELDS.get(path, lambda _: {})("own") | {"form_token": person.form_token}
    assert person.browser.post(address_of(office, path), data=fields).status_code == 422


def test_the_page_of_both_sides_sends_the_same_form_about_what_stands(
    office: Office, person: SignedIn
) -> None:
    path = "/admin/batches/{number}/send-back"
    address = address_of(office, path)
    seen, _ = change(office, address)
    fields = FIELDS[path]("own") | {"seen": seen, "saw": "状态：草稿，制作：61 块"}
    page = person.post(address, **fields).text
    assert "<dt>原因</dt><dd>缺少一户</dd>" in page
    assert "当时看到：状态：草稿，制作：61 块" in page
    assert "<dt>状态</dt><dd>待审批</dd>" in page
    action = re.search(r'<form class="actions" method="post" action="([^"]+)">', page)
    assert action
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert fields["reason"] == "缺少一户"
    assert person.browser.post(action[1], data=fields).status_code == 303
    assert "缺少一户" in person.get(address.removesuffix("/send-back")).text


def test_the_photo_of_a_form_that_is_behind_is_kept(office: Office, person: SignedIn) -> None:
    token = office.plates["own"]
    address = f"/crew/{token}"
    seen, _ = change(office, address)
    picture = BytesIO()
    Image.new("RGB", (64, 64), "white").save(picture, "JPEG")
    fields = {"form_token": person.form_token, "seen": seen, "note": "有点脏", "what": "well"}
    page = person.browser.post(
        address,
        data=fields | {"event_id": "photo-1"},
        files={"photo": ("a.jpg", picture.getvalue(), "image/jpeg")},
    ).text
    assert f"<dt>情况</dt><dd>{EVENT_NAMES[PlateEventKind.WELL]}</dd>" in page
    assert "<dt>照片</dt><dd>已拍</dd>" in page
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert person.browser.post(address, data=hidden).status_code == 303
    with office.database.reading() as session:
        event = find_event(session, token, "photo-1")
    assert event is not None
    assert (event.note, event.photo[-68:-4]) == ("有点脏", hidden["kept"])


@pytest.mark.parametrize("kind", ["ordered", "voided"])
def test_a_program_says_which_version_it_decides_by(
    office: Office, person: SignedIn, kind: str
) -> None:
    address = f"/api/v1/plates/{office.plates['foreign']}/events"
    header = {"X-Form-Token": person.form_token}
    event = {"kind": kind, "id": f"decided-{kind}", "reason": "褪色"}
    answer = person.browser.post(address, json=event, headers=header)
    assert answer.status_code == 428
    assert "If-Match" in answer.json()["hint"]
    plate = change(office, address)[1]
    answer = person.browser.post(address, json=event, headers=header | {"If-Match": f'"{plate}"'})
    assert answer.status_code == 201, answer.text
    again = person.browser.post(address, json=event, headers=header | {"If-Match": f'"{plate}"'})
    assert again.json() == answer.json()


@pytest.mark.parametrize("said", ['W/"3"', "3", '"3", "4"', '"x"'])
def test_what_is_no_tag_of_a_record_is_said_so(office: Office, person: SignedIn, said: str) -> None:
    address = f"/api/v1/plates/{office.plates['own']}/events"
    header = {"X-Form-Token": person.form_token, "If-Match": said}
    answer = person.browser.post(address, json={"kind": "well", "id": "tag"}, headers=header)
    assert answer.status_code == 422
    assert "ETag" in answer.json()["detail"]


def test_any_version_will_do_with_a_star(office: Office, person: SignedIn) -> None:
    address = f"/api/v1/plates/{office.plates['own']}/events"
    change(office, address)
    header = {"X-Form-Token": person.form_token, "If-Match": "*"}
    answer = person.browser.post(address, json={"kind": "well", "id": "star"}, headers=header)
    assert answer.status_code == 201

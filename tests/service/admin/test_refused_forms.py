"""A refused request leaves nothing: every route that writes, refused by its last word.

The fault comes where it hurts most, in the entry of the audit chain, which commands write last: by
then everything else is written. What is compared is the content of every table.
"""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from fastapi.responses import Response as Answer
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.admin.answer import open_pages
from service.app import create_app
from service.audit import commands as audit
from service.auth.permissions import Role
from service.batches.commands import batches
from service.batches.request import Selection
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.errors import Conflict
from service.core.settings import Settings
from service.core.web import WriteSession
from tests.factories.batches import make_batch_request, make_member, start_batch
from tests.factories.office import Office, opened_office
from tests.factories.staff import SignedIn
from tests.factories.uploads import GOOD, HEADINGS
from tests.factories.uploads import send as send_list
from tests.service.admin.route_list import OF_NO_STAFF
from tests.service.admin.route_samples import FIELDS, ROUTES, fill_path, sign_in_everything

UNTOUCHED = """
    select string_agg(format('select %L, md5(coalesce(string_agg(t::text, chr(10) order by '
        't::text), '''')) from %I t', table_name, table_name), ' union all ')
    from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'
      and table_name not in ('staff_session', 'request_count')
"""
"""One statement gives the digest of what is in each table; sessions note when they were seen."""

WRITES_NOTHING = {
    "/admin/sign-in",
    "/admin/sign-in/code",
    "/crew",
    "/admin/duties/handover",
    "/api/v1/parse",
    "/api/v1/resolve",
    "/api/v1/resolve/batch",
    "/api/v1/reconcile",
}
"""What is sent there is only read, or, signing in, counts the attempt whatever comes of it."""

FILES = [
    ("GET", "/admin/batches/{number}/files/{name}"),
    ("GET", "/api/v1/batches/{batch_id}/files/{name}"),
]
"""Who takes a file of a batch is noted."""

REFUSED_BEFORE = {
    ("POST", "/admin/areas/files"),  # without a file
    *FILES,
    ("POST", "/admin/password"),
    ("POST", "/admin/second-factor/confirm"),
    ("POST", "/admin/accounts/{name}/second-factor"),
    ("POST", "/admin/duties/handover/store"),
    ("POST", "/admin/accounts/{name}/identity"),
    ("POST", "/admin/accounts/{name}/identity/release"),
    ("POST", "/admin/addresses/{code}/undo"),
    ("POST", "/admin/imports/{number}/reading"),
    ("POST", "/admin/imports/{number}/check"),
    ("POST", "/admin/imports/{number}/store"),
    ("POST", "/admin/imports/{number}/stop"),
    ("POST", "/admin/streets/{number}/numbers/reopen"),
    ("POST", "/admin/work-items/many/assign"),
    ("POST", "/admin/work-items/many/cancel"),
    ("POST", "/admin/work-items/many/postpone"),
}
"""Nothing was made that could be taken or undone; the old password or the code is wrong; the file
of the sample list is lost, so nobody has checked it; no finding was accepted; no work item is
picked that there is."""

_numbers = count(1)
REAL = audit.record, audit.record_codes
WRITING = [
    (method, path)
    for method, path, _ in ROUTES
    if method not in ("GET", "HEAD", "OPTIONS")
    and path not in WRITES_NOTHING
    and (method, path) not in OF_NO_STAFF
] + [*FILES, ("GET", "/admin/address-files")]
NAMES = [f"{method} {path}" for method, path in WRITING]


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as made:
        yield made


@pytest.fixture(scope="module")
def person(office: Office) -> SignedIn:
    """Somebody who may do everything everywhere."""
    return sign_in_everything(office)


def contents(database: Database) -> dict[str, str]:
    """The digest of every table."""
    with database.reading() as session:
        statement = session.execute(text(UNTOUCHED)).scalar_one()
        return {str(name): str(digest) for name, digest in session.execute(text(statement))}


def started(office: Office, *, paused: bool = False) -> str:
    """A batch on its way through the workers."""
    order = make_batch_request(
        choice=Selection(codes=(office.codes["own"],), reprint=True), reprint_reason="试"
    )
    with office.database.session() as session:
        author = make_member(session, f"author-of-{next(_numbers)}", *Role)
        batch = start_batch(session, order, author)
        if paused:
            batches.pause_batch(session, batch.id, author)
    return str(batch.id)


def find_address(office: Office, path: str) -> str:
    """The path of a record that is in the state the route asks for."""
    with office.database.session() as session:  # an address stands in one open batch
        session.execute(text("update plate_batch set status = 'cancelled'"))
    if path.endswith(("/pause", "/resume")):
        return path.replace("{number}", started(office, paused=path.endswith("/resume")))
    if path.endswith("/events"):
        return path.replace("{token}", office.plates["own"])
    return fill_path(
        office, path.replace("/api/v1/batches/{batch_id}", "/admin/batches/{number}"), "own"
    )


def send(office: Office, person: SignedIn, method: str, path: str, address: str) -> Response:
    """Send what the route takes."""
    header = {"X-Form-Token": person.form_token}
    if method == "GET":
        return person.browser.get(address)
    if path == "/api/v1/batches":
        order = {"name": "河坊街第一批", "division": "330102", "reprint_reason": "试"}
        return person.browser.post(address, json=order, headers=header)
    if path.endswith("/events"):
        event = {"kind": "well", "id": f"event-{next(_numbers)}"}
        return person.browser.post(address, json=event, headers=header)
    if path == "/admin/imports":
        return send_list(person, HEADINGS + GOOD)
    if path == "/admin/datasets/{number}/rows":
        sent = {"file": ("rows.csv", f"code,built_in\n{office.codes['own']},1998\n")}
        return person.browser.post(address, data={"form_token": person.form_token}, files=sent)
    fields = FIELDS.get(path, lambda _: {})("own")
    if path.endswith("/bulk-changes/new"):
        fields["agreed"] = person.read_digest_of(person.post(address, **fields).text)
    if path.endswith("/batches/new"):
        fields |= {"reprint": "1", "reprint_reason": "试"}
    if path.endswith("/leave-out"):
        fields["code"] = office.codes["own"]
    return person.post(address, **fields)


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was to be entered in the audit chain, each refused after it was written."""
    found: list[str] = []

    def refusing(write: Callable[..., object]) -> Callable[..., object]:
        def refuse(session: Session, **entry: object) -> None:
            write(session, **entry)
            session.flush()
            found.append(str(entry["action"]))
            raise Conflict("refused at last", zh="最后一步不同意。")

        return refuse

    for name in ("record", "record_codes"):
        monkeypatch.setattr(audit, name, refusing(getattr(audit, name)))
    return found


@pytest.mark.parametrize(("method", "path"), WRITING, ids=NAMES)
def test_a_refused_request_leaves_every_table_as_it_was(
    office: Office, person: SignedIn, reached: list[str], method: str, path: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:  # records are made before anything is refused
        patch.setattr(audit, "record", REAL[0])
        patch.setattr(audit, "record_codes", REAL[1])
        address = find_address(office, path)
    before = contents(office.database)
    answer = send(office, person, method, path, address)
    assert answer.status_code >= 400
    assert bool(reached) is ((method, path) not in REFUSED_BEFORE), answer.text
    after = contents(office.database)
    assert {name for name in before if before[name] != after[name]} == set()


def test_a_page_that_shows_a_fault_by_itself_leaves_nothing_either(office: Office) -> None:
    router = open_pages()

    @router.post("/planted")
    def planted(session: WriteSession, status: int) -> Answer:
        audit.record(session, actor=COMMAND_LINE, action="planted", subject=str(status))
        return Answer(status_code=status)

    app = create_app(office.database, Settings()).fastapi
    app.router.routes.insert(0, router.routes[0])
    browser = TestClient(app, follow_redirects=False)
    for status, stays in ((422, False), (409, False), (200, True), (303, True)):
        before = contents(office.database)
        assert browser.post(f"/planted?status={status}").status_code == status
        assert (contents(office.database) != before) is stays, status


def test_a_route_of_another_kind_writes_nothing_at_all(office: Office) -> None:
    app = create_app(office.database, Settings()).fastapi

    def planted(session: WriteSession) -> Answer:
        audit.record(session, actor=COMMAND_LINE, action="planted", subject="other")
        return Answer()

    app.router.add_api_route("/planted", planted, methods=["POST"])
    app.router.routes.insert(0, app.router.routes.pop())
    before = contents(office.database)
    assert TestClient(app).post("/planted").status_code == 200
    assert contents(office.database) == before

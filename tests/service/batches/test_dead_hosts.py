"""No way through the house leads to a real plate whose QR code nobody can open."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from qr.public_host import find_host_fault
from service.auth.guards import FORM_HEADER
from service.auth.members import StaffMember
from service.auth.permissions import Role
from service.batches.commands import approval, batches, delivery
from service.batches.queries.batches import BatchRow, list_batches
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.errors import DeadHost
from service.core.settings import Settings
from service.plates.commands import (
    ReplacementRequest,
    issue_blank_plates,
    issue_plates,
    open_batch,
    replace_plate,
)
from tests.command_line import Outcome, call
from tests.database import TestDatabase, migrated_database
from tests.factories.batches import (
    make_batch_request,
    make_member,
    make_street,
    read_batch,
    read_states,
    start_batch,
    work_off,
)
from tests.factories.hosts import PREFIX, PUBLIC_URL
from tests.factories.office import insert_account
from tests.factories.plates import make_visit
from tests.factories.staff import SignedIn, open_browser, sign_in

DEAD = "http://192.168.1.5:8000"
DEAD_PREFIX = f"{DEAD}/"
ENVIRONMENT = 3
DIVISION = "330102"


@pytest.fixture(scope="module")
def house() -> Iterator[TestDatabase]:
    """A street of four doors, two with real plates of a good host; accounts of both kinds."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            codes = make_street(session, 4)
            insert_account(session, "officer", Role.OFFICER, DIVISION)
            insert_account(session, "approver", Role.APPROVER, DIVISION)
            batch = open_batch(
                session, name="old", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
            )
            issue_plates(session, batch, codes[:2], COMMAND_LINE, status="in_use")
        database.dispose()
        yield made


@pytest.fixture
def database(house: TestDatabase) -> Iterator[Database]:
    made = Database(house.app_url)
    yield made
    made.dispose()


def one_token(database: Database) -> str:
    with database.reading() as session:
        return str(session.scalar(text("select min(token) from plate")))


def count_plates(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(text("select count(*) from plate")) or 0)


@pytest.mark.parametrize("url", ["", DEAD, "https://menpai", "https://mp.city.test"])
@pytest.mark.parametrize(
    "command",
    [
        ("plates", "issue"),
        ("plates", "issue-blank", "--county", "330102", "--count", "3"),
        ("plates", "replace", "TOKEN", "--reason", "褪色"),
        ("plates", "batch", "create", "第一批", "--account", "officer", "--division", "330102"),
        ("plates", "batch", "create", "b", "--account", "officer", "--division", "330102",
         "--reprint", "褪色"),
    ],
    ids=lambda command: " ".join(command[1:3]),
)  # fmt: skip
def test_no_command_makes_a_plate_under_a_dead_setting(
    house: TestDatabase, database: Database, command: tuple[str, ...], url: str
) -> None:
    before = count_plates(database)
    words = [one_token(database) if word == "TOKEN" else word for word in command]
    done: Outcome = call(*words, database=house, public_url=url)
    assert done.code == ENVIRONMENT
    assert "MENPAI_PUBLIC_URL" in done.err
    assert "https://mp.hangzhou.gov.cn" in done.err
    assert "--for-trial" in done.err
    assert count_plates(database) == before
    with database.reading() as session:
        assert [row.name for row in list_batches(session)] == ["old"]


def enter(database: Database, url: str, home: Path) -> SignedIn:
    settings = Settings(home=home, public_url=url)
    return sign_in(database, "officer", open_browser(database, settings))


@pytest.mark.parametrize("url", ["", DEAD])
def test_the_api_refuses_with_a_problem_that_names_the_setting(
    database: Database, url: str, tmp_path: Path
) -> None:
    officer = enter(database, url, tmp_path)
    headers = {FORM_HEADER: officer.form_token, "accept": "application/json", "If-Match": "*"}
    batch = {"name": "一", "division": DIVISION}
    order = {"id": "x", "kind": "ordered", "reason": "褪色"}
    for path, body in (
        ("/api/v1/batches", batch),
        (f"/api/v1/plates/{one_token(database)}/events", order),
    ):
        answer = officer.browser.post(path, json=body, headers=headers)
        assert answer.status_code == 409, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert "MENPAI_PUBLIC_URL" in answer.json()["hint"]
    found = {"id": "y", "kind": "well"}
    path = f"/api/v1/plates/{one_token(database)}/events"
    assert officer.browser.post(path, json=found, headers=headers).status_code == 201


@pytest.mark.parametrize("url", ["", DEAD])
def test_the_page_refuses_in_chinese_and_offers_the_trial(
    database: Database, url: str, tmp_path: Path
) -> None:
    officer = enter(database, url, tmp_path)
    form = officer.get("/admin/batches/new").text
    assert 'name="trial"' in form
    answer = officer.post(
        "/admin/batches/new", name="一", request_key=f"key {url}", division="330102000000"
    )
    assert answer.status_code == 409
    page = answer.text
    for words in ("扫码会打不开", "MENPAI_PUBLIC_URL", "https://mp.hangzhou.gov.cn", "试印"):
        assert words in page


def test_a_public_host_offers_no_trial_and_is_shown_large(
    database: Database, tmp_path: Path
) -> None:
    form = enter(database, PUBLIC_URL, tmp_path).get("/admin/batches/new").text
    assert 'name="trial"' not in form
    assert f"扫码后打开：<b>{PUBLIC_URL}/…</b>" in form


@pytest.fixture
def approver(street: Database) -> StaffMember:
    with street.session() as session:
        return make_member(session, "approver", Role.APPROVER)


def age(street: Database, batch: BatchRow) -> None:
    """Let a batch begin as those did that were chosen before hosts were judged."""
    with street.session() as session:
        session.execute(
            text("update plate_batch set payload_prefix = :p where id = :b"),
            {"p": DEAD_PREFIX, "b": batch.id},
        )


def choose(street: Database, officer: StaffMember) -> BatchRow:
    with street.session() as session:
        return batches.choose_batch(session, make_batch_request(), officer).batch


def test_an_old_batch_goes_no_step_further(
    street: Database, officer: StaffMember, approver: StaffMember
) -> None:
    batch = choose(street, officer)
    steps: dict[str, Callable[..., BatchRow]] = {
        "draft": lambda s: approval.submit_batch(s, batch.id, officer, approval_above=0),
        "awaiting_approval": lambda s: approval.approve_batch(s, batch.id, approver),
        "approved": lambda s: batches.start_batch(s, batch.id, officer),
        "blocked": lambda s: batches.resume_batch(s, batch.id, officer),
        "ready": lambda s: delivery.hand_over_batch(s, batch.id, "厂", officer),
    }
    with street.session() as session:
        run = session.scalar(
            text(
                "insert into run (kind, parameters, result) values ('plate_batch', '{}', '{}') "
                "returning id"
            )
        )
        session.execute(text("update plate_batch set run_id = :r"), {"r": run})
        approval.submit_batch(session, batch.id, officer, approval_above=0)
    age(street, batch)
    for status, step in steps.items():
        with street.session() as session:
            session.execute(text("update plate_batch set status = :s"), {"s": status})
        with pytest.raises(DeadHost, match=r"192\.168\.1\.5"), street.session() as session:
            step(session)
    with street.session() as session:
        session.execute(text("update plate_batch set status = 'draft', run_id = null"))
        batches.cancel_batch(session, batch.id, officer)


def test_a_batch_that_ran_when_hosts_were_not_judged_is_blocked_with_the_reason(
    street: Database, officer: StaffMember
) -> None:
    with street.session() as session:
        batch = start_batch(session, make_batch_request(), officer)
    age(street, batch)
    work_off(street, batch)
    held = read_batch(street, batch)
    assert held.status == "blocked"
    assert "MENPAI_PUBLIC_URL" in held.reason
    assert read_states(street, batch) == {}


def test_nothing_is_printed_again_under_a_dead_host(
    fresh_database: TestDatabase, street: Database, tmp_path: Path
) -> None:
    issued = call("plates", "issue", "--json", database=fresh_database)
    batch = issued.json["batch"]
    with street.session() as session:
        session.execute(text("update plate_batch set payload_prefix = :p"), {"p": DEAD_PREFIX})
    for words in ((), ("--batch", str(batch)), ("--format", "svg")):
        out = tmp_path / "plates"
        done = call("plates", "print", "--out", str(out), *words, database=fresh_database)
        assert done.code == ENVIRONMENT
        assert "192.168.1.5" in done.err
        assert not list(out.glob("*.*"))
    done = call(
        "plates", "print", "--for-trial", "--out", str(out), "--json", database=fresh_database
    )
    assert done.json["plates"] == 10


def test_no_command_of_the_house_gives_out_a_token(street: Database) -> None:
    with street.session() as session:
        codes = [str(code) for code in session.scalars(text("select code from address"))]
        batch = open_batch(
            session, name="b", design="medium", payload_prefix=DEAD_PREFIX, actor=COMMAND_LINE
        )
        good = open_batch(
            session, name="g", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
        )
        (token,) = issue_plates(session, good, codes[:1], COMMAND_LINE, status="in_use")
        with pytest.raises(DeadHost):
            issue_plates(session, batch, codes, COMMAND_LINE)
        with pytest.raises(DeadHost):
            issue_blank_plates(session, batch, "330102", 1, COMMAND_LINE)
        order = ReplacementRequest("褪色", DEAD_PREFIX, approval_above=100)
        with pytest.raises(DeadHost):
            replace_plate(session, token, order, make_visit(), COMMAND_LINE)
        rows = session.execute(
            text("select b.payload_prefix from plate p join plate_batch b on b.id = p.batch_id")
        )
        assert all(find_host_fault(prefix) is None for (prefix,) in rows)

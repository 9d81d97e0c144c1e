"""A register with batches in every state goes up to approvals, and back, and loses nothing."""

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import Engine, Row, create_engine, text

from migrations import run
from service.approvals.queries import ApprovalRow, find_latest
from service.audit import commands as audit
from service.auth.permissions import Role
from service.batches.commands import approval
from service.batches.queries.batches import BatchRow, get_batch
from service.core.database import Database
from tests.database import TestDatabase
from tests.factories.batches import make_member, make_street

BEFORE = "0037-1"
"""The revision before approvals."""
SENT = "少一户"
BATCHES = [
    # status, submitted, approved by a second person, sent back
    ("draft", False, False, ""),
    ("draft", True, False, SENT),
    ("awaiting_approval", True, False, ""),
    ("approved", True, True, ""),
    ("approved", True, False, ""),
    ("running", True, True, ""),
    ("blocked", True, False, ""),
    ("ready", True, True, ""),
    ("handed_over", True, True, ""),
    ("received", True, False, ""),
    ("cancelled", False, False, ""),
    ("cancelled", True, False, ""),
    ("cancelled", True, True, ""),
    ("cancelled", True, False, SENT),
]
OLD = text(
    "insert into plate_batch (id, name, design, payload_prefix, status, division, plates, "
    "author_id, submitted_at, approver_id, approved_at, sent_back) "
    "select :id, 'x', 'medium', 'https://CITY.EXAMPLE/', :status, '330102', 2, author.id, "
    "case when :submitted then timestamptz '2026-03-02 09:00+8' end, "
    "case when :agreed then approver.id end, "
    "case when :agreed then timestamptz '2026-03-02 10:00+8' end, :sent_back "
    "from staff_account author, staff_account approver "
    "where author.name = 'author' and approver.name = 'approver'"
)
ITEMS = text(
    "insert into plate_batch_item (batch_id, place, code, left_out) "
    "select b.id, row_number() over (partition by b.id order by a.code), a.code, "
    "case when a.code = (select max(code) from address) then '拆除' else '' end "
    "from plate_batch b, address a"
)
COLUMNS = text(
    "select id, status, submitted_at, approver_id, approved_at, sent_back from plate_batch "
    "order by id"
)


@pytest.fixture
def owner(fresh_database: TestDatabase) -> Iterator[Engine]:
    """The register of before: two doors, an author, an approver, a batch of each kind."""
    database = Database(fresh_database.app_url)
    with database.session() as session:
        make_street(session, 2)
        make_member(session, "author", Role.OFFICER)
        decider = make_member(session, "approver", Role.APPROVER)
        audit.record(session, actor=decider.actor, action="batches:send_back", subject="2")
    database.dispose()
    run.downgrade(fresh_database.owner_url, BEFORE)
    engine = create_engine(fresh_database.owner_url)
    with engine.begin() as connection:
        for number, (status, submitted, agreed, sent_back) in enumerate(BATCHES, 1):
            values = {"id": number, "status": status, "submitted": submitted}
            connection.execute(OLD, values | {"agreed": agreed, "sent_back": sent_back})
        connection.execute(ITEMS)
    yield engine
    engine.dispose()


def read_old(engine: Engine) -> Sequence[Row[tuple[object, ...]]]:
    with engine.connect() as connection:
        return connection.execute(COLUMNS).all()


def latest(database: Database, number: int) -> ApprovalRow | None:
    with database.reading() as session:
        return find_latest(session, approval.KIND, str(number))


def said(batch: BatchRow) -> tuple[object, ...]:
    submitted, agreed = batch.submitted_at is not None, batch.approved_at is not None
    assert (batch.approver == "approver") is agreed
    return batch.status, submitted, agreed, batch.sent_back


def test_batches_in_every_state_say_the_same_and_go_on(
    owner: Engine, fresh_database: TestDatabase
) -> None:
    run.upgrade(fresh_database.owner_url)
    database = Database(fresh_database.app_url)
    with database.reading() as session:
        read = [said(get_batch(session, number)) for number in range(1, len(BATCHES) + 1)]
    assert read == BATCHES
    requests = [latest(database, number) for number in range(1, len(BATCHES) + 1)]
    decisions = [request.decision if request else None for request in requests]
    assert decisions == [
        None, "sent_back", "", *["approved"] * 7, None, "withdrawn", "approved", "sent_back",
    ]  # fmt: skip
    sent_back = requests[1]
    assert sent_back is not None
    assert (sent_back.decider, sent_back.reason, sent_back.size) == ("approver", SENT, 1)
    with database.session() as session:
        approver = make_member(session, "second", Role.APPROVER)
        assert approval.approve_batch(session, 3, approver).status == "approved"
        for number in (3, 4, 5, 6, 7):
            approval.require_approved(session, get_batch(session, number))
    database.dispose()


def test_going_back_gives_the_columns_what_they_said(
    owner: Engine, fresh_database: TestDatabase
) -> None:
    before = read_old(owner)
    run.upgrade(fresh_database.owner_url)
    run.downgrade(fresh_database.owner_url, BEFORE)
    assert read_old(owner) == before


def test_a_batch_without_a_list_has_no_request(owner: Engine, fresh_database: TestDatabase) -> None:
    with owner.begin() as connection:
        connection.execute(text("update plate_batch set author_id = null, status = 'issued'"))
    run.upgrade(fresh_database.owner_url)
    with owner.connect() as connection:
        assert connection.scalar(text("select count(*) from approval")) == 0

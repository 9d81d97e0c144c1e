"""What is agreed to when a batch is approved, and what becomes of it when the list is another."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from service.auth.members import StaffMember
from service.auth.permissions import Role
from service.batches.commands import approval, batches
from service.batches.queries.approval_digest import digest_batch
from service.batches.queries.batches import BatchRow, get_batch, list_sent_back, list_to_approve
from service.core.database import Database, Session
from service.core.errors import Conflict, NotAllowed
from tests.database import TestDatabase
from tests.factories.batches import make_batch_request, make_member, make_street
from tests.interleaving import Step, interleave_everywhere


@pytest.fixture
def approver(session: Session) -> StaffMember:
    return make_member(session, "approver", Role.APPROVER)


@pytest.fixture
def batch(session: Session, codes: list[str], clerk: StaffMember) -> BatchRow:
    """Four doors that await approval."""
    assert len(codes) == 4
    return submit(
        session, batches.choose_batch(session, make_batch_request(), clerk).batch.id, clerk
    )


def submit(session: Session, number: int, author: StaffMember) -> BatchRow:
    return approval.submit_batch(session, number, author, approval_above=0)


def alter(session: Session, batch: BatchRow) -> None:
    """What no command does: another address in the place of the first."""
    session.execute(
        text("update plate_batch_item set place = place + 10 where batch_id = :b and place = 1"),
        {"b": batch.id},
    )


def test_the_digest_is_of_the_list_and_of_all_that_plates_come_out_by(
    session: Session, batch: BatchRow
) -> None:
    seen = {digest_batch(session, batch.id)}
    for change in (
        "name = 'x'", "design = 'small'", "payload_prefix = 'https://x/'", "is_trial = true",
        "print_options = print_options || '{\"per_file\": 9}'", "reprint_reason = 'x'",
    ):  # fmt: skip
        session.execute(text(f"update plate_batch set {change}"))  # noqa: S608 - our own
        seen.add(digest_batch(session, batch.id))
    alter(session, batch)
    assert len(seen | {digest_batch(session, batch.id)}) == 8
    before = digest_batch(session, batch.id)
    session.execute(text("update plate_batch set status = 'running', maker = 'x', reason = 'x'"))
    assert digest_batch(session, batch.id) == before


def test_a_list_that_was_changed_since_it_was_submitted_is_not_approved(
    session: Session, batch: BatchRow, approver: StaffMember
) -> None:
    alter(session, batch)
    with pytest.raises(Conflict, match="changed after it was submitted"):
        approval.approve_batch(session, batch.id, approver)
    assert get_batch(session, batch.id).status == "awaiting_approval"
    assert approval.send_back_batch(session, batch.id, "名单变了", approver).status == "draft"


def test_a_list_is_approved_only_as_it_was_read(
    session: Session, batch: BatchRow, clerk: StaffMember, approver: StaffMember, codes: list[str]
) -> None:
    """Between the look and the decision it is sent back, lessened and submitted again."""
    other = make_member(session, "other", Role.APPROVER)
    seen = digest_batch(session, batch.id, batch.submitted_at)
    approval.send_back_batch(session, batch.id, "少做一户", other)
    batches.leave_out(session, batch.id, codes[0], "拆除", clerk)
    submit(session, batch.id, clerk)
    with pytest.raises(Conflict, match="not what you have read"):
        approval.approve_batch(session, batch.id, approver, agreed=seen)
    now = get_batch(session, batch.id)
    stands = digest_batch(session, now.id, now.submitted_at)
    assert approval.approve_batch(session, batch.id, approver, agreed=stands).approver == "approver"


def test_what_was_sent_back_is_a_new_request_and_the_first_stays_with_its_reason(
    session: Session, batch: BatchRow, clerk: StaffMember, approver: StaffMember
) -> None:
    sent = approval.send_back_batch(session, batch.id, " 少一户 ", approver)
    assert (sent.sent_back, sent.approver, sent.approved_at) == ("少一户", "", None)
    assert list_sent_back(session, clerk.account_id, 9) == [sent]
    assert list_to_approve(session, approver.account_id, ("",), 9) == []
    again = submit(session, batch.id, clerk)
    assert (again.sent_back, again.status) == ("", "awaiting_approval")
    assert list_to_approve(session, approver.account_id, ("",), 9) == [again]
    approved = approval.approve_batch(session, batch.id, approver)
    assert (approved.approver, approved.approved_at is not None) == ("approver", True)
    kept = session.execute(
        text("select decision, reason, version from approval where subject = :b order by id"),
        {"b": str(batch.id)},
    )
    assert [tuple(row) for row in kept] == [("sent_back", "少一户", 2), ("approved", "", 2)]


def test_who_submitted_the_batch_of_another_decides_no_more_than_its_author(
    session: Session, codes: list[str], clerk: StaffMember
) -> None:
    helper = make_member(session, "helper", *Role)
    number = batches.choose_batch(session, make_batch_request(), clerk).batch.id
    submit(session, number, helper)
    author = StaffMember(clerk.account_id, clerk.name, "", helper.assignments)
    for own in (helper, author):
        assert list_to_approve(session, own.account_id, ("",), 9) == []
        with pytest.raises(NotAllowed):
            approval.approve_batch(session, number, own)


def approve_and_start(session: Session, batch: BatchRow, clerk: StaffMember) -> BatchRow:
    approval.approve_batch(session, batch.id, make_member(session, "second", Role.APPROVER))
    return batches.start_batch(session, batch.id, clerk)


def test_a_batch_whose_list_is_no_longer_what_was_approved_does_not_start(
    session: Session, batch: BatchRow, clerk: StaffMember, approver: StaffMember
) -> None:
    approval.approve_batch(session, batch.id, approver)
    with session.begin_nested() as tried:
        alter(session, batch)
        with pytest.raises(Conflict, match="no longer what was approved"):
            batches.start_batch(session, batch.id, clerk)
        tried.rollback()
    assert batches.start_batch(session, batch.id, clerk).status == "running"


def test_a_batch_that_was_approved_by_no_request_does_not_start(
    session: Session, batch: BatchRow, clerk: StaffMember
) -> None:
    session.execute(text("update plate_batch set status = 'approved'"))
    with pytest.raises(Conflict, match="not approved"):
        batches.start_batch(session, batch.id, clerk)


def test_leaving_out_only_lessens_and_putting_back_is_more_than_was_agreed_to(
    session: Session, batch: BatchRow, clerk: StaffMember, codes: list[str]
) -> None:
    approve_and_start(session, batch, clerk)
    session.execute(text("update plate_batch set status = 'blocked'"))
    batches.leave_out(session, batch.id, codes[1], "拆除", clerk)
    approval.require_approved(session, get_batch(session, batch.id))
    session.execute(text("update plate_batch_item set left_out_at = null where left_out <> ''"))
    with pytest.raises(Conflict, match="no longer what was approved"):
        batches.resume_batch(session, batch.id, clerk)


def test_what_was_left_out_before_it_was_submitted_is_no_part_of_what_is_agreed_to(
    session: Session, codes: list[str], clerk: StaffMember
) -> None:
    batch = batches.choose_batch(session, make_batch_request(), clerk).batch
    batches.leave_out(session, batch.id, codes[0], "拆除", clerk)
    approve_and_start(session, submit(session, batch.id, clerk), clerk)
    session.execute(text("update plate_batch set status = 'blocked'"))
    session.execute(text("update plate_batch_item set left_out = '', left_out_at = null"))
    with pytest.raises(Conflict, match="no longer what was approved"):
        batches.resume_batch(session, batch.id, clerk)


@pytest.fixture
def town(fresh_database: TestDatabase) -> Iterator[Database]:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        make_street(session, 2)
    yield database
    database.dispose()


def test_of_two_who_decide_at_once_one_does_and_the_other_is_told(town: Database) -> None:
    with town.session() as session:
        author = make_member(session, "author", Role.OFFICER)
        deciders = [make_member(session, name, Role.APPROVER) for name in ("zhang", "wang")]

    def make() -> tuple[Step, Step]:
        with town.session() as session:
            session.execute(text("update plate_batch set status = 'cancelled'"))
            number = batches.choose_batch(session, make_batch_request(), author).batch.id
            submit(session, number, author)
        return (
            lambda s: approval.approve_batch(s, number, deciders[0]),
            lambda s: approval.send_back_batch(s, number, "少一户", deciders[1]),
        )

    for outcomes in interleave_everywhere(town, make):
        done, refused = sorted(outcomes, key=lambda one: one.refused is not None)
        assert done.refused is None
        assert isinstance(refused.refused, Conflict)
        assert "不在等待审批" in refused.refused.zh
    with town.reading() as session:
        decisions = session.scalars(text("select distinct decision from approval order by 1"))
        assert set(decisions) == {"approved", "sent_back"}

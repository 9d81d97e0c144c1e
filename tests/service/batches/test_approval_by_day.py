"""The threshold of approval counts an author's day: many small batches are a large one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from service.auth.members import Assignment, StaffMember
from service.auth.permissions import Role
from service.batches.commands import approval, batches
from service.batches.direct_issue import IssueRequest, issue_blanks, issue_missing
from service.batches.request import Selection
from service.core import clock
from service.core.actor import COMMAND_LINE, Actor
from service.core.database import Database, Session
from service.core.errors import Conflict
from service.plates.commands import ReplacementRequest, issue_plates, open_batch, replace_plate
from tests.factories import make_visit
from tests.factories.batches import make_batch_request, make_member, make_street
from tests.factories.hosts import PREFIX
from tests.interleaving import Step, interleave_everywhere

ABOVE = 5
EVENING = datetime(2026, 7, 1, 15, 0, tzinfo=UTC)
"""Eleven at night in Hangzhou."""


@pytest.fixture
def codes(session: Session) -> list[str]:
    return make_street(session, 20)


@pytest.fixture
def officer(session: Session) -> StaffMember:
    return make_member(session, "officer", Role.OFFICER)


def submit(session: Session, codes: list[str], author: StaffMember) -> int:
    """Choose and submit a batch of these addresses; its number."""
    order = make_batch_request(choice=Selection(codes=tuple(codes)))
    number = batches.choose_batch(session, order, author).batch.id
    approval.submit_batch(session, number, author, approval_above=ABOVE)
    return number


def status(session: Session, number: int) -> str:
    found = text("select status from plate_batch where id = :id")
    return str(session.scalar(found, {"id": number}))


def test_small_batches_of_one_day_count_together_and_those_of_another_person_do_not(
    session: Session, codes: list[str], officer: StaffMember
) -> None:
    first, second = (submit(session, codes[n : n + 2], officer) for n in (0, 2))
    third = submit(session, codes[4:6], officer)
    assert [status(session, n) for n in (first, second, third)] == [
        "approved", "approved", "awaiting_approval",
    ]  # fmt: skip
    other = make_member(session, "other", Role.OFFICER)
    assert status(session, submit(session, codes[6:11], other)) == "approved"
    assert status(session, submit(session, codes[11:12], officer)) == "approved"
    assert status(session, submit(session, codes[12:13], officer)) == "awaiting_approval"


def test_what_a_colleague_approved_or_was_cancelled_counts_no_more(
    session: Session, codes: list[str], officer: StaffMember
) -> None:
    approver = make_member(session, "approver", Role.APPROVER)
    large = submit(session, codes[:6], officer)
    approval.approve_batch(session, large, approver)
    small = submit(session, codes[6:11], officer)
    assert status(session, small) == "approved"
    batches.cancel_batch(session, small, officer)
    assert status(session, submit(session, codes[11:16], officer)) == "approved"


@pytest.mark.parametrize("at", [EVENING, EVENING + timedelta(minutes=59, seconds=59)])
def test_a_new_day_begins_at_midnight_of_the_people(
    session: Session,
    codes: list[str],
    officer: StaffMember,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At five to midnight in Hangzhou it is still yesterday afternoon in Greenwich."""
    asked = text("update approval set asked_at = :at where subject = :id")
    monkeypatch.setattr(clock, "now_utc", lambda: at)
    first = submit(session, codes[:5], officer)
    session.execute(asked, {"at": EVENING, "id": str(first)})
    assert status(session, submit(session, codes[5:6], officer)) == "awaiting_approval"
    monkeypatch.setattr(clock, "now_utc", lambda: EVENING + timedelta(hours=1))
    assert status(session, submit(session, codes[6:7], officer)) == "approved"


def test_what_is_issued_at_once_counts_in_the_same_day(
    session: Session, codes: list[str], officer: StaffMember
) -> None:
    made: dict[str, Any] = {"name": "旧牌", "design": "medium", "payload_prefix": PREFIX}
    batch = open_batch(session, actor=COMMAND_LINE, **made)
    (old,) = issue_plates(session, batch, codes[9:10], COMMAND_LINE, status="in_use")
    order = ReplacementRequest("褪色", PREFIX, approval_above=ABOVE)
    submit(session, codes[:4], officer)
    event = replace_plate(session, old, order, make_visit(None), officer.actor)
    assert status(session, submit(session, codes[4:5], officer)) == "awaiting_approval"
    with pytest.raises(Conflict, match="without a second person") as refused:
        replace_plate(session, str(event.successor), order, make_visit(None), officer.actor)
    assert "请新建批次并提交审批" in refused.value.zh
    other = make_member(session, "other", Role.OFFICER)
    renewed = replace_plate(session, str(event.successor), order, make_visit(None), other.actor)
    assert renewed.successor


@pytest.fixture
def street(fresh_database: object) -> Iterator[Database]:
    database = Database(fresh_database.app_url)  # type: ignore[attr-defined]
    with database.session() as session:
        make_street(session, 6)
    yield database
    database.dispose()


def test_two_batches_submitted_at_once_count_together(street: Database) -> None:
    with street.session() as session:
        codes = list(session.scalars(text("select code from address order by code")))
        author = make_member(session, "author", Role.OFFICER)

    def make() -> tuple[Step, Step]:
        with street.session() as session:
            session.execute(text("update plate_batch set status = 'cancelled'"))
            session.execute(text("update approval set decision = 'withdrawn'"))
            orders = [
                make_batch_request(choice=Selection(codes=tuple(codes[n : n + 3]))) for n in (0, 3)
            ]
            numbers = [batches.choose_batch(session, one, author).batch.id for one in orders]

        def submits(number: int) -> Step:
            return lambda s: approval.submit_batch(s, number, author, approval_above=ABOVE)

        return submits(numbers[0]), submits(numbers[1])

    for outcomes in interleave_everywhere(street, make):
        states = sorted(str(one.result.status) for one in outcomes)  # type: ignore[attr-defined]
        assert states == ["approved", "awaiting_approval"]


def count_plates(street: Database) -> int:
    with street.reading() as session:
        return session.scalar(text("select count(*) from plate")) or 0


def test_a_programs_orders_count_in_its_own_day(session: Session, codes: list[str]) -> None:
    made: dict[str, Any] = {"name": "旧牌", "design": "medium", "payload_prefix": PREFIX}
    batch = open_batch(session, actor=COMMAND_LINE, **made)
    old = issue_plates(session, batch, codes[:3], COMMAND_LINE, status="in_use")
    order = ReplacementRequest("褪色", PREFIX, approval_above=1)
    crew, other = Actor("client", "养护"), Actor("client", "巡查")
    assert replace_plate(session, old[0], order, make_visit(None), crew).successor
    with pytest.raises(Conflict, match="1 more than the 1 of today"):
        replace_plate(session, old[1], order, make_visit(None), crew)
    assert replace_plate(session, old[2], order, make_visit(None), other).successor


def test_plates_issued_without_a_list_count_and_are_refused_whole(street: Database) -> None:
    with street.session() as session:
        author = make_member(session, "author", Role.OFFICER).actor
    order = IssueRequest("全部", "medium", PREFIX, division="330102", approval_above=ABOVE)
    with pytest.raises(Conflict, match="6 more than the 0 of today"):
        issue_missing(street, order, author)
    assert count_plates(street) == 0
    assert issue_missing(street, replace(order, limit=3), author)[0] == 3
    with pytest.raises(Conflict, match="3 more than the 3 of today"):
        issue_blanks(street, order, "330102", 3, author)
    issue_blanks(street, order, "330102", 2, author)
    assert count_plates(street) == 5
    with pytest.raises(Conflict, match="1 more than the 5 of today"):
        issue_missing(street, replace(order, limit=1), author)
    with street.session() as session:
        code = session.scalars(text("select code from address order by code desc")).first()
        found = session.scalar(text("select id from staff_account"))
        member = StaffMember(int(found or 0), "author", "", (Assignment(Role.OFFICER),))
        assert status(session, submit(session, [str(code)], member)) == "awaiting_approval"


def test_plates_for_trial_ask_nobody_and_neither_does_the_first_set_up(street: Database) -> None:
    with street.session() as session:
        author = make_member(session, "author", Role.OFFICER).actor
    order = IssueRequest("试印", "medium", PREFIX, division="330102", is_trial=True)
    assert issue_missing(street, order, author)[0] == 6
    assert issue_missing(street, replace(order, is_trial=False), COMMAND_LINE)[0] == 6
    with street.reading() as session:
        noted = session.execute(text("select author, size, decision from approval")).all()
    assert [tuple(row) for row in noted] == [("system:command line", 6, "approved")]

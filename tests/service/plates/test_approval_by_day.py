"""The threshold of approval counts an author's day: many small batches are a large one."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from service.auth.members import StaffMember
from service.auth.permissions import Role
from service.core import clock
from service.core.database import Database, Session
from service.plates.commands import approval, batches
from service.plates.wishes import Choice
from tests.factories.batches import make_member, make_street, make_wish
from tests.interleaving import Step, interleave_everywhere

ABOVE = 5


@pytest.fixture
def codes(session: Session) -> list[str]:
    return make_street(session, 20)


@pytest.fixture
def officer(session: Session) -> StaffMember:
    return make_member(session, "officer", Role.OFFICER)


def submit(session: Session, codes: list[str], author: StaffMember) -> int:
    """Choose and submit a batch of these addresses; its number."""
    wish = make_wish(choice=Choice(codes=tuple(codes)))
    number = batches.choose_batch(session, wish, author).batch.id
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


def test_a_new_day_begins_at_midnight_of_the_people(
    session: Session, codes: list[str], officer: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = submit(session, codes[:5], officer)
    assert status(session, submit(session, codes[5:6], officer)) == "awaiting_approval"
    midnight = clock.start_of_day()
    moved = text("update approval set asked_at = :at where subject = :id")
    session.execute(moved, {"at": midnight, "id": str(first)})
    assert status(session, submit(session, codes[6:7], officer)) == "awaiting_approval"
    session.execute(moved, {"at": midnight - timedelta(seconds=1), "id": str(first)})
    assert status(session, submit(session, codes[7:8], officer)) == "approved"


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
            wishes = [make_wish(choice=Choice(codes=tuple(codes[n : n + 3]))) for n in (0, 3)]
            numbers = [batches.choose_batch(session, one, author).batch.id for one in wishes]

        def submits(number: int) -> Step:
            return lambda s: approval.submit_batch(s, number, author, approval_above=ABOVE)

        return submits(numbers[0]), submits(numbers[1])

    for outcomes in interleave_everywhere(street, make):
        states = sorted(str(one.result.status) for one in outcomes)  # type: ignore[attr-defined]
        assert states == ["approved", "awaiting_approval"]

import itertools

import pytest
from sqlalchemy.orm import Session

from address_model.lifecycle import BATCH_TRANSITIONS, BatchStatus, may_batch_become
from service.auth.members import StaffMember
from service.auth.permissions import Role
from service.batches.commands import approval, batches
from service.batches.queries.batches import list_batches, list_items
from service.batches.request import Selection
from service.core.actor import COMMAND_LINE
from service.core.errors import BadRequest, Conflict, NotAllowed
from service.plates.commands import issue_plates, open_batch
from tests.factories.batches import make_batch_request, make_member, make_street
from tests.factories.hosts import PREFIX


@pytest.fixture
def codes(session: Session) -> list[str]:
    return make_street(session, 12)


@pytest.fixture
def officer(session: Session) -> StaffMember:
    return make_member(session, "officer", Role.OFFICER, division="330102000000")


@pytest.fixture
def approver(session: Session) -> StaffMember:
    return make_member(session, "approver", Role.APPROVER, division="330102000000")


def give_plates(session: Session, codes: list[str]) -> list[str]:
    batch = open_batch(
        session, name="old", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
    )
    return issue_plates(session, batch, codes, COMMAND_LINE)


def test_doors_without_plate_are_chosen_in_plate_order(
    session: Session, codes: list[str], officer: StaffMember
) -> None:
    give_plates(session, codes[:2])
    batch = batches.choose_batch(session, make_batch_request(), officer).batch
    assert (batch.status, batch.plates, batch.division) == ("draft", 10, "330102001000")
    assert [item.code for item in list_items(session, batch.id)] == codes[2:]


def test_a_list_of_codes_says_of_each_code_that_is_not_in_it_why(
    session: Session, codes: list[str], officer: StaffMember
) -> None:
    give_plates(session, codes[:1])
    order = make_batch_request(
        choice=Selection(codes=(codes[0], codes[1], "3301020000000098", "12"))
    )
    chosen = batches.choose_batch(session, order, officer)
    assert chosen.batch.plates == 1
    reasons = dict(chosen.refused)
    assert "has a plate already" in reasons[codes[0]]
    assert set(reasons) == {codes[0], "3301020000000098", "12"}


def test_two_open_batches_never_have_the_same_address(
    session: Session, codes: list[str], officer: StaffMember
) -> None:
    batches.choose_batch(
        session, make_batch_request(choice=Selection(codes=tuple(codes[:5]))), officer
    )
    assert batches.choose_batch(session, make_batch_request(), officer).batch.plates == 7
    with pytest.raises(Conflict, match="no address is left to choose"):
        batches.choose_batch(session, make_batch_request(), officer)


def test_a_cancelled_batch_frees_its_addresses(
    session: Session, codes: list[str], officer: StaffMember
) -> None:
    batch = batches.choose_batch(session, make_batch_request(), officer).batch
    assert batches.cancel_batch(session, batch.id, officer).status == "cancelled"
    assert batches.choose_batch(session, make_batch_request(), officer).batch.plates == 12


def test_an_officer_chooses_within_the_own_division_only(
    session: Session, codes: list[str]
) -> None:
    stranger = make_member(session, "stranger", Role.OFFICER, division="330106000000")
    with pytest.raises(NotAllowed, match="batches:create in division 330102001000"):
        batches.choose_batch(session, make_batch_request(), stranger)


def test_a_large_batch_needs_a_second_person_and_a_small_one_does_not(
    session: Session, codes: list[str], officer: StaffMember, approver: StaffMember
) -> None:
    few = batches.choose_batch(
        session, make_batch_request(choice=Selection(codes=(codes[0],))), officer
    )
    small = approval.submit_batch(session, few.batch.id, officer, approval_above=10)
    assert small.status == "approved"
    many = batches.choose_batch(session, make_batch_request(), officer)
    large = approval.submit_batch(session, many.batch.id, officer, approval_above=10)
    assert large.status == "awaiting_approval"
    with pytest.raises(Conflict, match="cannot become running"):
        batches.start_batch(session, large.id, officer)
    approved = approval.approve_batch(session, large.id, approver)
    assert (approved.status, approved.approver) == ("approved", "approver")
    assert batches.start_batch(session, large.id, officer).status == "running"


@pytest.mark.parametrize("count", range(1, len(Role) + 1))
def test_the_author_approves_the_own_batch_with_no_combination_of_roles(
    session: Session, codes: list[str], officer: StaffMember, count: int
) -> None:
    batch = batches.choose_batch(session, make_batch_request(), officer).batch
    approval.submit_batch(session, batch.id, officer, approval_above=0)
    for division in ("", "330000000000", "330102000000"):
        for roles in itertools.combinations(Role, count):
            held = tuple(officer.assignments) + tuple(
                type(officer.assignments[0])(role, division) for role in roles
            )
            author = StaffMember(officer.account_id, "renamed", "", held)
            with pytest.raises(NotAllowed, match="their own batch"):
                approval.approve_batch(session, batch.id, author)


def test_an_approver_of_another_division_is_refused(
    session: Session, codes: list[str], officer: StaffMember
) -> None:
    batch = batches.choose_batch(session, make_batch_request(), officer).batch
    approval.submit_batch(session, batch.id, officer, approval_above=0)
    other = make_member(session, "other", Role.APPROVER, division="330106000000")
    with pytest.raises(NotAllowed, match="batches:approve"):
        approval.approve_batch(session, batch.id, other)


def test_a_reprint_has_a_reason_and_chooses_what_has_a_plate(
    session: Session, codes: list[str], officer: StaffMember
) -> None:
    tokens = give_plates(session, codes[:3])
    with pytest.raises(BadRequest, match="a reprint needs a reason"):
        make_batch_request(choice=Selection(division="330102", reprint=True))
    order = make_batch_request(
        choice=Selection(division="330102", reprint=True), reprint_reason="褪色"
    )
    batch = batches.choose_batch(session, order, officer).batch
    assert [item.replaces for item in list_items(session, batch.id)] == tokens


def test_batches_are_listed_newest_first_within_the_reach(
    session: Session, codes: list[str], officer: StaffMember
) -> None:
    made = [
        batches.choose_batch(
            session, make_batch_request(choice=Selection(codes=(code,))), officer
        ).batch.id
        for code in codes[:3]
    ]
    (newest, second) = list_batches(session, scopes=("330102",), limit=2)
    assert [newest.id, second.id] == made[:0:-1]
    (first,) = list_batches(session, scopes=("330102",), before=second.id)
    assert first.id == made[0]
    assert list_batches(session, scopes=("330106",)) == []


def test_states_of_a_batch_end_in_received_or_cancelled() -> None:
    assert set(BATCH_TRANSITIONS) == set(BatchStatus)
    ends = {state for state, after in BATCH_TRANSITIONS.items() if not after}
    assert ends == {BatchStatus.RECEIVED, BatchStatus.CANCELLED}
    assert not may_batch_become(BatchStatus.DRAFT, BatchStatus.RUNNING)

"""Who may decide, what goes on alone, and what an approval covers; without a database."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from address_model.approvals import Decision
from service.approvals.policies import (
    may_go_on_alone,
    require_agreed,
    require_decider,
    require_unchanged,
)
from service.approvals.queries import ApprovalRow
from service.auth.members import Assignment, StaffMember
from service.auth.permissions import Role
from service.core.errors import Conflict, NotAllowed

COUNTY = "330102000000"
AGREED, OTHER = "a" * 64, "b" * 64
REQUEST = ApprovalRow(
    id=1,
    kind="plate_batch",
    subject="7",
    division="330102",
    size=10,
    digest=AGREED,
    author="staff:li",
    author_id=1,
    asked_at=datetime(2026, 3, 1, tzinfo=UTC),
    decision="",
    decider_id=None,
    decider="",
    decided_at=None,
    reason="",
    version=1,
)
APPROVED = replace(REQUEST, decision="approved", decider_id=2, decider="zhang")


def member(account: int, *roles: Role, division: str = COUNTY) -> StaffMember:
    return StaffMember(account, "zhang", "", tuple(Assignment(role, division) for role in roles))


@pytest.mark.parametrize(("before", "size", "alone"), [(0, 5, True), (3, 2, True), (3, 3, False)])
def test_an_authors_day_stays_within_the_threshold(before: int, size: int, alone: bool) -> None:
    assert may_go_on_alone(before, size, above=5) is alone


def test_nothing_goes_on_alone_where_the_threshold_is_none() -> None:
    assert not may_go_on_alone(0, 1, above=0)


def test_a_colleague_with_the_role_in_the_division_decides() -> None:
    require_decider(REQUEST, member(2, Role.APPROVER))


def test_who_asked_never_decides_whatever_roles_that_person_holds() -> None:
    with pytest.raises(NotAllowed, match="cannot decide on a request of staff:li"):
        require_decider(REQUEST, member(1, *Role, division=""))


def test_a_request_of_no_account_is_decided_by_nobody() -> None:
    with pytest.raises(NotAllowed):
        require_decider(replace(REQUEST, author_id=None), member(2, *Role, division=""))


@pytest.mark.parametrize(
    "colleague",
    [member(2, Role.OFFICER, Role.ADMINISTRATOR), member(2, Role.APPROVER, division="330106")],
)
def test_a_colleague_without_the_permission_there_does_not(colleague: StaffMember) -> None:
    with pytest.raises(NotAllowed, match="batches:approve"):
        require_decider(REQUEST, colleague)


def test_what_was_changed_since_it_was_submitted_is_not_approved() -> None:
    with pytest.raises(Conflict, match=r"submitted was a{12}, now it is b{12}") as refused:
        require_unchanged(REQUEST, OTHER, OTHER)
    assert "提交以后内容变过" in refused.value.zh


def test_nobody_approves_what_was_not_read() -> None:
    with pytest.raises(Conflict, match=r"that was b{12}, now it is a{12}") as refused:
        require_unchanged(REQUEST, AGREED, OTHER)
    assert "您看过以后内容变过" in refused.value.zh
    require_unchanged(REQUEST, AGREED, AGREED)


@pytest.mark.parametrize(
    "latest",
    [
        None,
        REQUEST,
        *(replace(REQUEST, decision=str(one)) for one in Decision if one != "approved"),
    ],
)
def test_what_nobody_agreed_to_does_not_begin(latest: ApprovalRow | None) -> None:
    with pytest.raises(Conflict, match="not approved"):
        require_agreed(latest, "batch 7", AGREED, 10)


def test_less_than_was_agreed_to_begins_and_more_or_other_does_not() -> None:
    require_agreed(APPROVED, "batch 7", AGREED, 10)
    require_agreed(APPROVED, "batch 7", AGREED, 9)
    for stands, size in ((AGREED, 11), (OTHER, 10)):
        with pytest.raises(Conflict, match="no longer what was approved"):
            require_agreed(APPROVED, "batch 7", stands, size)

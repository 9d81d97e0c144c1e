"""Who may see and manage whose account: within one's divisions, never one's own."""

from datetime import UTC, datetime

import pytest

from service.auth.members import Assignment, StaffMember
from service.auth.permissions import Role
from service.auth.policies import (
    may_manage,
    require_manageable,
    require_role_change,
    require_visible,
)
from service.auth.queries import AccountRow
from service.core.errors import AccountNotFound, NotAllowed

CITY, COUNTY, TOWNSHIP, WEST = "330100000000", "330102000000", "330102001000", "330106000000"
ADMIN = StaffMember(1, "admin", "管理员", (Assignment(Role.ADMINISTRATOR, COUNTY),))
ROOT = StaffMember(2, "root", "总管理员", (Assignment(Role.ADMINISTRATOR),))
OFFICER = StaffMember(3, "officer", "专员", (Assignment(Role.OFFICER, COUNTY),))


def account(*divisions: str, account_id: int = 9) -> AccountRow:
    return AccountRow(
        id=account_id,
        name="zhang",
        display_name="",
        is_active=True,
        must_change_password=False,
        is_sample=False,
        last_sign_in_at=None,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        password_issued_by="",
        decides_from=None,
        open_sessions=0,
        assignments=tuple(Assignment(Role.OFFICER, division) for division in divisions),
    )


@pytest.mark.parametrize(
    ("divisions", "is_visible", "is_managed"),
    [
        ((COUNTY,), True, True),
        ((TOWNSHIP,), True, True),
        ((TOWNSHIP, WEST), True, False),
        ((COUNTY, CITY), True, False),
        ((WEST,), False, False),
        ((CITY,), False, False),
        (("",), False, False),
        ((), False, False),
    ],
)
def test_an_administrator_manages_accounts_within_the_own_divisions(
    divisions: tuple[str, ...], is_visible: bool, is_managed: bool
) -> None:
    other = account(*divisions)
    assert may_manage(ADMIN, other) is is_managed
    if not is_visible:
        for refuse in (require_visible, require_manageable):
            with pytest.raises(AccountNotFound):
                refuse(ADMIN, other)
    elif not is_managed:
        require_visible(ADMIN, other)
        with pytest.raises(NotAllowed, match="zhang"):
            require_manageable(ADMIN, other)
    else:
        require_manageable(ADMIN, other)


@pytest.mark.parametrize("divisions", [(), (WEST,), ("",), (COUNTY, WEST)])
def test_an_administrator_of_the_whole_register_manages_every_account(
    divisions: tuple[str, ...],
) -> None:
    require_manageable(ROOT, account(*divisions))


def test_nobody_manages_the_own_account() -> None:
    own = account(COUNTY, account_id=ADMIN.account_id)
    require_visible(ADMIN, own)
    assert not may_manage(ADMIN, own)
    with pytest.raises(NotAllowed):
        require_manageable(ADMIN, own)
    with pytest.raises(NotAllowed, match="own roles"):
        require_role_change(ADMIN, own, Assignment(Role.VIEWER, COUNTY))


def test_an_officer_manages_nobody() -> None:
    with pytest.raises(AccountNotFound):
        require_manageable(OFFICER, account(COUNTY))
    with pytest.raises(NotAllowed):
        require_role_change(OFFICER, None, Assignment(Role.VIEWER, COUNTY))


@pytest.mark.parametrize(
    ("division", "allowed"), [(COUNTY, True), (TOWNSHIP, True), (CITY, False), ("", False)]
)
def test_a_role_is_given_within_the_own_divisions(division: str, allowed: bool) -> None:
    wanted = Assignment(Role.VIEWER, division)
    for other in (None, account(TOWNSHIP)):
        if allowed:
            require_role_change(ADMIN, other, wanted)
        else:
            with pytest.raises(NotAllowed):
                require_role_change(ADMIN, other, wanted)


def test_a_role_is_not_given_to_an_account_that_cannot_be_seen() -> None:
    with pytest.raises(AccountNotFound):
        require_role_change(ADMIN, account(WEST), Assignment(Role.VIEWER, COUNTY))

"""Administrators appoint and move downward only, and never themselves."""

from datetime import UTC, date, datetime

import pytest

from address_model.units import UnitKind
from service.auth.members import Assignment, StaffMember
from service.auth.permissions import Role
from service.auth.queries import AccountRow
from service.core.errors import AccountNotFound, NotAllowed
from service.organisations.policies import require_appointment, require_move
from service.organisations.queries import UnitRow

CITY, COUNTY, TOWNSHIP, WEST = "330100000000", "330102000000", "330102001000", "330106000000"
ADMIN = StaffMember(1, "admin", "管理员", (Assignment(Role.ADMINISTRATOR, COUNTY),))


def unit(division: str) -> UnitRow:
    days = (date(2026, 1, 1), None)
    return UnitRow(1, "U3301020001", "某所", UnitKind.OTHER, division, "", "", "", *days, 1)


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
        assignments=tuple(Assignment(Role.VIEWER, division) for division in divisions),
    )


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        (None, COUNTY, True),
        (COUNTY, TOWNSHIP, True),
        (TOWNSHIP, None, True),
        (None, CITY, False),
        (CITY, TOWNSHIP, False),
        (TOWNSHIP, WEST, False),
    ],
)
def test_an_account_is_moved_between_units_within_the_own_divisions(
    before: str | None, after: str | None, allowed: bool
) -> None:
    units = (unit(before) if before else None, unit(after) if after else None)
    if allowed:
        require_move(ADMIN, account(COUNTY), units)
    else:
        with pytest.raises(NotAllowed):
            require_move(ADMIN, account(COUNTY), units)


def test_nobody_moves_the_own_account_or_one_that_is_not_seen() -> None:
    with pytest.raises(NotAllowed, match="own account"):
        require_move(ADMIN, account(COUNTY, account_id=1), (None, None))
    with pytest.raises(AccountNotFound):
        require_move(ADMIN, account(WEST), (None, None))


@pytest.mark.parametrize("role", [None, Role.OFFICER])
def test_a_post_is_given_in_units_of_the_own_divisions(role: Role | None) -> None:
    require_appointment(ADMIN, account(COUNTY), unit(TOWNSHIP), role)
    for division in (CITY, WEST):
        with pytest.raises(NotAllowed):
            require_appointment(ADMIN, account(COUNTY), unit(division), role)
    with pytest.raises(AccountNotFound):
        require_appointment(ADMIN, account(WEST), unit(TOWNSHIP), role)


def test_nobody_takes_a_post_with_a_role_for_themselves() -> None:
    own = account(COUNTY, account_id=ADMIN.account_id)
    require_appointment(ADMIN, own, unit(COUNTY), None)
    with pytest.raises(NotAllowed, match="own roles"):
        require_appointment(ADMIN, own, unit(COUNTY), Role.OFFICER)

"""Areas, duties and their forms, for the samples of routes."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any

from sqlalchemy import select

from address_model.division_codes import division_prefix
from address_model.tables import AddressArea, Area, Division, Duty, RoleAssignment, StaffAccount
from service.auth.permissions import AREA_ROLES, Role
from tests.factories.areas import make_area, make_duty
from tests.factories.office import COUNTIES, Office, insert_account

_numbers = count(1)
HIDDEN_AT = datetime(2026, 11, 1, tzinfo=UTC)
LIST = "网格\t角色\t姓名\t交接日期\t电话\n样区 none\t网格员\t演示丁\t2027-01-01\t0571-00000003"
"""A list that hands over a post of an area that is not there."""

DUTY_FIELDS: dict[str, Callable[[str], dict[str, str]]] = {
    "/admin/duties/handover": lambda side: {"division": COUNTIES[side], "rows": LIST},
    "/admin/duties/handover/store": lambda side: {"division": COUNTIES[side], "rows": LIST},
    "/admin/duties/{number}/holder": lambda _: {"display_name": "演示新", "begins": "2027-01-01"},
    "/admin/duties/{number}/stand-in": lambda _: (
        {"display_name": "演示顶", "phone": "0571-00000009"}
        | {"valid_from": "2027-01-01", "valid_to": "2027-01-31"}
    ),
    "/admin/duties/{number}/last-day": lambda _: {"last": "2027-06-30"},
    "/admin/duties/{number}/hide": lambda _: {"reason": "本人要求"},
}
"""What the forms of duties send, by path."""


def answer_for_area(office: Office, side: str) -> dict[str, str]:
    """A plate for whose area all answer who have a role of areas in its county."""
    county, name = COUNTIES[side], f"样区 {side}"
    with office.database.session() as session:
        area = session.scalars(select(Area).where(Area.code == name)).first()
        if area is None:
            division = session.scalars(select(Division.id).where(Division.code == county)).one()
            area = make_area(session, code=name, name=name, division_id=division)
            link = {"code": office.codes[side], "area_id": area.id, "kind": "grid", "how": "hand"}
            session.add(AddressArea(**link))
        bound = select(Duty.account_id).where(Duty.area_id == area.id)
        held = select(RoleAssignment.account_id, RoleAssignment.division).where(
            RoleAssignment.role.in_([str(role) for role in AREA_ROLES]),
            RoleAssignment.account_id.not_in(bound),
        )
        for account, division_code in session.execute(held).all():
            if county.startswith(division_prefix(division_code) if division_code else ""):
                make_duty(session, area, account_id=account)
    return {"text": office.plates[side]}


def make_duty_of(office: Office, side: str, **more: Any) -> dict[str, str]:
    """A duty of a county in an area of its own; bound to whoever may do everything, if there."""
    with office.database.session() as session:
        division = session.scalars(select(Division.id).where(Division.code == COUNTIES[side])).one()
        name = f"样格 {next(_numbers)}"
        area = make_area(session, code=name, name=name, division_id=division)
        everything = select(StaffAccount.id).where(StaffAccount.name == "everything")
        account = session.scalars(everything).first()
        number = make_duty(session, area, **({"account_id": account} | more)).id
    return {"number": str(number)}


def make_bound_duty(office: Office, side: str) -> dict[str, str]:
    """A duty that is bound to somebody's account."""
    with office.database.session() as session:
        insert_account(session, name := f"holder-{next(_numbers)}", Role.VIEWER, COUNTIES[side])
        bound = select(StaffAccount.id).where(StaffAccount.name == name)
        account = session.scalars(bound).one()
    return make_duty_of(office, side, account_id=account)


DUTY_RECORDS: dict[str, Callable[[Office, str], dict[str, str]]] = {
    "/admin/duties/{number}": make_duty_of,
    "/admin/duties/{number}/show": partial(make_duty_of, hidden_at=HIDDEN_AT),
    "/admin/duties/{number}/account": make_bound_duty,
    "/crew/duties/{number}": make_duty_of,
}
"""How a duty is made for its forms, by the beginning of the path."""

DUTY_LET_IN = {
    ("POST", "/admin/duties/handover/store"): {422},  # its area is not there
    ("POST", "/crew/duties/{number}/confirm"): {303, 404},  # a contact is its holder's alone
    ("POST", "/crew/duties/{number}/hide"): {303, 404},
}
"""What these routes answer to whoever was let in."""

"""Moves accounts of staff between units."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from address_model.tables import StaffAccount
from service.audit import commands as audit
from service.auth.queries import hold_account
from service.core.actor import Actor
from service.core.clock import today
from service.core.errors import Conflict
from service.organisations.commands.held_unit import lock_units
from service.organisations.queries import find_units, get_unit


def move_account(session: Session, name: str, number: str, actor: Actor) -> None:
    """Let an account belong to a unit, or to none if ``number`` is ""; posts and roles stay.

    Raises:
        AccountNotFound, UnitNotFound: there is none.
        Conflict: the unit has ended.
    """
    account = hold_account(session, name)
    lock_units(session)
    unit = get_unit(session, number) if number else None
    if unit is not None and unit.is_over(today()):
        raise Conflict(
            f"{unit.name} has ended",
            hint="choose a unit that exists",
            zh=f"{unit.name}已经撤销，请选别的单位。",
            field="unit",
        )
    unit_id = unit.id if unit else None
    if unit_id == account.unit_id:
        return
    before = find_units(session, [account.unit_id or 0]).get(account.unit_id or 0)
    session.execute(
        update(StaffAccount).where(StaffAccount.id == account.id).values(unit_id=unit_id)
    )
    detail = {"before": before.number if before else "", "after": unit.number if unit else ""}
    audit.record(session, actor=actor, action="accounts:move", subject=account.name, **detail)

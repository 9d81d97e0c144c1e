"""Adds, corrects and withdraws facilities, each within the caller's transaction."""

from datetime import date

from sqlalchemy import func, insert, update
from sqlalchemy.orm import Session

from address_model.tables import Facility
from service.addresses.queries import get_address
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.changes.commands import Action, Subject, announce
from service.core.actor import Actor
from service.core.errors import BadRequest, Conflict
from service.service_items.draft import FacilityDraft, read_phone, require_days
from service.service_items.queries import FacilityRow, get_facility
from service.service_items.queries.facilities import HIDDEN


def add_facility(
    session: Session, code: str, draft: FacilityDraft, actor: Actor, today: date
) -> int:
    """Add a facility at an address (16 digits) and return its number.

    The address is not locked: one that ends later hides its facilities, and the desk says so.

    Raises:
        AddressNotFound, Conflict: there is no such address, or it has ended.
        BadRequest: name, phone or days cannot be shown to residents.
    """
    address = get_address(session, code)
    if address.status in HIDDEN:
        raise Conflict(
            f"address {code} is {address.status}", hint="choose an address in force", field="code"
        )
    values = _judge(draft, draft.valid_from or today)
    statement = insert(Facility).values(**values, code=address.code)
    number = session.execute(statement.returning(Facility.id)).scalar_one()
    announce(session, Subject.FACILITY, Action.NEW, [number])
    audit.record(
        session,
        actor=actor,
        action="facilities:add",
        subject=str(number),
        name=draft.name,
        code=address.code,
    )
    return number


def correct_facility(
    session: Session, number: int, draft: FacilityDraft, actor: Actor, *, seen: int | None
) -> None:
    """Replace what a facility says; its address stays.

    Raises:
        FacilityNotFound, Conflict: there is none, or it was withdrawn.
        Outdated: it has changed since the caller saw version ``seen``.
        BadRequest: as for a new one.
    """
    held = _hold(session, number, seen)
    values = _judge(draft, draft.valid_from or held.valid_from)
    session.execute(update(Facility).where(Facility.id == number).values(**values))
    announce(session, Subject.FACILITY, Action.CHANGED, [number])
    before = {
        name: getattr(held, name)
        for name in ("kind", "name", "hours", "phone", "note")
        if getattr(held, name) != values[name]
    }
    audit.record(
        session,
        actor=actor,
        action="facilities:correct",
        subject=str(number),
        name=draft.name,
        before=before,
    )


def withdraw_facility(
    session: Session, number: int, reason: str, actor: Actor, *, seen: int | None
) -> None:
    """Take a facility from all pages at once; the row is kept.

    Raises:
        FacilityNotFound, Conflict: there is none, or it was withdrawn already.
        Outdated: it has changed since the caller saw version ``seen``.
    """
    held = _hold(session, number, seen)
    gone = update(Facility).where(Facility.id == number)
    session.execute(gone.values(withdrawn_at=func.clock_timestamp()))
    announce(session, Subject.FACILITY, Action.WITHDRAWN, [number])
    audit.record(
        session,
        actor=actor,
        action="facilities:withdraw",
        subject=str(number),
        name=held.name,
        reason=reason,
    )


def _hold(session: Session, number: int, seen: int | None) -> FacilityRow:
    """The facility, locked, as its editor saw it."""
    held = get_facility(session, number, lock=True)
    require_seen(session, held.record, seen)
    if held.withdrawn_at is not None:
        raise Conflict(f"facility {number} was withdrawn", hint="add it again as a new one")
    return held


def _judge(draft: FacilityDraft, valid_from: date) -> dict[str, object]:
    """The columns of a draft that residents may be shown."""
    if not draft.name:
        raise BadRequest("a facility needs a name", field="name")
    phone = read_phone(draft.phone)
    require_days(valid_from, draft.valid_to)
    return {
        "kind": draft.kind,
        "name": draft.name,
        "hours": draft.hours,
        "phone": phone,
        "note": draft.note,
        "is_sample": draft.is_sample,
        "valid_from": valid_from,
        "valid_to": draft.valid_to,
    }

"""Adds, corrects and withdraws service items, each within the caller's transaction."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, insert, update
from sqlalchemy.orm import Session

from address_model.tables import ServiceItem
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.changes.commands import Action, Subject, announce
from service.core.actor import Actor
from service.core.errors import BadRequest, Conflict
from service.divisions.queries import get_division
from service.service_items.draft import ServiceDraft, read_phone, require_days
from service.service_items.item_file import ListedService
from service.service_items.links import require_link
from service.service_items.queries import ServiceItemRow, get_service_item, has_service_item


def add_service_item(
    session: Session,
    division: str,
    draft: ServiceDraft,
    actor: Actor,
    today: date,
    *,
    code_hosts: Collection[str] = (),
) -> int:
    """Add an item for a division (12 digits; "" is everywhere) and return its number.

    ``code_hosts`` may be given address codes.

    Raises:
        BadRequest: name, link, phone or days cannot be shown to residents.
    """
    values = _judge(draft, today, code_hosts)
    statement = insert(ServiceItem).values(**values, division=division)
    number = session.execute(statement.returning(ServiceItem.id)).scalar_one()
    announce(session, Subject.SERVICE_ITEM, Action.NEW, [number])
    audit.record(
        session,
        actor=actor,
        action="service_items:add",
        subject=str(number),
        name=draft.name,
        division=division,
    )
    return number


def correct_service_item(
    session: Session,
    number: int,
    draft: ServiceDraft,
    actor: Actor,
    *,
    seen: int | None,
    code_hosts: Collection[str] = (),
) -> None:
    """Replace what an item says; its division stays.

    Raises:
        ServiceItemNotFound, Conflict: there is none, or it was withdrawn.
        Outdated: it has changed since the caller saw version ``seen``.
        BadRequest: as for a new one.
    """
    held = _hold(session, number, seen)
    values = _judge(draft, draft.valid_from or held.valid_from, code_hosts)
    session.execute(update(ServiceItem).where(ServiceItem.id == number).values(**values))
    announce(session, Subject.SERVICE_ITEM, Action.CHANGED, [number])
    before = {
        name: getattr(held, name)
        for name in ("name", "office", "hours", "phone", "link")
        if getattr(held, name) != values[name]
    }
    audit.record(
        session,
        actor=actor,
        action="service_items:correct",
        subject=str(number),
        name=draft.name,
        before=before,
    )


def withdraw_service_item(
    session: Session, number: int, reason: str, actor: Actor, *, seen: int | None
) -> None:
    """Take an item from all pages at once; the row is kept.

    Raises:
        ServiceItemNotFound, Conflict: there is none, or it was withdrawn already.
        Outdated: it has changed since the caller saw version ``seen``.
    """
    held = _hold(session, number, seen)
    gone = update(ServiceItem).where(ServiceItem.id == number)
    session.execute(gone.values(withdrawn_at=func.clock_timestamp()))
    announce(session, Subject.SERVICE_ITEM, Action.WITHDRAWN, [number])
    audit.record(
        session,
        actor=actor,
        action="service_items:withdraw",
        subject=str(number),
        name=held.name,
        reason=reason,
    )


def _hold(session: Session, number: int, seen: int | None) -> ServiceItemRow:
    """The item, locked, as its editor saw it."""
    held = get_service_item(session, number, lock=True)
    require_seen(session, held.record, seen)
    if held.withdrawn_at is not None:
        raise Conflict(f"service item {number} was withdrawn", hint="add it again as a new one")
    return held


def _judge(draft: ServiceDraft, begins: date, code_hosts: Collection[str]) -> dict[str, object]:
    """The columns of a draft that residents may be shown."""
    if not draft.name:
        raise BadRequest("a service needs a name", field="name")
    require_link(draft.link, code_hosts)
    phone = read_phone(draft.phone)
    if not draft.link and not phone:
        raise BadRequest("a service needs a link or a telephone number", field="link")
    valid_from = draft.valid_from or begins
    require_days(valid_from, draft.valid_to)
    return {
        "name": draft.name,
        "name_en": draft.name_en,
        "office": draft.office,
        "hours": draft.hours,
        "phone": phone,
        "link": draft.link,
        "kinds": list(draft.kinds),
        "rank": draft.rank,
        "is_sample": draft.is_sample,
        "valid_from": valid_from,
        "valid_to": draft.valid_to,
    }


def load_service_items(
    session: Session,
    listed: Sequence[ListedService],
    actor: Actor,
    today: date,
    *,
    code_hosts: Collection[str] = (),
) -> int:
    """Add the items of a file that are not there yet, by division and name; return how many.

    Raises:
        DivisionNotFound: there is no division of an item.
        BadRequest: an item cannot be shown to residents; nothing is added then.
    """
    added = 0
    for one in listed:
        if one.division:
            get_division(session, one.division)
        if has_service_item(session, one.division, one.draft.name):
            continue
        add_service_item(session, one.division, one.draft, actor, today, code_hosts=code_hosts)
        added += 1
    return added

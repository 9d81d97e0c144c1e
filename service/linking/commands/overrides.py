"""Links set by hand, where the point gives the wrong area; they survive every relinking."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from address_model.tables import AddressArea, Area
from service.addresses.queries import hold_addresses
from service.areas.queries import AreaKey, list_area_keys
from service.areas.queries.borders import AreaNotFound
from service.audit import commands as audit
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.actor import Actor
from service.core.errors import BadRequest, Conflict
from service.linking.commands.bulk import LINK_LOCK, link_addresses

_INHERIT = text(
    "insert into address_area (code, area_id, kind, how, reason) "
    "select s.successor_code, l.area_id, l.kind, 'hand', l.reason from address_succession s "
    "join address_area l on l.code = s.code and l.how = 'hand' "
    "join address whole on whole.code = s.code join address part on part.code = s.successor_code "
    "where s.code = any(:codes) and part.geom is not distinct from whole.geom "
    "on conflict do nothing"
)


def assign_area(
    session: Session,
    code: str,
    area: str,
    *,
    kind: str = "",
    reason: str,
    actor: Actor,
    today: date,
) -> AreaKey:
    """Set the area of an address by hand, instead of all areas of that kind by its point.

    Args:
        code: the address code, in any written form.
        area: the code of the area; ``kind`` if several kinds share it.

    Raises:
        AddressNotFound, AreaNotFound: the address or area does not exist.
        BadRequest: the reason or a needed kind is missing.
        Conflict: the area has ended.
    """
    if not reason.strip():
        raise BadRequest("a link by hand needs its reason", hint="say it with --reason")
    chosen = _get_area(session, area, kind)
    held = select(Area.valid_to).where(Area.id == chosen.id).with_for_update(key_share=True)
    last = session.execute(held).scalar_one()
    if last is not None and last < today:
        raise Conflict(f"the area {area} has ended", hint="name the area that replaced it")
    (address,) = hold_addresses(session, code)
    session.execute(select(func.pg_advisory_xact_lock(LINK_LOCK)))
    session.execute(
        delete(AddressArea).where(AddressArea.code == address.code, AddressArea.kind == chosen.kind)
    )
    session.execute(
        insert(AddressArea).values(
            code=address.code, area_id=chosen.id, kind=chosen.kind, how="hand", reason=reason
        )
    )
    changes.announce(session, Subject.ADDRESS_AREA, Action.LINKED, [address.code])
    audit.record(
        session,
        actor=actor,
        action="areas:assign",
        subject=address.code,
        area=f"{chosen.kind}:{chosen.code}",
        reason=reason,
    )
    return chosen


def unassign_area(session: Session, code: str, kind: str, actor: Actor, *, today: date) -> bool:
    """Remove the link by hand of an address; its point decides again. False if there was none.

    Raises:
        AddressNotFound: there is no such address.
    """
    (address,) = hold_addresses(session, code)
    session.execute(select(func.pg_advisory_xact_lock(LINK_LOCK)))
    gone = session.execute(
        delete(AddressArea)
        .where(
            AddressArea.code == address.code, AddressArea.kind == kind, AddressArea.how == "hand"
        )
        .returning(AddressArea.area_id)
    ).all()
    if not gone:
        return False
    link_addresses(session, [address.code], today=today)
    changes.announce(session, Subject.ADDRESS_AREA, Action.LINKED, [address.code])
    audit.record(session, actor=actor, action="areas:unassign", subject=address.code, kind=kind)
    return True


def inherit_areas(session: Session, codes: Sequence[str]) -> None:
    """Copy the links by hand of a divided address to the parts that share its point; call
    ``link_addresses`` afterwards.
    """
    session.execute(select(func.pg_advisory_xact_lock_shared(LINK_LOCK)))
    session.execute(_INHERIT, {"codes": list(codes)})


def follow_merger(session: Session, ended: Sequence[int], heir: int) -> None:
    """Put the addresses that were put by hand into areas that have ended into their heir."""
    session.execute(select(func.pg_advisory_xact_lock(LINK_LOCK)))
    by_hand = AddressArea.how == "hand", AddressArea.area_id.in_(ended)
    moved = update(AddressArea).where(*by_hand).values(area_id=heir).returning(AddressArea.code)
    changes.announce(session, Subject.ADDRESS_AREA, Action.LINKED, session.scalars(moved))


def _get_area(session: Session, code: str, kind: str) -> AreaKey:
    found = [area for area in list_area_keys(session).get(code, []) if kind in ("", area.kind)]
    if not found:
        raise AreaNotFound(f"there is no area {code}", hint="see `menpai areas report`")
    if len(found) > 1:
        kinds = ", ".join(area.kind for area in found)
        raise BadRequest(f"{code} is the code of {kinds}", hint="say which with --kind")
    return found[0]

"""The one lock of the organisation register, a unit held by it, and what each write leaves."""

from sqlalchemy import func, text, update
from sqlalchemy.orm import Session

from address_model.tables import Unit
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.actor import Actor
from service.core.clock import today
from service.core.errors import Conflict
from service.organisations.queries import UnitRow, get_unit

UNIT_LOCK = 0x6D656E6F
"""The advisory lock key of units, posts and holdings ("meno")."""


def lock_units(session: Session) -> None:
    """Take the lock until the transaction ends; call it before reading what is to be checked.

    One lock is enough: closing a unit judges units below it, and such changes are rare.
    """
    session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": UNIT_LOCK})


def hold_unit(session: Session, number: str, seen: int | None) -> UnitRow:
    """The unit as it stands under the lock, which must not have ended.

    Raises:
        UnitNotFound: there is none.
        Outdated: it has changed since it was seen.
        Conflict: it has ended.
    """
    lock_units(session)
    held = get_unit(session, number)
    require_seen(session, held.record, seen)
    if held.is_over(today()):
        raise Conflict(
            f"{held.name} ended on {held.valid_to}",
            hint="open a new unit, or choose one that exists",
            zh=f"{held.name}已于 {held.valid_to} 撤销，不能再办理。",
        )
    return held


def note_unit(session: Session, unit: UnitRow, action: str, actor: Actor, **detail: object) -> None:
    """Raise the version of a unit whose posts were written; announce and record the act."""
    written = update(Unit).where(Unit.id == unit.id).values(changed_at=func.clock_timestamp())
    session.execute(written)
    changes.announce(session, Subject.UNIT, Action.CHANGED, [unit.number])
    audit.record(session, actor=actor, action=action, subject=unit.number, **detail)

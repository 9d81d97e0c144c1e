"""Moves, freezes and unfreezes addresses, and sets their states by the transition table."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.lifecycle import GONE, AddressStatus
from address_model.positions import Accuracy
from service.addresses.cited_document import NO_DOCUMENT, CitedDocument
from service.addresses.policies import require_changeable, require_transition
from service.addresses.queries import AddressRow, hold_addresses
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.actor import Actor
from service.core.bulk_copy import point_ewkb
from service.core.errors import Conflict

_SET_STATUS = text(
    "update address set status = :status, status_reason = :reason, successor_code = :successor, "
    "updated_at = clock_timestamp() where code = :code"
)
# 0.003 degrees reach further than the sketch of a scan page, also from a far entrance
_FORGET_PAGES_NEAR = text(
    "delete from kept_body where token in ("
    "select p.token from address a join address near on "
    "near.geom && ST_Expand(a.geom, 0.003) join plate p on p.code = near.code "
    "where a.code = :code)"
)
_SET_POINT = text(
    "update address set geom = cast(:geom as geometry), point_note = :note, "
    "point_accuracy = :accuracy, point_source = :source, updated_at = clock_timestamp() "
    "where code = :code"
)


@dataclass(frozen=True, slots=True)
class PointFacts:
    """The metadata of an address's own point: accuracy grade, source, note."""

    accuracy: Accuracy = Accuracy.UNKNOWN
    source: str = ""
    note: str = ""


def move_address(
    session: Session,
    code: str,
    point: Point,
    actor: Actor,
    *,
    facts: PointFacts = PointFacts(),
    reason: str = "",
    document: CitedDocument = NO_DOCUMENT,
    seen: int | None = None,
) -> AddressRow:
    """Move an address's own point (degrees, EPSG:4490); return the address as it was.

    Typed positions stay where they are. ``seen`` is the version the caller saw, None for any; this
    holds for all commands here.

    Raises:
        AddressNotFound, MalformedCode: there is no such address.
        Conflict: it is frozen or gone.
        Outdated: it was changed in the meantime.
    """
    (held,) = hold_addresses(session, code)
    require_seen(session, held.record, seen)
    require_changeable(held)
    set_point(session, held, point, facts, actor, reason=reason, document=document)
    return held


def freeze_address(
    session: Session, code: str, actor: Actor, *, reason: str, seen: int | None = None
) -> None:
    """Freeze an address: it cannot be changed until it is unfrozen."""
    (held,) = hold_addresses(session, code)
    require_seen(session, held.record, seen)
    set_status(session, held, AddressStatus.FROZEN, actor, reason=reason)


def unfreeze_address(
    session: Session, code: str, actor: Actor, *, reason: str = "", seen: int | None = None
) -> None:
    """Make a frozen address valid again.

    Raises:
        Conflict: it is not frozen.
    """
    (held,) = hold_addresses(session, code)
    require_seen(session, held.record, seen)
    if held.status != AddressStatus.FROZEN:
        raise Conflict(
            f"{held.code} is not frozen",
            hint="there is nothing to unfreeze",
            zh="这个地址没有冻结，不用解冻。",
        )
    set_status(session, held, AddressStatus.ACTIVE, actor, reason=reason)


def set_point(
    session: Session,
    held: AddressRow,
    point: Point,
    facts: PointFacts,
    actor: Actor,
    *,
    reason: str = "",
    document: CitedDocument = NO_DOCUMENT,
) -> None:
    """Set the own point of an address locked by the caller."""
    values = {"code": held.code, "geom": point_ewkb(point.lon, point.lat), "note": facts.note}
    values |= {"accuracy": facts.accuracy, "source": facts.source}
    session.execute(_SET_POINT, values)
    before = [held.point.lon, held.point.lat] if held.point else None
    _note(session, held, Action.MOVED)
    audit.record(
        session,
        actor=actor,
        action="addresses:move",
        subject=held.code,
        before=before,
        after=[point.lon, point.lat],
        **({"reason": reason} if reason else {}),
        **document.detail,
    )


def set_status(
    session: Session,
    held: AddressRow,
    after: AddressStatus,
    actor: Actor,
    *,
    reason: str,
    document: CitedDocument = NO_DOCUMENT,
    successors: Sequence[str] = (),
) -> None:
    """Set the state of an address locked by the caller.

    Raises:
        Conflict: the transition table has no such step.
    """
    require_transition(held, after)
    if after in GONE:  # cached pages of its neighbours still draw it
        session.execute(_FORGET_PAGES_NEAR, {"code": held.code})
    only = successors[0] if len(successors) == 1 else None
    session.execute(
        _SET_STATUS,
        {"code": held.code, "status": str(after), "reason": reason, "successor": only},
    )
    _note(session, held, Action(after))
    audit.record(
        session,
        actor=actor,
        action=f"addresses:{after}",
        subject=held.code,
        before=held.status,
        reason=reason,
        successors=list(successors),
        **document.detail,
    )


def _note(session: Session, held: AddressRow, action: Action) -> None:
    changes.announce(session, Subject.ADDRESS, action, [held.code])

"""Records an event of a plate: its new state, the event, change feed and audit entry."""

from dataclasses import dataclass, field
from datetime import datetime

import orjson
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from address_model.coordinates import distance_m
from address_model.inspections import PlateEventKind, is_far
from address_model.lifecycle import PlateStatus
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.actor import Actor
from service.core.bulk_copy import point_ewkb
from service.core.errors import BadRequest, Conflict
from service.plates.event_report import CLOCKS_DIFFER, EventReport
from service.plates.queries.events import EventRow, find_event
from service.plates.queries.locked_plates import LockedPlate, lock_plate
from service.worklists import commands as worklists

_SET_STATUS = text(
    "update plate set status = cast(:after as varchar), status_reason = :reason, "
    "installed_at = case when cast(:after as varchar) = 'in_use' then coalesce(installed_at, :at) "
    "else installed_at end where token = :token"
)
_INSERT = text(
    "insert into plate_event (token, id, kind, code, before, after, at, actor, geom, accuracy_m, "
    "distance_m, is_far, photo, note, detail, digest) values (:token, :id, :kind, :code, :before, "
    ":after, :at, :actor, cast(:geom as geometry), :accuracy_m, :distance_m, :is_far, :photo, "
    ":note, cast(:detail as jsonb), :digest)"
)

_TOKENS = text("select token from plate where code = :code")


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event to record: its kind, the state after it, and details.

    ``after`` is None if the state does not change; ``reason`` is shown on the scan page.
    """

    kind: PlateEventKind
    after: PlateStatus | None = None
    reason: str = ""
    detail: dict[str, object] = field(default_factory=dict)


def hold_visited(
    session: Session, token: str, visit: EventReport, kind: PlateEventKind, **detail: object
) -> tuple[LockedPlate, EventRow | None]:
    """Lock the plate of a report and the work at its address; return it and any repeated event.

    The event is the one that this report made already, if it is sent again. ``detail`` is
    included in the digest of the event.

    Raises:
        PlateNotFound: no plate carries this token.
        Conflict: a different event was recorded under the same id.
        Outdated: the plate has changed since the caller read it.
    """
    held = lock_plate(session, token)
    repeated = find_repeated(session, token, visit, kind, **detail)
    if repeated is None:
        require_seen(session, held.record, visit.seen)
        if held.code:
            hold_work(session, held.code)
    return held, repeated


def hold_work(session: Session, code: str) -> None:
    """Lock the open work at an address, which is held, and on its plates.

    Commands that assign many items lock them in the same order.
    """
    tokens = session.scalars(_TOKENS, {"code": code})
    worklists.hold_items(session, [code, *tokens])


def find_repeated(
    session: Session, token: str, visit: EventReport, kind: PlateEventKind, **detail: object
) -> EventRow | None:
    """The event that this report made already, if it is sent again; else None.

    Call it with the plate locked: of concurrent calls one records the event, the others find it.

    Raises:
        Conflict: a different event was recorded under the same id.
    """
    found = find_event(session, token, visit.id)
    if found is None:
        return None
    if found.digest != visit.digest(kind, **detail):
        raise Conflict(
            f"a different event of plate {token} was recorded under the id {visit.id}",
            hint="use a new id for each event; send the same id only for the same event",
        )
    return found


def record_event(
    session: Session,
    held: LockedPlate,
    what: EventDraft,
    visit: EventReport,
    actor: Actor,
    **extra: object,
) -> EventRow:
    """Set the state of the plate and insert the event; ``extra`` is included in its digest.

    The caller has checked that the state may follow.

    Raises:
        BadRequest: the time of the report is later than now.
    """
    after = what.after or held.status
    at = _time_of(session, visit)
    if what.after is not None and (after is not held.status or what.reason):
        values = {"token": held.token, "after": str(after), "reason": what.reason, "at": at}
        session.execute(_SET_STATUS, values)
    distance = distance_m(visit.point, held.point) if visit.point and held.point else None
    values = {
        "token": held.token,
        "id": visit.id,
        "kind": str(what.kind),
        "code": held.code,
        "before": str(held.status),
        "after": str(after),
        "at": at,
        "actor": str(actor),
        "geom": point_ewkb(visit.point.lon, visit.point.lat) if visit.point else None,
        "accuracy_m": visit.accuracy_m,
        "distance_m": distance,
        "is_far": is_far(distance),
        "photo": visit.photo,
        "note": visit.note,
        "detail": orjson.dumps(what.detail).decode(),
        "digest": visit.digest(what.kind, **extra),
    }
    session.execute(_INSERT, values)
    _announce(session, held, what, after, actor)
    event = find_event(session, held.token, visit.id)
    assert event is not None  # noqa: S101 - inserted above
    return event


def _time_of(session: Session, visit: EventReport) -> datetime:
    """The time of the event, checked against the clock of the database."""
    now: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    at = visit.at or now
    if at > now + CLOCKS_DIFFER:
        raise BadRequest(
            f"{at.isoformat()} is later than now, {now.isoformat(timespec='seconds')}",
            hint="correct the clock of the phone or of the server",
        )
    return at


def _announce(
    session: Session, held: LockedPlate, what: EventDraft, after: PlateStatus, actor: Actor
) -> None:
    kind = str(what.kind)
    changes.announce(session, Subject.PLATE, Action(kind), [held.token])
    audit.record(
        session,
        actor=actor,
        action=f"plates:{kind}",
        subject=held.token,
        before=str(held.status),
        after=str(after),
        reason=what.reason,
        **what.detail,
    )

"""Records what happened to a plate: its new state, the event, feed and audit, together or not."""

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
from service.changes.commands import Action, ChangeNote, Subject
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
class PlateHappening:
    """What is recorded: its kind, what it makes of the plate, and what more there is to say.

    ``after`` is None where the state stays; ``reason`` is what a scan tells of the new state.
    """

    kind: PlateEventKind
    after: PlateStatus | None = None
    reason: str = ""
    detail: dict[str, object] = field(default_factory=dict)


def hold_visited(
    session: Session, token: str, visit: EventReport, kind: PlateEventKind, **detail: object
) -> tuple[LockedPlate, EventRow | None]:
    """Lock the plate of a visit and the work at its address; with the event that this visit made
    already, if it is sent again.

    ``detail`` is what the event's digest covers besides.

    Raises:
        PlateNotFound: no plate carries this token.
        Conflict: another thing was recorded under the same id.
        Outdated: the plate was changed after the visitor had read it.
    """
    held = lock_plate(session, token)
    repeated = find_repeated(session, token, visit, kind, **detail)
    if repeated is None:
        require_seen(session, held.record, visit.seen)
        if held.code:
            hold_work(session, held.code)
    return held, repeated


def hold_work(session: Session, code: str) -> None:
    """Lock the open work at an address, held, and about its plates, before parts of it are ended.

    Whoever gives many items to somebody locks them in the same order.
    """
    tokens = session.scalars(_TOKENS, {"code": code})
    worklists.hold_items(session, [code, *tokens])


def find_repeated(
    session: Session, token: str, visit: EventReport, kind: PlateEventKind, **detail: object
) -> EventRow | None:
    """The event that this visit made already, when it is sent again; else None.

    Call it with the plate locked: of many at once one makes the event and the others find it.

    Raises:
        Conflict: another thing was recorded under the same id.
    """
    found = find_event(session, token, visit.id)
    if found is None:
        return None
    if found.digest != visit.digest(kind, **detail):
        raise Conflict(
            f"something else was recorded of plate {token} under the id {visit.id}",
            hint="make a fresh id for each event; send the same id only for the same event",
        )
    return found


def record_event(
    session: Session,
    held: LockedPlate,
    what: PlateHappening,
    visit: EventReport,
    actor: Actor,
    **said: object,
) -> EventRow:
    """Set the plate's state and insert the event; ``said`` is what its digest covers besides.

    Whether the state may follow is asked before.

    Raises:
        BadRequest: it is said to have happened later than now.
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
        "digest": visit.digest(what.kind, **said),
    }
    session.execute(_INSERT, values)
    _announce(session, held, what, after, actor)
    event = find_event(session, held.token, visit.id)
    assert event is not None  # noqa: S101 - inserted above
    return event


def _time_of(session: Session, visit: EventReport) -> datetime:
    """When it happened, by the database's clock: that of a server may be wrong."""
    now: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    at = visit.at or now
    if at > now + CLOCKS_DIFFER:
        raise BadRequest(
            f"{at.isoformat()} is later than now, {now.isoformat(timespec='seconds')}",
            hint="correct the clock of the phone or of the server",
        )
    return at


def _announce(
    session: Session, held: LockedPlate, what: PlateHappening, after: PlateStatus, actor: Actor
) -> None:
    kind = str(what.kind)
    changes.record(
        session,
        [ChangeNote(Subject.PLATE, held.token, Action(kind), held.division)],
    )
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

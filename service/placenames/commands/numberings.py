"""Lays down how a street is numbered, and accepts findings that stay as they are."""

from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from address_model.numbering_rule import NumberingRule
from address_model.tables import PlaceNumbering
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.auth.members import StaffMember
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.clock import today
from service.core.errors import Conflict
from service.placenames.commands.name_locks import hold_names
from service.placenames.commands.places import raise_versions
from service.placenames.queries import PlaceRow, get_place
from service.placenames.queries.numberings import Acceptance, get_numbering


def set_numbering_rule(
    session: Session,
    number: str,
    rule: NumberingRule,
    member: StaffMember,
    *,
    seen: int | None = None,
) -> None:
    """Lay down how a place is numbered; accepted findings stay.

    ``seen`` is the version of the place that the person saw, None for any; so it is for all here.

    Raises:
        PlaceNotFound: there is no such place.
        Outdated: it was changed in the meantime.
        UnclearRange: the reserved numbers cannot be read.
    """
    place = _hold(session, number, seen)
    values = asdict(rule)
    before = get_numbering(session, place.id).rule
    told = {"kept_free": len(rule.kept_free)}  # refuses what cannot be read
    _write(session, place, values)
    _note(session, place, member, "number", before=asdict(before) if before else {}, **told)


def accept_finding(
    session: Session,
    number: str,
    key: str,
    reason: str,
    member: StaffMember,
    *,
    seen: int | None = None,
) -> None:
    """Accept a finding as it is (就是这样), for a reason.

    Raises:
        PlaceNotFound, Outdated: as ``set_numbering_rule``.
    """
    place = _hold(session, number, seen)
    held = {one: asdict(why) for one, why in get_numbering(session, place.id).accepted.items()}
    accepted = Acceptance(reason, member.display_name, today().isoformat())
    _write(session, place, {"accepted": held | {key: asdict(accepted)}})
    _note(session, place, member, "accept_number", finding=key, reason=reason)


def reopen_finding(
    session: Session, number: str, key: str, member: StaffMember, *, seen: int | None = None
) -> None:
    """Let a finding count again that was accepted.

    Raises:
        PlaceNotFound, Outdated: as ``set_numbering_rule``.
        Conflict: it was not accepted.
    """
    place = _hold(session, number, seen)
    held = {one: asdict(why) for one, why in get_numbering(session, place.id).accepted.items()}
    if held.pop(key, None) is None:
        raise Conflict(f"{key} was not accepted", zh="这一条没有认可过，不用撤销。")
    _write(session, place, {"accepted": held})
    _note(session, place, member, "reopen_number", finding=key)


def _hold(session: Session, number: str, seen: int | None) -> PlaceRow:
    hold_names(session, [get_place(session, number).number])
    place = get_place(session, number)
    require_seen(session, place.record, seen)
    return place


def _write(session: Session, place: PlaceRow, values: Mapping[str, object]) -> None:
    written = insert(PlaceNumbering).values(place_id=place.id, **values)
    changed = dict(values) | {"updated_at": func.clock_timestamp()}
    session.execute(
        written.on_conflict_do_update(index_elements=[PlaceNumbering.place_id], set_=changed)
    )
    # whoever edits the rule says which version of the place they saw
    raise_versions(session, [place.id])


def _note(
    session: Session, place: PlaceRow, member: StaffMember, act: str, **detail: object
) -> None:
    changes.announce(session, Subject.PLACE_NAME, Action.CHANGED, [place.number])
    audit.record(
        session,
        actor=member.actor,
        action=f"place_names:{act}",
        subject=place.number,
        name=place.name,
        **detail,
    )

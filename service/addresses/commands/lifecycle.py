"""The lifecycle of an address: move, freeze, retire, merge, split, by the transition table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.codes import AddressCode
from address_model.coordinates import Point
from address_model.elements import local_text
from address_model.lifecycle import AddressStatus
from address_model.positions import Accuracy
from service.addresses.commands.entry import enter_addresses
from service.addresses.commands.names import close_standard_names, require_free
from service.addresses.commands.places import place_addresses
from service.addresses.commands.tree import link_parents
from service.addresses.drafts import AddressDraft, take_division
from service.addresses.policies import require_changeable, require_successor, require_transition
from service.addresses.queries import AddressRow, find_addresses, get_address, hold_addresses
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.changes import commands as changes
from service.changes.commands import Action, ChangeNote, Subject
from service.core.actor import Actor
from service.core.bulk_copy import copy_rows, point_ewkb
from service.core.errors import Conflict
from service.placenames.commands import lock_places

_SET_STATUS = text(
    "update address set status = :status, status_reason = :reason, successor_code = :successor, "
    "updated_at = clock_timestamp() where code = :code"
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
    _set_point(session, held, point, facts, actor)
    return held


def freeze_address(
    session: Session, code: str, actor: Actor, *, reason: str, seen: int | None = None
) -> None:
    """Freeze an address: it cannot be changed until it is unfrozen."""
    (held,) = hold_addresses(session, code)
    require_seen(session, held.record, seen)
    _set_status(session, held, AddressStatus.FROZEN, actor, reason=reason)


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
    _set_status(session, held, AddressStatus.ACTIVE, actor, reason=reason)


def retire_address(
    session: Session,
    code: str,
    actor: Actor,
    *,
    reason: str,
    successor: str = "",
    invalid: bool = False,
    seen: int | None = None,
) -> AddressRow:
    """End an address; its code and texts are kept and resolve to the successor, if any.

    Returns the address as it was.

    Args:
        reason: shown to anyone who looks up the code.
        successor: the code of the replacing address; the status is then 替换, else 消亡.
        invalid: it never was correct (无效), for instance entered by mistake.

    Raises:
        AddressNotFound, MalformedCode: there is no such address or successor.
        Conflict: its state does not allow it, or the successor has itself ended.
    """
    codes = [code, successor] if successor else [code]
    held, *following = hold_addresses(session, *codes)
    require_seen(session, held.record, seen)
    after = AddressStatus.INVALID if invalid else AddressStatus.RETIRED
    if following and not invalid:
        after = AddressStatus.REPLACED
    _end(session, held, after, actor, reason=reason, successors=following)
    return held


def merge_addresses(
    session: Session,
    codes: Sequence[str],
    into: str,
    actor: Actor,
    *,
    reason: str,
    seen: Mapping[str, int] = MappingProxyType({}),
) -> list[AddressRow]:
    """Replace addresses by an existing one: their codes and texts then resolve to it.

    If the target has no point, it takes the first one among them. Returns the ended addresses as
    they were. ``seen`` are versions by code (16 digits).

    Raises:
        AddressNotFound, MalformedCode, Conflict, Outdated: as ``retire_address``.
    """
    target, *others = hold_addresses(session, into, *codes)
    for row in (target, *others):
        require_seen(session, row.record, seen.get(row.code))
    held = list({row.code: row for row in others}.values())
    for address in held:
        _end(session, address, AddressStatus.REPLACED, actor, reason=reason, successors=[target])
    placed = next((row for row in held if row.point is not None), None)
    if target.point is None and placed is not None and placed.point is not None:
        facts = PointFacts(note=f"沿用并入的{local_text(placed.elements)}的位置")
        _set_point(session, target, placed.point, facts, actor)
    return held


def split_address(
    session: Session,
    code: str,
    drafts: Sequence[AddressDraft],
    actor: Actor,
    *,
    reason: str,
    seen: int | None = None,
) -> list[AddressCode]:
    """Divide an address into new ones; return their codes.

    All of them are recorded as successors. Each inherits the township, the point and the parent of
    the old address unless its draft has its own; one of them may keep the old text.

    Raises:
        AddressNotFound, MalformedCode: there is no such address.
        Conflict: its state does not allow it, fewer than two drafts, or a text is taken.
    """
    lock_places(session, get_address(session, code).county)
    (held,) = hold_addresses(session, code)
    require_seen(session, held.record, seen)
    require_transition(held, AddressStatus.REPLACED)
    inherited: list[AddressDraft] = []
    for draft in drafts:
        part = take_division(draft, held)
        if part.point is None and held.point is not None:
            note = f"沿用原{local_text(held.elements)}的位置"
            part = replace(part, point=held.point, point_note=note)
        parent, is_sample = part.parent_code or held.parent_code, part.is_sample or held.is_sample
        inherited.append(replace(part, parent_code=parent, is_sample=is_sample))
    drafts = place_addresses(session, inherited, actor, leaving=[held.code])
    keys = {draft.key: held.code for draft in drafts}
    if len(keys) < 2 or len(keys) != len(drafts):
        raise Conflict(
            f"{held.code} must be divided into two or more different addresses",
            hint="give each of them its own text",
        )
    require_free(session, keys)
    close_standard_names(session, [held.code])
    codes = enter_addresses(session, drafts, actor)
    made = find_addresses(session, [str(new) for new in codes])
    successors = [made[str(new)] for new in codes]
    _end(session, held, AddressStatus.REPLACED, actor, reason=reason, successors=successors)
    return codes


def _set_point(
    session: Session, held: AddressRow, point: Point, facts: PointFacts, actor: Actor
) -> None:
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
    )


def _end(
    session: Session,
    held: AddressRow,
    after: AddressStatus,
    actor: Actor,
    *,
    reason: str,
    successors: Sequence[AddressRow] = (),
) -> None:
    for successor in successors:
        require_successor(held, successor)
    codes = [successor.code for successor in successors]
    _set_status(session, held, after, actor, reason=reason, successors=codes)
    close_standard_names(session, [held.code])
    link_parents(session, {}, ended=[held.code])
    if len(codes) > 1:
        rows = [(held.code, code) for code in codes]
        copy_rows(session, "address_succession", ("code", "successor_code"), rows)


def _set_status(
    session: Session,
    held: AddressRow,
    after: AddressStatus,
    actor: Actor,
    *,
    reason: str,
    successors: Sequence[str] = (),
) -> None:
    require_transition(held, after)
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
    )


def _note(session: Session, held: AddressRow, action: Action) -> None:
    changes.record(
        session,
        [ChangeNote(Subject.ADDRESS, held.code, action, held.division_code)],
    )

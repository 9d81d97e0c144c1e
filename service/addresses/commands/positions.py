"""Sets and withdraws typed positions of addresses; former positions are kept with dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.codes import format_code
from address_model.coordinates import distance_m
from address_model.positions import FAR_M, Position, PositionKind, kind_row
from service.addresses.policies import require_changeable
from service.addresses.queries import (
    AddressRow,
    PositionRow,
    hold_addresses,
    list_positions,
    lock_addresses,
)
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.actor import Actor
from service.core.bulk_copy import point_ewkb
from service.core.clock import today
from service.core.errors import Conflict, NotFound

SAME_M = 0.05
"""A position that moved at most this far counts as unmoved, in metres."""

LONGEST_LABEL = 20
"""The maximum length of a label, such as 东门 or 2号楼梯."""

_END = text(
    "update address_position set valid_to = :today "
    "where code = :code and kind = :kind and label = :label and valid_to is null"
)
_INSERT = text(
    "insert into address_position "
    "(code, kind, label, version, geom, accuracy, source, note, valid_from) "
    "values (:code, :kind, :label, (select coalesce(max(version), 0) + 1 from address_position "
    "where code = cast(:code as varchar) and kind = cast(:kind as varchar) and label = :label), "
    "cast(:geom as geometry), :accuracy, :source, :note, :today)"
)
_TOUCH = text("update address set updated_at = clock_timestamp() where code = any(:codes)")
"""Raises the version of the address, on which cached pages and answers depend."""

Outcome = Literal["new", "changed", "same"]


class PositionNotFound(NotFound):
    """The address has no such position."""


@dataclass(frozen=True, slots=True)
class PositionDraft:
    """A typed position to set (``code`` has 16 digits), and its source."""

    code: str
    position: Position
    source: str = ""
    note: str = ""


def set_position(
    session: Session, draft: PositionDraft, actor: Actor, *, seen: int | None = None
) -> PositionRow | None:
    """Set a typed position of an address, replacing the one of the same kind and label.

    The address is locked first. ``seen`` is the version of the address that the caller saw, None
    for any. The own point of an address is moved by ``move_address`` instead.

    Returns the former position; an unchanged position is not written again.

    Raises:
        AddressNotFound, MalformedCode: there is no such address.
        Conflict: it is frozen or gone, the position is over 2 km from its own point, or the kind
            is the own point.
        Outdated: the address was changed in the meantime.
    """
    (held,) = hold_addresses(session, draft.code)
    require_seen(session, held.record, seen)
    wanted = draft.position
    before = _find(list_positions(session, [held.code]).get(held.code, []), wanted)
    if _judge(held, before, draft) == "same":
        return before
    _write(session, [(held, draft)])
    audit.record(
        session,
        actor=actor,
        action="addresses:set_position",
        subject=held.code,
        kind=wanted.kind,
        label=wanted.label,
        before=_lon_lat(before),
        after=[wanted.point.lon, wanted.point.lat],
        accuracy=wanted.accuracy,
        source=draft.source,
    )
    return before


def set_positions(
    session: Session, drafts: Sequence[PositionDraft], actor: Actor
) -> list[Outcome | Conflict]:
    """Set typed positions of many addresses; return the outcome or the conflict of each.

    The addresses are locked in order of code; one audit entry covers all of them.
    """
    codes = sorted({draft.code for draft in drafts})
    held = lock_addresses(session, codes)
    known = list_positions(session, codes)
    taken: set[tuple[str, str, str]] = set()
    ready: list[tuple[AddressRow, PositionDraft]] = []
    outcomes: list[Outcome | Conflict] = []
    for draft in drafts:
        wanted = draft.position
        key = (draft.code, wanted.kind, wanted.label)
        address = held.get(draft.code)
        if address is None:
            fault = Conflict(f"没有地址编码 {draft.code}", hint="对照门牌逐位核对")
            outcomes.append(fault)
            continue
        if key in taken:
            hint = "用「名称」一列区分，如 东门、西门"
            outcomes.append(Conflict("同一地址的同类位置在表中出现两次", hint=hint))
            continue
        try:
            before = _find(known.get(draft.code, []), wanted)
            outcome = _judge(address, before, draft)
        except Conflict as refused:
            outcomes.append(refused)
            continue
        taken.add(key)
        outcomes.append(outcome)
        if outcome != "same":
            ready.append((address, draft))
    if ready:
        _write(session, ready)
        written = sorted({draft.code for _, draft in ready})
        audit.record_codes(session, actor=actor, action="addresses:set_positions", codes=written)
    return outcomes


def withdraw_position(
    session: Session,
    code: str,
    kind: PositionKind,
    actor: Actor,
    *,
    label: str = "",
    reason: str,
    seen: int | None = None,
) -> PositionRow:
    """End a typed position that is wrong or gone, keeping it with its dates; return it.

    Raises:
        AddressNotFound, MalformedCode: there is no such address.
        PositionNotFound: it has no such position.
        Conflict: the address is frozen or gone, or no reason is given.
    """
    if not reason.strip():
        raise Conflict("撤销位置须说明理由", hint="用 --reason 写明")
    (held,) = hold_addresses(session, code)
    require_seen(session, held.record, seen)
    require_changeable(held)
    rows = list_positions(session, [held.code]).get(held.code, [])
    before = next((row for row in rows if (row.kind, row.label) == (kind, label)), None)
    if before is None:
        named = f"{kind_row(kind).name}{label}"
        raise PositionNotFound(
            f"{format_code(held.code)} 没有「{named}」这个位置",
            hint=f"先看 `menpai addresses position list {held.code}`",
        )
    session.execute(_END, {"code": held.code, "kind": kind, "label": label, "today": today()})
    _announce(session, [held], Action.POSITION_WITHDRAWN)
    audit.record(
        session,
        actor=actor,
        action="addresses:withdraw_position",
        subject=held.code,
        kind=kind,
        label=label,
        before=_lon_lat(before),
        reason=reason,
    )
    return before


def _judge(held: AddressRow, before: PositionRow | None, draft: PositionDraft) -> Outcome:
    """Check whether a position can be set; return whether it is new, changed or the same."""
    require_changeable(held)
    wanted, name = draft.position, draft.position.name
    if wanted.kind is PositionKind.CENTRE:
        raise Conflict("代表点不在此设置", hint="用 `menpai addresses move`，或写明入口、楼梯等")
    if len(wanted.label) > LONGEST_LABEL:
        raise Conflict(f"名称超过 {LONGEST_LABEL} 个字", hint="写短些，如 东门")
    far = distance_m(held.point, wanted.point) if held.point else 0.0
    if far > FAR_M:
        raise Conflict(
            f"{name}离该地址的代表点 {far / 1000:.1f} 公里",
            hint="核对编码和经纬度；若代表点有误，先改代表点",
            zh=f"{name}离该地址的位置 {far / 1000:.1f} 公里，请核对经纬度；"
            "地址的位置有误的，先移动。",
        )
    if before is None:
        return "new"
    is_near = distance_m(before.point, wanted.point) <= SAME_M
    known = (wanted.accuracy, draft.source, draft.note)
    is_same = is_near and (before.accuracy, before.source, before.note) == known
    return "same" if is_same else "changed"


def _write(session: Session, ready: Sequence[tuple[AddressRow, PositionDraft]]) -> None:
    day = today()
    rows: list[dict[str, object]] = [
        {
            "code": held.code,
            "kind": draft.position.kind,
            "label": draft.position.label,
            "geom": point_ewkb(draft.position.point.lon, draft.position.point.lat),
            "accuracy": draft.position.accuracy,
            "source": draft.source,
            "note": draft.note,
            "today": day,
        }
        for held, draft in ready
    ]
    ended = ("code", "kind", "label", "today")
    session.execute(_END, [{name: row[name] for name in ended} for row in rows])
    session.execute(_INSERT, rows)
    _announce(session, [held for held, _ in ready], Action.POSITIONED)


def _find(rows: Sequence[PositionRow], wanted: Position) -> PositionRow | None:
    return next((row for row in rows if (row.kind, row.label) == (wanted.kind, wanted.label)), None)


def _lon_lat(row: PositionRow | None) -> list[float] | None:
    return [row.point.lon, row.point.lat] if row else None


def _announce(session: Session, held: Sequence[AddressRow], action: Action) -> None:
    """Record each address once in the change feed, and raise the versions of their rows."""
    rows = {row.code: row for row in held}
    session.execute(_TOUCH, {"codes": sorted(rows)})
    changes.announce(session, Subject.ADDRESS, action, rows)

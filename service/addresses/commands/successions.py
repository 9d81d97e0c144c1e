"""Ends addresses: retired, merged into another, or split into several, which succeed them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from sqlalchemy.orm import Session

from address_model.codes import AddressCode
from address_model.elements import local_text
from address_model.lifecycle import AddressStatus
from service.addresses.cited_document import NO_DOCUMENT, CitedDocument
from service.addresses.commands.entry import enter_addresses
from service.addresses.commands.lifecycle import PointFacts, set_point, set_status
from service.addresses.commands.names import close_standard_names, require_free
from service.addresses.commands.places import place_addresses
from service.addresses.commands.text_rewrite import (
    Rewrite,
    hold_planned,
    plan_followers,
    require_free_together,
    write_followers,
    write_names,
)
from service.addresses.commands.tree import link_parents
from service.addresses.drafts import AddressDraft, take_division
from service.addresses.policies import require_successor, require_transition
from service.addresses.queries import AddressRow, find_addresses, get_address, hold_addresses
from service.audit.policies import require_seen
from service.core.actor import Actor
from service.core.bulk_copy import copy_rows
from service.core.errors import Conflict
from service.placenames.commands import lock_places


def retire_address(
    session: Session,
    code: str,
    actor: Actor,
    *,
    reason: str,
    document: CitedDocument = NO_DOCUMENT,
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
    _end(session, held, after, actor, reason=reason, document=document, successors=following)
    return held


def merge_addresses(
    session: Session,
    codes: Sequence[str],
    into: str,
    actor: Actor,
    *,
    reason: str,
    document: CitedDocument = NO_DOCUMENT,
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
        _end(
            session,
            address,
            AddressStatus.REPLACED,
            actor,
            reason=reason,
            document=document,
            successors=[target],
        )
    placed = next((row for row in held if row.point is not None), None)
    if target.point is None and placed is not None and placed.point is not None:
        facts = PointFacts(note=f"沿用并入的{local_text(placed.elements)}的位置")
        set_point(session, target, placed.point, facts, actor)
    return held


@dataclass(frozen=True, slots=True)
class AddressSplit:
    """The codes of the parts of a divided address, and all that changed as it was before."""

    codes: list[AddressCode]
    before: list[AddressRow]


def split_address(
    session: Session,
    code: str,
    drafts: Sequence[AddressDraft],
    actor: Actor,
    *,
    reason: str,
    document: CitedDocument = NO_DOCUMENT,
    heir: int | None = None,
    seen: int | None = None,
) -> AddressSplit:
    """Divide an address into new ones, which are all recorded as its successors.

    Each inherits the township, the point and the parent of the old address unless its draft has its
    own; one of them may keep the old text. ``heir`` is the place of the draft whose text the
    buildings and rooms of the old address take; None leaves them their texts.

    Raises:
        AddressNotFound, MalformedCode: there is no such address.
        Conflict: its state does not allow it, fewer than two drafts, a text is taken, or what lies
            in it cannot follow.
    """
    lock_places(session, get_address(session, code).county)
    before = get_address(session, code)
    parts = place_addresses(
        session, [_inherit(draft, before) for draft in drafts], actor, leaving=[before.code]
    )
    followers: list[Rewrite] = []
    if heir is not None:
        followers = plan_followers(session, [(before, parts[heir])], actor)
    followers = hold_planned(session, followers, also=[before.code])
    held = get_address(session, code)
    require_seen(session, held.record, seen)
    require_transition(held, AddressStatus.REPLACED)
    _require_parts(session, held, parts)
    close_standard_names(session, [held.code])
    codes = enter_addresses(session, parts, actor)
    made = find_addresses(session, [str(new) for new in codes])
    successors = [made[str(new)] for new in codes]
    after = AddressStatus.REPLACED
    _end(session, held, after, actor, reason=reason, document=document, successors=successors)
    if followers:
        require_free_together(session, followers)
        write_names(session, followers)
        write_followers(session, followers, actor, reason=reason, document=document)
    return AddressSplit(codes, [held, *(one.row for one in followers)])


def _require_parts(session: Session, held: AddressRow, parts: Sequence[AddressDraft]) -> None:
    """Refuse fewer than two different parts, and texts that others have."""
    keys = {draft.key: held.code for draft in parts}
    if len(keys) < 2 or len(keys) != len(parts):
        raise Conflict(
            f"{held.code} must be divided into two or more different addresses",
            hint="give each of them its own text",
            zh="请写出两个以上互不相同的新地址。",
        )
    require_free(session, keys)


def _inherit(draft: AddressDraft, held: AddressRow) -> AddressDraft:
    """A part with what it has of the divided address."""
    part = take_division(draft, held)
    if part.point is None and held.point is not None:
        note = f"沿用原{local_text(held.elements)}的位置"
        part = replace(part, point=held.point, point_note=note)
    parent, is_sample = part.parent_code or held.parent_code, part.is_sample or held.is_sample
    return replace(part, parent_code=parent, is_sample=is_sample)


def _end(
    session: Session,
    held: AddressRow,
    after: AddressStatus,
    actor: Actor,
    *,
    reason: str,
    document: CitedDocument,
    successors: Sequence[AddressRow] = (),
) -> None:
    for successor in successors:
        require_successor(held, successor)
    codes = [successor.code for successor in successors]
    set_status(session, held, after, actor, reason=reason, document=document, successors=codes)
    close_standard_names(session, [held.code])
    link_parents(session, {}, ended=[held.code])
    if len(codes) > 1:
        rows = [(held.code, code) for code in codes]
        copy_rows(session, "address_succession", ("code", "successor_code"), rows)

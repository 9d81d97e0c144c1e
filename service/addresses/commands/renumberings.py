"""Gives doors, buildings or rooms new numbers as one change, in which they may exchange them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from sqlalchemy.orm import Session

from address_model.elements import Numbered, elements_to_plain
from service.addresses.cited_document import NO_DOCUMENT, CitedDocument
from service.addresses.commands.text_changes import set_texts
from service.addresses.commands.text_rewrite import (
    Rewrite,
    plan_rewrite,
    require_free_together,
    write_followers,
    write_names,
)
from service.addresses.drafts import AddressDraft, draft_of
from service.addresses.policies import require_changeable
from service.addresses.queries import AddressRow, find_addresses, get_address
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.core.actor import Actor
from service.core.errors import Conflict
from service.placenames.commands import lock_places

NUMBERED = ("number", "building", "unit", "floor", "room")
"""The levels whose addresses have a number that can be changed, one level at a time."""

MOST_RENUMBERED = 500
"""At most so many numbers change at once."""


@dataclass(frozen=True, slots=True)
class Renumbering:
    """The new number of one address, at the level that the address has."""

    code: str
    number: Numbered


def renumber_addresses(
    session: Session,
    orders: Sequence[Renumbering],
    actor: Actor,
    *,
    reason: str,
    document: CitedDocument = NO_DOCUMENT,
    seen: Mapping[str, int] = MappingProxyType({}),
) -> list[AddressRow]:
    """Give addresses of one county new numbers (改号); what lies in them follows.

    They are judged together: a number that one gives up is free for another. Codes stay, old texts
    lead to them. Returns the changed addresses as they were, those of the orders first; one that
    has its number already is left out. ``seen`` are versions by code (16 digits).

    Raises:
        AddressNotFound, MalformedCode: there is no such address.
        Outdated: one was changed in the meantime.
        Conflict: there is nothing to change, an address is named twice, has no number or lies in
            another county, is frozen or gone, or a text belongs to an address outside the orders.
    """
    rows = _list_ordered(session, orders)
    for county in sorted({row.county for row in rows}):
        lock_places(session, county)
    fresh = find_addresses(session, [row.code for row in rows])
    roots = [
        (fresh[row.code], draft)
        for row, order in zip(rows, orders, strict=True)
        if (draft := _renumbered(fresh[row.code], order.number, document)) is not None
    ]
    if not roots:
        raise Conflict(
            "every address has its number already",
            hint="give at least one other number",
            zh="这些地址已经是这个号，没有要改的。",
        )
    planned = plan_rewrite(session, roots, actor)
    held = find_addresses(session, [row.code for row, _ in roots])
    for row in held.values():
        require_seen(session, row.record, seen.get(row.code))
        require_changeable(row)
    require_free_together(session, planned)
    set_texts(session, [(one.row.code, one.draft) for one in planned[: len(roots)]])
    write_names(session, planned)
    write_followers(session, planned, actor, reason=reason, document=document)
    _record(session, planned[: len(roots)], actor, {"reason": reason} | document.detail)
    return [held.get(one.row.code, one.row) for one in planned]


def _record(
    session: Session, changed: Sequence[Rewrite], actor: Actor, why: Mapping[str, str]
) -> None:
    codes = [one.row.code for one in changed]
    for one in changed:
        audit.record(
            session,
            actor=actor,
            action="addresses:renumber",
            subject=one.row.code,
            before=one.row.standard_text,
            after=one.draft.text,
            number=elements_to_plain(one.row.elements)[one.row.level],
            together=codes,
            **why,
        )


def _list_ordered(session: Session, orders: Sequence[Renumbering]) -> list[AddressRow]:
    """The addresses of the orders, each once, of one county and with a number."""
    if not 0 < len(orders) <= MOST_RENUMBERED:
        raise Conflict(
            f"1 to {MOST_RENUMBERED} numbers can change at once",
            hint="divide the list",
            zh=f"一次可以改 1 到 {MOST_RENUMBERED} 个号，请分几次办。",
        )
    rows = [get_address(session, order.code) for order in orders]
    known: set[str] = set()
    for row in rows:
        if row.code in known:
            raise Conflict(
                f"{row.standard_text} is named twice",
                hint="name each address once",
                zh=f"“{row.standard_text}”写了两次。",
            )
        known.add(row.code)
        same = (row.level, row.county) == (rows[0].level, rows[0].county)
        if row.level not in NUMBERED or not same:
            raise Conflict(
                f"{row.standard_text} has no number, or not at the level of the first",
                hint="renumber doors, buildings or rooms of one county, one level at a time",
                zh=f"“{row.standard_text}”没有号可改，或与第一个不是同一级、同一个县（市、区）。",
            )
    return rows


def _renumbered(row: AddressRow, number: Numbered, document: CitedDocument) -> AddressDraft | None:
    if getattr(row.elements, row.level, None) in (number, None):
        return None
    elements = row.elements._replace(**{row.level: number})  # type: ignore[arg-type]  # NUMBERED
    draft = replace(draft_of(row), elements=elements, source=document.title)
    return draft if draft.text != row.standard_text else None

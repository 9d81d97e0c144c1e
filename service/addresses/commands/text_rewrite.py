"""Rewrites the texts of addresses and of all that lies in them, as one change.

Whoever changes the number of a door changes its buildings and rooms with it. All of them are
judged together, so that numbers can be exchanged within one change.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from address_model.codes import format_code
from address_model.lifecycle import AddressStatus
from address_model.parent_change import follow_parent
from service.addresses.cited_document import CitedDocument
from service.addresses.commands.names import (
    NAME_COLUMNS,
    close_standard_names,
    find_holders,
    name_rows,
)
from service.addresses.commands.places import place_addresses
from service.addresses.commands.text_changes import set_texts
from service.addresses.commands.tree import find_inside, link_parents
from service.addresses.drafts import AddressDraft, draft_of
from service.addresses.policies import is_gone
from service.addresses.queries import AddressRow, list_descendants, lock_addresses
from service.audit import commands as audit
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.actor import Actor
from service.core.bulk_copy import copy_rows
from service.core.errors import Conflict

MOST_BELOW = 10_000
"""At most so many addresses follow one change: half a minute if all of them have plates."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """An address with the draft of its new text; ``root`` is the code of the one it follows."""

    row: AddressRow
    draft: AddressDraft
    root: str = ""


def plan_rewrite(
    session: Session, roots: Sequence[tuple[AddressRow, AddressDraft]], actor: Actor
) -> list[Rewrite]:
    """Place the drafts of addresses, and draft what lies in them after the same pattern.

    The caller holds the counties; the addresses and everything that will lie in them are locked.
    The roots come first, in their order.

    Raises:
        Conflict: too many addresses follow, one that follows is frozen, a place cannot be
            distinguished from a namesake, or one was changed by somebody else just now.
    """
    codes = [row.code for row, _ in roots]
    leaving = [*codes, *(child.code for _, child in _list_below(session, codes))]
    drafts = place_addresses(
        session, [draft for _, draft in roots], actor, leaving=leaving, holds_places=True
    )
    pairs = [(row, draft) for (row, _), draft in zip(roots, drafts, strict=True)]
    planned = [Rewrite(row, draft) for row, draft in pairs]
    planned += plan_followers(session, pairs, actor)
    return hold_planned(session, planned)


def plan_followers(
    session: Session, roots: Sequence[tuple[AddressRow, AddressDraft]], actor: Actor
) -> list[Rewrite]:
    """Draft what lies in addresses after their drafts, which have places.

    The caller holds the counties.
    """
    pairs = {row.code: (row, draft) for row, draft in roots}
    below = _list_below(session, list(pairs))
    following = [
        (root, child, made)
        for root, child in below
        if child.code not in pairs and (made := _draft_child(child, *pairs[root])) is not None
    ]
    leaving = [*pairs, *(child.code for _, child in below)]
    drafts = place_addresses(
        session, [draft for _, _, draft in following], actor, leaving=leaving, holds_places=True
    )
    return [
        Rewrite(child, draft, root)
        for (root, child, _), draft in zip(following, drafts, strict=True)
    ]


def _list_below(session: Session, codes: Sequence[str]) -> list[tuple[str, AddressRow]]:
    below = list_descendants(session, codes, most=MOST_BELOW + 1)
    if len(below) > MOST_BELOW:
        raise Conflict(
            f"over {MOST_BELOW} addresses lie below",
            hint="change the buildings one by one first",
            zh=f"下级地址超过 {MOST_BELOW} 个，不能一次改完；请先分幢更正。",
        )
    return below


def _draft_child(child: AddressRow, before: AddressRow, after: AddressDraft) -> AddressDraft | None:
    """The draft of an address below a changed one; None if it stays as it is."""
    elements = follow_parent(child.elements, before.elements, after.elements)
    draft = draft_of(child)
    made = replace(draft, elements=elements, source=after.source)
    if child.division_id == before.division_id:
        made = replace(
            made,
            county=after.county,
            division_id=after.division_id,
            division_code=after.division_code,
        )
    if (made.text, made.division_id) == (draft.text, draft.division_id):
        return None
    is_placed = made.counted == draft.counted
    return made if is_placed else replace(made, place_id=None, second_place_id=None)


def hold_planned(
    session: Session, planned: Sequence[Rewrite], *, also: Sequence[str] = ()
) -> list[Rewrite]:
    """Lock the addresses and what will lie in them, in one order; ``also`` are further codes.

    Returns them without those that follow and have ended in the meantime, which keep their texts.

    Raises:
        Conflict: one that follows is frozen, or somebody changed one since it was drafted.
    """
    inside = find_inside(session, [one.draft for one in planned if not one.root])
    codes = {*inside, *also, *(one.row.code for one in planned)}
    held = lock_addresses(session, sorted(codes))
    living = [one for one in planned if not (one.root and is_gone(held[one.row.code]))]
    for one in living:
        now = held[one.row.code]
        if one.root and now.status == AddressStatus.FROZEN:
            raise Conflict(
                f"{format_code(now.code)} {now.standard_text} lies below and is frozen",
                hint="unfreeze it first",
                zh=f"下级地址 {now.standard_text}（{format_code(now.code)}）已冻结，"
                "不能随着改；请先解冻。",
            )
        if (one.row.elements, one.row.division_id) != (now.elements, now.division_id):
            raise Conflict(
                f"{format_code(now.code)} {now.standard_text} was changed just now",
                hint="try again",
                zh=f"{now.standard_text} 刚刚有人办理过，请再试一次。",
            )
    return living


def require_free_together(session: Session, planned: Sequence[Rewrite]) -> None:
    """Refuse a new text that an address outside the change has, or two addresses within it get.

    Raises:
        Conflict: names the text, and who has it.
    """
    moving = {one.row.code for one in planned}
    holders = find_holders(session, [one.draft.key for one in planned])
    given: dict[str, str] = {}
    for one in planned:
        code = given.setdefault(one.draft.key, one.row.code)
        if code == one.row.code:
            code = holders.get(one.draft.key, code)
            code = one.row.code if code in moving else code
        if code != one.row.code:
            was = one.row.standard_text
            raise Conflict(
                f"{was}: the text {one.draft.text} belongs to {format_code(code)}",
                hint="correct the text, or merge the two addresses",
                zh=f"“{was}”要改成“{one.draft.text}”，这已经是 {format_code(code)} 的标准地址。"
                "请核对文字；是同一处的，合并两个地址。",
            )


def write_names(session: Session, planned: Sequence[Rewrite]) -> None:
    """Make the new texts the standard names; the old ones become former names."""
    renamed = [one for one in planned if one.row.standard_text != one.draft.text]
    close_standard_names(session, [one.row.code for one in renamed])
    names = name_rows((one.row.code, one.draft) for one in renamed)
    copy_rows(session, "address_name", NAME_COLUMNS, names)


def write_followers(
    session: Session,
    planned: Sequence[Rewrite],
    actor: Actor,
    *,
    reason: str = "",
    document: CitedDocument,
) -> None:
    """Store the texts of what follows, hang all in its parents, announce and audit each."""
    following = [one for one in planned if one.root]
    if following:
        set_texts(session, [(one.row.code, one.draft) for one in following])
    link_parents(session, {one.row.code: one.draft for one in planned})
    codes = [one.row.code for one in planned]
    changes.announce(session, Subject.ADDRESS, Action.CORRECTED, codes)
    for one in following:
        audit.record(
            session,
            actor=actor,
            action="addresses:follow_parent",
            subject=one.row.code,
            before=one.row.standard_text,
            after=one.draft.text,
            parent=one.root,
            **({"reason": reason} if reason else {}),
            **document.detail,
        )

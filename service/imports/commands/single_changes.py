"""Enters one written address, and lets a program change addresses without a second person."""

from sqlalchemy.orm import Session

from address_model.approvals import ApprovalKind
from service.addresses.commands import place_addresses
from service.addresses.drafts import AddressDraft
from service.addresses.queries import AddressRow, get_address
from service.approvals import commands as approvals
from service.approvals.drafts import Author, RequestDraft, digest_lines
from service.core.actor import Actor
from service.core.errors import Conflict
from service.imports.commands.row_store import store_rows
from service.imports.decisions import PlacedRow
from service.imports.written_address import say_fault
from service.placenames.commands import lock_places


class SecondPersonNeeded(Conflict):
    """This changes more than may be changed without a second person."""


def enter_address(
    session: Session, draft: AddressDraft, actor: Actor, *, text: str = ""
) -> tuple[AddressRow, bool]:
    """Enter one address as the only row of a list; the address, and whether it is new.

    ``text`` is how its source writes it.

    Raises:
        Conflict: it contradicts the register: another address has its source id, or its point
            lies far from the one that is registered.
    """
    lock_places(session, draft.county)
    (placed,) = place_addresses(session, [draft], actor, holds_places=True)
    decisions = store_rows(session, [PlacedRow(1, "", placed, text)], actor)
    for refusal in (*decisions.conflicts, *decisions.errors):
        raise Conflict(
            refusal.fault.reason, hint=refusal.fault.hint, zh=say_fault(refusal.fault), field="text"
        )
    for held, _ in decisions.changed:
        raise Conflict(
            f"the source has {held.code} under this id, whose text or point differs",
            hint="correct or move that address",
            zh=f"这个来源编号已经对应 {held.code}，文字或位置不同，请更正那个地址。",
        )
    if decisions.codes:
        return get_address(session, decisions.codes[0]), True
    known = [held.code for held, _ in (*decisions.identified, *decisions.gated)]
    known += [one.code for one in decisions.same]
    return get_address(session, known[0]), False


def note_alone(
    session: Session,
    author: Author,
    address: AddressRow,
    size: int,
    *,
    at_once: int,
    a_day: int,
) -> None:
    """Record what an author, who is locked, changes without a second person.

    ``size`` is how many addresses the change touches, ``at_once`` the most that one change may,
    ``a_day`` the most that an author may in a day.

    Raises:
        SecondPersonNeeded: the change, or the author's day, passes the limit.
    """
    digest = digest_lines([address.code, address.version, size])
    asked = RequestDraft(
        ApprovalKind.ADDRESS_CHANGE, address.code, address.division_code, size, digest
    )
    if size <= at_once and approvals.request_approval(session, asked, author, approval_above=a_day):
        return
    raise SecondPersonNeeded(
        f"it touches {size} addresses; without a second person {at_once} may change at once, "
        f"and {a_day} in a day",
        hint="let an officer of the division do it at the desk; send many as a list, which waits "
        "for a second person there",
        zh=f"这次涉及 {size:,} 个地址。未经第二人审批，一次最多 {at_once:,} 个，"
        f"每天最多 {a_day:,} 个：请本区划工作人员在后台办理；数量多的，请以清单提交审批。",
    )

"""Begins changes of many addresses, agrees to them, and does them one address after another.

Lock order: the author's account, the request, then the run; each address as its own command does.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from address_model.approvals import Decision
from address_model.elements import Elements
from service.addresses import commands as addresses
from service.addresses.drafts import AddressDraft, draft_of
from service.addresses.queries import AddressRow, get_address
from service.approvals import commands as approvals
from service.approvals.drafts import RequestDraft, digest_lines
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.auth.members import StaffMember
from service.bulk_changes.order import REWRITING, BulkAction, ChangeOrder, ChangeOutcome
from service.bulk_changes.queries import (
    APPROVAL,
    KIND,
    BulkChangeRow,
    find_covered,
    get_bulk_change,
    subject_of,
)
from service.core.actor import Actor
from service.core.errors import AddressNotFound, BadRequest, Conflict, Outdated
from service.divisions.queries import get_division, list_ancestors
from service.divisions.register import LEVEL_NAMES
from service.placenames.queries import PlaceNotFound
from service.plates.commands import follow_addresses
from service.runs.commands import ChunkOrder, cancel_run, pause_run, resume_run, start_run

CHANGED_AT_ONCE = 50
"""Addresses per chunk: with their plates a second or two of work."""

_DEPTHS = ("thing", "room", "floor", "unit", "building", "number")
_TOWNSHIP_LEVEL = 4


def digest_change(order: ChangeOrder, rows: Sequence[AddressRow]) -> str:
    """What is agreed to: the action and every address as it was seen."""
    told = [f"{name}={value}" for name, value in sorted(order.plain.items())]
    return digest_lines([*told, *sorted(f"{row.code}:{row.version}" for row in rows)])


def list_own_changes(
    session: Session, order: ChangeOrder, rows: Sequence[AddressRow]
) -> list[AddressRow]:
    """The addresses that are changed themselves, what lies in others first.

    Of a change of texts, those that lie in another of them are left out: they follow it.
    """
    covered = set[str]()
    if order.action in REWRITING:
        covered = find_covered(session, [row.code for row in rows])
    own = [row for row in rows if row.code not in covered]
    return sorted(own, key=depth_of)


def depth_of(row: AddressRow) -> int:
    """The place of an address among the levels, the innermost first."""
    return _DEPTHS.index(row.level) if row.level in _DEPTHS else len(_DEPTHS)


def plan_chunks(own: Sequence[AddressRow]) -> list[ChunkOrder]:
    """The parts of a run, level by level from the innermost, with the versions that were seen."""
    chunks: list[ChunkOrder] = []
    for phase in sorted({depth_of(row) for row in own}):
        level = [[row.code, row.version] for row in own if depth_of(row) == phase]
        for at in range(0, len(level), CHANGED_AT_ONCE):
            part = level[at : at + CHANGED_AT_ONCE]
            chunks.append(ChunkOrder(phase + 1, len(part), {"addresses": part}))
    return chunks


def start_bulk_change(
    session: Session,
    order: ChangeOrder,
    rows: Sequence[AddressRow],
    member: StaffMember,
    *,
    title: str,
    division: str,
    approval_above: int,
) -> int:
    """Queue a change of many addresses, seen in these versions; the number of its run.

    ``division`` contains them all. Above ``approval_above`` addresses a day it waits for a second
    person.

    Raises:
        Conflict: there is nothing to change.
    """
    author = approvals.hold_author(session, member.actor)
    own = list_own_changes(session, order, rows)
    if not own:
        raise Conflict("there is nothing to change", zh="没有要办理的地址。")
    digest = digest_change(order, rows)
    about: dict[str, object] = {
        "order": order.plain,
        "title": title,
        "division": division,
        "digest": digest,
        "count": len(rows),
        "account": member.account_id,
    }
    number = start_run(session, KIND, plan_chunks(own), member.actor, parameters=about)
    draft = RequestDraft(APPROVAL, subject_of(number), division, len(rows), digest)
    if not approvals.request_approval(session, draft, author, approval_above=approval_above):
        pause_run(session, number, member.actor)
    audit.record(
        session,
        actor=member.actor,
        action="bulk_changes:start",
        subject=str(number),
        count=len(rows),
        kind=str(order.action),
        reason=order.reason,
    )
    return number


def approve_bulk_change(
    session: Session, number: int, member: StaffMember, *, agreed: str, seen: int | None = None
) -> None:
    """Approve a colleague's change, which begins; ``agreed`` is the digest that was read.

    Raises:
        BulkChangeNotFound, Outdated: there is none, or it was decided on in the meantime.
        NotAllowed: it is the person's own, or the permission in its division is missing.
        Conflict: it does not wait for approval.
    """
    held = _hold_asked(session, number, seen)
    approvals.approve(session, held.request, member, held.digest, agreed)
    resume_run(session, number, Actor.parse(held.run.actor))
    _note(session, held, member, "approve")


def send_back_bulk_change(
    session: Session, number: int, reason: str, member: StaffMember, *, seen: int | None = None
) -> None:
    """Send a colleague's change back with a reason; it is over, and nothing was changed.

    Raises:
        BulkChangeNotFound, Outdated, NotAllowed, Conflict: as ``approve_bulk_change``.
        BadRequest: the reason is empty.
    """
    held = _hold_asked(session, number, seen)
    approvals.send_back(session, held.request, member, reason)
    cancel_run(session, number, member.actor)
    _note(session, held, member, "send_back", reason=reason.strip())


def stop_bulk_change(
    session: Session, number: int, member: StaffMember, *, seen: int | None = None
) -> None:
    """Stop a change; what is done stays, the rest is left as it is.

    Raises:
        BulkChangeNotFound, Outdated: as ``approve_bulk_change``.
        Conflict: it has ended.
    """
    approvals.hold_request(session, APPROVAL, subject_of(number))
    held = get_bulk_change(session, number)
    require_seen(session, held.record, seen)
    if held.is_asked:
        approvals.withdraw(session, APPROVAL, subject_of(number), member)
    cancel_run(session, number, member.actor)
    _note(session, held, member, "stop")


def change_addresses(
    session: Session, order: ChangeOrder, chosen: Sequence[tuple[str, int]], actor: Actor
) -> ChangeOutcome:
    """Do one part of a change: each address by its own command, in the version that was seen.

    One that was changed meanwhile, or that its command refuses, is left as it is with why.
    """
    done: list[str] = []
    left: list[tuple[str, str]] = []
    for code, version in sorted(chosen):
        try:
            with session.begin_nested():
                change_address(session, order, code, version, actor)
            done.append(code)
        except (Conflict, Outdated, AddressNotFound, PlaceNotFound) as refused:
            left.append((code, refused.page_text))
    return ChangeOutcome(tuple(done), tuple(left))


def change_address(
    session: Session, order: ChangeOrder, code: str, version: int, actor: Actor
) -> None:
    """Do a change to one address, and let what hangs on it follow.

    Raises:
        Outdated: it was changed in the meantime.
        Conflict: its state or its text does not allow it.
    """
    reason, document = order.reason, order.cited
    if order.action is BulkAction.FREEZE:
        addresses.freeze_address(session, code, actor, reason=reason, seen=version)
        return
    if order.action is BulkAction.UNFREEZE:
        addresses.unfreeze_address(session, code, actor, reason=reason, seen=version)
        return
    if order.action is BulkAction.RETIRE:
        ended = addresses.retire_address(
            session,
            code,
            actor,
            reason=reason,
            document=document,
            invalid=order.invalid,
            seen=version,
        )
        follow_addresses(session, [ended], actor)
        return
    held = get_address(session, code)
    changed = addresses.correct_address(
        session,
        held,
        draft_change(session, order, held),
        actor,
        reason=reason,
        document=document,
        seen=version,
    )
    follow_addresses(session, changed, actor)


def draft_change(session: Session, order: ChangeOrder, held: AddressRow) -> AddressDraft:
    """An address as a change of its division or of one element would have it.

    Raises:
        Conflict: it is so already, or it would count along no place.
    """
    draft = draft_of(held)
    if order.action is BulkAction.DIVISION:
        division = get_division(session, order.division)
        if division.level < _TOWNSHIP_LEVEL:
            raise BadRequest(
                "an address moves to a township or a community", zh="请选到乡镇（街道）。"
            )
        path = [*list_ancestors(session, division), division]
        names = {LEVEL_NAMES[one.level]: one.name for one in path}
        levels = ("province", "city", "county", "township", "community")
        elements = held.elements.with_divisions(**{level: names.get(level, "") for level in levels})
        made = replace(
            draft,
            county=division.code[:6],
            division_id=division.id,
            division_code=division.code,
            elements=elements,
        )
    else:
        changed: Elements = held.elements._replace(**{order.element: order.value})  # type: ignore[arg-type]
        made = replace(draft, elements=changed)
    if (made.text, made.division_id) == (held.standard_text, held.division_id):
        raise Conflict("it is so already", zh="已经是这样，不用改。")
    if draft.countings and not made.countings:
        raise Conflict("it would lie nowhere", zh="改后没有所在的街路、小区或村，不能改。")
    return replace(made, place_id=None, second_place_id=None)


def _hold_asked(session: Session, number: int, seen: int | None) -> BulkChangeRow:
    approvals.hold_request(session, APPROVAL, subject_of(number))
    held = get_bulk_change(session, number)
    require_seen(session, held.record, seen)
    if held.request.decision != Decision.OPEN:
        raise Conflict(f"change {number} does not wait", zh="它不在等待审批。")
    return held


def _note(
    session: Session, held: BulkChangeRow, member: StaffMember, act: str, **detail: object
) -> None:
    audit.record(
        session,
        actor=member.actor,
        action=f"bulk_changes:{act}",
        subject=str(held.run.id),
        **detail,
    )

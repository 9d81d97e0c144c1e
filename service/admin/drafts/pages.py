"""The pages of kept forms: one's drafts and bin, and one change before its second person."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import Response

from service.addresses.commands import action_drafts
from service.addresses.queries.action_drafts import (
    DRAFT_STATE_NAMES,
    ActionDraftRow,
    DraftState,
    list_drafts_to_approve,
    list_own_drafts,
    see_draft,
)
from service.admin.address.action_form import WRITE, Act, ActionForm
from service.admin.address.actions import ACTIONS
from service.admin.address.answer import see_address
from service.admin.address.change_size import change_of, measure_change
from service.admin.address.field_reader import Refused
from service.admin.answer import Seen, see_other, show, staff_message, staff_pages
from service.admin.drafts.words import list_typed
from service.admin.reports.reference import refer
from service.approvals.queries import find_latest
from service.auth.guards import staff
from service.auth.members import StaffMember, may, require
from service.auth.permissions import Permission
from service.core.database import Session, discard
from service.core.errors import BadRequest, Conflict, NotFound, Outdated, status_of
from service.core.web import ReadSession, WriteSession, database_of

router = staff_pages()
Reader = Annotated[StaffMember, staff(Permission.ADDRESSES_READ)]
TONES = {DraftState.WAITING: "warn", DraftState.APPROVED: "good"}
_DIGEST = "^([0-9a-f]{64})?$"


@router.get("/admin/drafts")
def drafts(request: Request, session: ReadSession, member: Reader) -> Response:
    """What waits for this person, the own drafts, and the bin."""
    own = list_own_drafts(session, member)
    return show(
        request,
        member,
        "drafts/list.html",
        waiting=list_drafts_to_approve(session, member),
        kept=[one for one in own if one.state == DraftState.DRAFT],
        asked=[one for one in own if one.state in (DraftState.WAITING, DraftState.APPROVED)],
        binned=[one for one in own if one.state == DraftState.BINNED],
        **_WORDS,
    )


@router.get("/admin/drafts/{number}")
def draft(request: Request, session: ReadSession, member: Reader, number: int) -> Response:
    """One kept form: what was typed, what its author saw would follow, and the decision."""
    return _show(request, session, member, see_draft(session, number, member))


@router.post("/admin/drafts/{number}/{step}")
def take_step(
    request: Request,
    session: WriteSession,
    member: Reader,
    number: int,
    *,
    step: str,
    seen: Seen,
    agreed: Annotated[str, Form(pattern=_DIGEST)] = "",
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Throw a draft away, restore it, decide on it, or carry out what was approved."""
    held = see_draft(session, number, member)
    steps: dict[str, Callable[[], None]] = {
        "bin": lambda: action_drafts.bin_draft(session, number, member, seen=seen),
        "restore": lambda: action_drafts.restore_draft(session, number, member, seen=seen),
        "approve": lambda: action_drafts.approve_draft(
            session, number, member, agreed=agreed, seen=seen
        ),
        "send-back": lambda: action_drafts.send_back_draft(
            session, number, reason, member, seen=seen
        ),
        "carry-out": lambda: _carry_out(request, session, member, number, seen),
    }
    if step not in steps:
        raise NotFound("there is no such step", zh="没有这样的办理。")
    try:
        steps[step]()
    except Outdated:
        raise
    except (Refused, Conflict, BadRequest) as error:
        discard(session)
        text = error.text if isinstance(error, Refused) else staff_message(error)
        status = 422 if isinstance(error, Refused) else status_of(error)
        again = see_draft(session, number, member)
        return _show(request, session, member, again, problem=text, status=status)
    if step == "carry-out":
        return see_other(f"/admin/addresses/{held.code}")
    return see_other("/admin/drafts")


def _carry_out(
    request: Request, session: WriteSession, member: StaffMember, number: int, seen: int
) -> None:
    """Do what was approved, as it was typed, to the address as its author saw it."""
    held = action_drafts.begin_approved(session, number, member, seen=seen)
    address = see_address(session, member, held.code)
    require(member, WRITE, address.division_code)
    filled = ActionForm(**held.fields, seen=held.seen)
    kind = ACTIONS[held.action]
    size = 0 if kind.adds else measure_change(session, address.code)
    before = kind.perform(Act(session, database_of(request), member, address, filled))
    action_drafts.finish_approved(session, held, member, size=max(size, len(before)))
    if filled.report:
        refer(session, member, filled.report, change_of(session, address, kind))


def _show(
    request: Request,
    session: Session,
    member: StaffMember,
    held: ActionDraftRow,
    *,
    problem: str = "",
    status: int = 200,
) -> Response:
    is_own = held.account_id == member.account_id
    return show(
        request,
        member,
        "drafts/draft.html",
        status_code=status,
        draft=held,
        record=held.record,
        typed=list_typed(held),
        request_=find_latest(session, action_drafts.KIND, str(held.id)),
        is_own=is_own,
        may_decide=not is_own
        and held.state == DraftState.WAITING
        and may(member, Permission.ADDRESSES_APPROVE, held.division),
        problem=problem,
        **_WORDS,
    )


_WORDS: dict[str, Any] = {"kinds": ACTIONS, "states": DRAFT_STATE_NAMES, "tones": TONES}

"""The page of one address, and the forms by which officers change it."""

from dataclasses import replace
from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import Response

from address_model.reports import reason_of
from service.addresses.commands.action_drafts import drop_drafts, keep_draft, submit_draft
from service.addresses.queries import AddressRow
from service.addresses.queries.action_drafts import see_draft
from service.admin.address.action_form import WRITE, Act, ActionForm, ActionKind
from service.admin.address.actions import ACTIONS, list_actions
from service.admin.address.answer import (
    OpenForm,
    Places,
    blank_form,
    find_spot,
    see_address,
    show_address,
)
from service.admin.address.building_action import make_table
from service.admin.address.change_size import change_of, fill_form, tell_change
from service.admin.address.consequences import list_text_changes, take_standing
from service.admin.address.field_reader import Refused
from service.admin.address.undo import undo_newest
from service.admin.answer import Seen, carry_field, see_other, staff_message, staff_pages
from service.admin.reports.reference import find_reference, path_of, refer
from service.audit.policies import require_seen
from service.auth.guards import staff
from service.auth.members import StaffMember, may, require
from service.auth.permissions import Permission
from service.core.database import LARGEST_NUMBER, discard
from service.core.errors import (
    BadRequest,
    Conflict,
    MenpaiError,
    NotFound,
    Outdated,
    status_of,
)
from service.core.web import ReadSession, WriteSession, database_of, settings_of

router = staff_pages()
Reader = Annotated[StaffMember, staff(Permission.ADDRESSES_READ)]
Writer = Annotated[StaffMember, staff(WRITE)]
REFUSED = 422


@router.get("/admin/addresses/{code}")
def address(
    request: Request,
    session: ReadSession,
    member: Reader,
    code: str,
    *,
    do: str = "",
    draft: Annotated[int, Query(ge=0, le=LARGEST_NUMBER)] = 0,
    spot: str = "",
    after: str = "",
    inner: str = "",
    report: str = "",
) -> Response:
    """One address: facts, tree, names, plates, work, history; ``do`` opens the form of an action.

    ``spot`` names the position that the form is about, ``draft`` a kept form that fills it,
    ``report`` the resident's report for whose sake it is done.
    ``after`` goes on in the history, ``inner`` in the children.
    """
    held = see_address(session, member, code)
    form = None
    may_change = may(member, WRITE, held.division_code)
    if may_change and do in {kind.name for kind in list_actions(held)}:
        filled = blank_form(held, find_spot(session, held, spot))
        if do == "withdraw":
            filled.spot = spot
        if (asked := find_reference(session, member, report)) is not None:
            filled.report, filled.reason = asked.number, reason_of(asked.number, asked.kind)
        kept = see_draft(session, draft, member) if draft else None
        if kept is not None:
            filled = ActionForm(**kept.fields, seen=held.version)
        form = OpenForm(ACTIONS[do], filled, kept_at=kept.seen if kept else 0)
    return show_address(request, session, member, held, form, places=Places(after, inner))


@router.post("/admin/addresses/{code}/undo")
def undo(
    request: Request,
    session: WriteSession,
    member: Writer,
    code: str,
    *,
    seen: Seen,
    entry: Annotated[int, Form(ge=1, le=LARGEST_NUMBER)],
) -> Response:
    """Undo the newest change by the reversing one."""
    held = _own(session, member, code)
    try:
        undo_newest(session, database_of(request), member, held, entry=entry, seen=seen)
    except Outdated:
        raise
    except (Refused, Conflict) as error:
        discard(session)
        text = error.text if isinstance(error, Refused) else staff_message(error)
        again = see_address(session, member, code)
        return show_address(request, session, member, again, problem=text, status=_status(error))
    return see_other(f"/admin/addresses/{held.code}")


@router.post("/admin/addresses/{code}/{action}")
def act(
    request: Request,
    session: WriteSession,
    member: Writer,
    code: str,
    *,
    action: str,
    filled: Annotated[ActionForm, Form()],
) -> Response:
    """Do an action, or show what would follow from it; if refused, the form comes back."""
    kind = ACTIONS.get(action)
    if kind is None:
        raise NotFound("there is no such action", zh="没有这样的办理。")
    held = _own(session, member, code)
    if filled.listed:  # a page that asks again sends each field once
        carry_field(request, "left_out", filled.left_out)
        carry_field(request, "listed", "")
    try:
        if filled.step == "keep":
            number = keep_draft(session, held, fill_form(action, filled), member)
            return see_other(f"/admin/drafts/{number}")
        step = Act(session, database_of(request), member, held, filled)
        return _perform(request, session, step, kind)
    except Outdated:
        raise
    except (Refused, Conflict, BadRequest, NotFound) as error:
        discard(session)
        again = see_address(session, member, code)
        require_seen(session, again.record, filled.seen)  # else the form would take the newer one
        if isinstance(error, Refused):
            text, field = error.text, error.field
        else:
            text, field = staff_message(error), kind.field
        form = OpenForm(kind, filled, text, field)
        return show_address(request, session, member, again, form, status=_status(error))


def _perform(request: Request, session: WriteSession, act: Act, kind: ActionKind) -> Response:
    """Do an action, show what would follow from it, or ask a second person for it."""
    member, held, filled = act.member, act.address, act.form
    now = take_standing(session, held.code)
    before = kind.perform(act)
    below = 0 if kind.adds else 1 + now.extent.below
    size = max(len(before), below) if kind.counts else 0
    needs_second = size > settings_of(request).address_approval_above
    if filled.step != "look" and not needs_second:
        drop_drafts(session, held, kind.name, member)
        if filled.report:
            refer(session, member, filled.report, change_of(session, held, kind))
        home = path_of(filled.report) if filled.report else f"/admin/addresses/{held.code}"
        return see_other(home)
    then = take_standing(session, held.code, now)
    texts, told = list_text_changes(session, before), tell_change(session, now, then, before)
    new = {row.code for row in before}
    table = make_table(session, held, filled, new) if kind.adds else None
    discard(session)
    if filled.step != "look":
        kept = replace(fill_form(kind.name, filled), shown=told, size=size)
        return see_other(f"/admin/drafts/{submit_draft(session, held, kept, member)}")
    asked = size if needs_second else 0
    form = OpenForm(kind, filled, then=then, texts=texts, size=asked, table=table)
    return show_address(request, session, member, held, form)


def _own(session: WriteSession, member: StaffMember, code: str) -> AddressRow:
    """The address, which the person may change.

    Raises:
        AddressNotFound: it lies in a division the person may not even read.
        NotAllowed: the person may read it only.
    """
    held = see_address(session, member, code)
    require(member, WRITE, held.division_code)
    return held


def _status(error: Refused | MenpaiError) -> int:
    return REFUSED if isinstance(error, Refused) else status_of(error)

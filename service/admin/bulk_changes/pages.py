"""Changes of many addresses: chosen from a search, a list or a polygon, looked at, then a run."""

from typing import Annotated

from fastapi import Form, Query, Request, UploadFile
from fastapi.responses import Response

from address_model.codes import format_code
from service.addresses.queries import find_addresses
from service.admin.address.field_reader import Refused
from service.admin.answer import Seen, see_other, show, staff_pages
from service.admin.batches.form import LARGEST_LIST
from service.admin.bulk_changes.answer import find_chosen, show_form
from service.admin.bulk_changes.form import (
    WRITE,
    BulkForm,
    read_order,
)
from service.admin.bulk_changes.look import look_ahead
from service.admin.guards import PickedDivision
from service.auth.guards import staff
from service.auth.members import StaffMember, may, require
from service.auth.permissions import Permission
from service.bulk_changes import commands
from service.bulk_changes.order import ACTION_NAMES, ELEMENT_NAMES
from service.bulk_changes.queries import (
    list_bulk_changes,
    list_done,
    list_left,
    see_bulk_change,
)
from service.core import html
from service.core.database import discard
from service.core.errors import BadRequest, Conflict, NotFound
from service.core.sheets.rows import protect
from service.core.web import ReadSession, WriteSession, settings_of
from service.divisions.queries import find_names

router = staff_pages()
Reader = Annotated[StaffMember, staff(Permission.ADDRESSES_READ)]
Writer = Annotated[StaffMember, staff(WRITE)]
Approver = Annotated[StaffMember, staff(Permission.ADDRESSES_APPROVE)]
HOME = "/admin/bulk-changes"
MOST_SHOWN = 200
STATES = {
    "queued": "排队等着做",
    "running": "正在办理",
    "paused": "暂停",
    "failed": "出了故障",
    "cancelled": "已停下",
    "done": "已办完",
}


class BulkUpload(BulkForm):
    """The form with an optional file of codes."""

    file: UploadFile | None = None


@router.get(HOME)
def changes(request: Request, session: ReadSession, member: Reader) -> Response:
    """The changes of many addresses in the person's divisions, newest first."""
    found = list_bulk_changes(session, member)
    return show(
        request,
        member,
        "bulk_changes/list.html",
        found=found,
        states=STATES,
        actions=ACTION_NAMES,
        may_write=may(member, WRITE),
    )


@router.get(f"{HOME}/new")
def new_change(
    request: Request,
    session: ReadSession,
    member: Writer,
    division: PickedDivision,
    asked: Annotated[BulkForm, Query()],
) -> Response:
    """The form: for the addresses of a search, or for a list of codes or a polygon."""
    if not request.query_params:
        return show_form(request, session, member, asked, division, chosen=None)
    try:
        chosen = find_chosen(request, session, member, asked, division)
    except (Refused, Conflict, BadRequest, NotFound) as fault:
        return show_form(request, session, member, asked, division, chosen=None, fault=fault)
    return show_form(request, session, member, asked, division, chosen=chosen)


@router.post(f"{HOME}/new")
def begin(
    request: Request,
    session: WriteSession,
    member: Writer,
    division: PickedDivision,
    asked: Annotated[BulkUpload, Form()],
) -> Response:
    """Show what would follow; what was looked at already is begun, or waits for a second person."""
    if asked.file:
        listed = asked.file.file.read(LARGEST_LIST).decode("utf-8", "replace")
        asked.codes = f"{asked.codes}\n{listed}".strip()
    chosen, above = None, settings_of(request).address_approval_above
    try:
        chosen = find_chosen(request, session, member, asked, division)
        order = read_order(asked)
        chosen.require_some()
        if order.division:
            require(member, WRITE, order.division)
        if asked.step != "look" and asked.agreed:
            asked.require_seen(commands.digest_change(order, chosen.rows))
            number = commands.start_bulk_change(
                session,
                order,
                chosen.rows,
                member,
                title=chosen.title,
                division=chosen.division,
                approval_above=above,
            )
            return see_other(f"{HOME}/{number}")
        look = look_ahead(session, order, chosen, member.actor, approval_above=above)
        discard(session)
        return show_form(request, session, member, asked, division, chosen=chosen, look=look)
    except (Refused, Conflict, BadRequest, NotFound) as fault:
        discard(session)
        return show_form(request, session, member, asked, division, chosen=chosen, fault=fault)


@router.get(f"{HOME}/{{number}}")
def change(request: Request, session: ReadSession, member: Reader, number: int) -> Response:
    """One change: how far it is, what was left as it is, and the decision."""
    held = see_bulk_change(session, number, member)
    left = list_left(session, held)
    rows = find_addresses(session, [code for code, _ in left[:MOST_SHOWN]])
    division = held.order.division
    names = find_names(session, [one for one in (division, held.division) if one])
    return show(
        request,
        member,
        "bulk_changes/change.html",
        change=held,
        home=f"{HOME}/{number}",
        record=held.record,
        done=len(list_done(session, held)),
        left=[(rows[code], why) for code, why in left[:MOST_SHOWN] if code in rows],
        left_count=len(left),
        state="等待审批" if held.is_asked else STATES[held.run.state],
        actions=ACTION_NAMES,
        elements=ELEMENT_NAMES,
        target=names.get(division, division),
        place=names.get(held.division, "全部区划"),
        may_decide=held.is_asked
        and held.author_id != member.account_id
        and may(member, Permission.ADDRESSES_APPROVE, held.division),
        may_stop=(held.is_asked or held.is_at_work)
        and (held.author_id == member.account_id or may(member, WRITE, held.division)),
    )


@router.post(f"{HOME}/{{number}}/approve")
def approve(
    session: WriteSession,
    member: Approver,
    number: int,
    *,
    seen: Seen,
    agreed: Annotated[str, Form(pattern="^[0-9a-f]{64}$")],
) -> Response:
    """Approve a colleague's change, which begins."""
    see_bulk_change(session, number, member)
    commands.approve_bulk_change(session, number, member, agreed=agreed, seen=seen)
    return see_other(f"{HOME}/{number}")


@router.post(f"{HOME}/{{number}}/send-back")
def send_back(
    session: WriteSession,
    member: Approver,
    number: int,
    *,
    seen: Seen,
    reason: Annotated[str, Form(min_length=1, max_length=200)],
) -> Response:
    """Send a colleague's change back with a reason."""
    see_bulk_change(session, number, member)
    commands.send_back_bulk_change(session, number, reason, member, seen=seen)
    return see_other(f"{HOME}/{number}")


@router.post(f"{HOME}/{{number}}/stop")
def stop(session: WriteSession, member: Writer, number: int, seen: Seen) -> Response:
    """Stop a change; what is done stays."""
    held = see_bulk_change(session, number, member)
    if held.author_id != member.account_id:
        require(member, WRITE, held.division)
    commands.stop_bulk_change(session, number, member, seen=seen)
    return see_other(f"{HOME}/{number}")


@router.get(f"{HOME}/{{number}}/result.csv")
def result(session: ReadSession, member: Reader, number: int) -> Response:
    """What became of each address so far, as a list."""
    held = see_bulk_change(session, number, member)
    told = [(code, "已办", "") for code in list_done(session, held)]
    told += [(code, "没有办", why) for code, why in list_left(session, held)]
    rows = find_addresses(session, [code for code, _, _ in told])
    lines = ["地址编码,地址,结果,原因"]
    for code, what, why in told:
        cells = (format_code(code), rows[code].standard_text, what, why)
        quoted = (protect(cell).replace('"', '""') for cell in cells)
        lines.append(",".join(f'"{cell}"' for cell in quoted))
    name = f"attachment; filename=change-{number}.csv"
    headers = html.PRIVATE | {"Content-Disposition": name}
    body = "\ufeff" + "\r\n".join(lines) + "\r\n"
    return Response(body, headers=headers, media_type="text/csv; charset=utf-8")

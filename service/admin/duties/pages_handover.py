"""Duties handed over by a list, in the browser: first what would be done, then done."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import File, Form, Request, UploadFile
from fastapi.responses import Response

from service.admin.answer import show, staff_pages
from service.admin.duties.form import MOST_ROWS, carried_rows, pasted_list, read_list
from service.admin.guards import PickedDivision
from service.admin.imports.form import copied_file
from service.admin.scope import DivisionScope, form_scope_of, scope_of
from service.areas.commands.handovers import HandoverReport, hand_over
from service.auth.guards import staff
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.clock import today
from service.core.sheets import Row, RowFault
from service.core.web import ReadSession, WriteSession, database_of

router = staff_pages()
WRITE = Permission.DUTIES_WRITE
Writer = Annotated[StaffMember, staff(WRITE)]
Text = Annotated[str, Form()]


@router.get("/admin/duties/handover")
def handover_form(
    request: Request, session: ReadSession, member: Writer, division: PickedDivision
) -> Response:
    """The form for a list."""
    reach = form_scope_of(session, member, WRITE, division)
    return _show(request, member, reach)


@router.post("/admin/duties/handover")
def check_handover(
    request: Request,
    member: Writer,
    division: PickedDivision,
    *,
    rows: Text = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """What a list would do, row by row; nothing is stored."""
    with database_of(request).reading() as session:  # what is tried here is not committed
        reach = scope_of(session, member, WRITE, division)
        if file is not None and file.filename:
            with copied_file(file.filename, file.file) as (_, path):
                listed, refusals = read_list(path)
        else:
            with pasted_list(rows) as path:
                listed, refusals = read_list(path)
        report = hand_over(session, listed, member.actor, today(), scope=reach.prefix)
    refusals.add(report.faults)
    faulty = {fault.row for fault in report.faults}
    carried = carried_rows([one for one in listed if one.row not in faulty])
    return _show(request, member, reach, report=report, refused=refusals.listed(), carried=carried)


@router.post("/admin/duties/handover/store")
def store_handover(
    request: Request,
    session: WriteSession,
    member: Writer,
    division: PickedDivision,
    rows: Text,
) -> Response:
    """Carry out the rows that were in order, each as its post stands now."""
    reach = scope_of(session, member, WRITE, division)
    with pasted_list(rows) as path:
        listed, refusals = read_list(path)
    report = hand_over(session, listed, member.actor, today(), scope=reach.prefix)
    refusals.add(report.faults)
    refused = refusals.listed()
    return _show(request, member, reach, report=report, refused=refused, is_done=True)


def _show(
    request: Request,
    member: StaffMember,
    reach: DivisionScope,
    *,
    report: HandoverReport | None = None,
    refused: Sequence[tuple[Row, list[RowFault]]] = (),
    carried: str = "",
    is_done: bool = False,
) -> Response:
    did_nothing = report is not None and not (report.handed_over or report.vacant or report.same)
    return show(
        request,
        member,
        "duties/handover.html",
        status_code=HTTPStatus.UNPROCESSABLE_ENTITY if is_done and did_nothing else HTTPStatus.OK,
        reach=reach,
        report=report,
        refused=refused,
        carried=carried,
        is_done=is_done,
        most=MOST_ROWS,
    )

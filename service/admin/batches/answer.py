"""The page of one batch: its state, the steps possible now, its addresses and files."""

from http import HTTPStatus

from fastapi import Request
from fastapi.responses import Response

from address_model.lifecycle import BATCH_STATUS_NAMES, PLATE_STATUS_NAMES, BatchStatus
from service.admin.answer import show, staff_message
from service.admin.batches.progress import (
    FILES,
    TONES,
    actions_for,
    describe_approval,
    rights_of,
)
from service.auth.members import StaffMember
from service.batches.files import has_files, list_plate_files
from service.batches.previews import list_previews
from service.batches.queries.approval_digest import digest_batch
from service.batches.queries.batches import BatchRow, list_items, list_left_out
from service.batches.queries.issued_plates import list_issued
from service.batches.queries.outdated_plates import find_outdated
from service.core.errors import MenpaiError, status_of
from service.core.web import ReadSession
from service.divisions.queries import find_names
from service.runs.queries import get_run, list_attempts

ITEMS = 50
S = BatchStatus
BEFORE_MAKING = (S.DRAFT, S.AWAITING_APPROVAL, S.APPROVED)
"""The states before there is a proof sheet, in which previews are shown."""


def show_batch(
    request: Request,
    session: ReadSession,
    member: StaffMember,
    batch: BatchRow,
    *,
    after: int = 0,
    fault: MenpaiError | None = None,
) -> Response:
    """The page; with a fault it shows why a step was refused, under the status of the fault."""
    run = get_run(session, batch.run_id) if batch.run_id else None
    issued = batch.author_id is None  # issued directly, without a list
    outdated = find_outdated(session, [batch.id]).get(batch.id, [])
    rows = (list_issued if issued else list_items)(session, batch.id, after=after, limit=ITEMS + 1)
    return show(
        request,
        member,
        "batches/batch.html",
        status_code=status_of(fault) if fault else HTTPStatus.OK,
        problem=staff_message(fault) if fault else "",
        batch=batch,
        run=run,
        errors=[a for a in list_attempts(session, run.id) if a.error][-3:] if run else [],
        place=name_division(session, batch),
        states=BATCH_STATUS_NAMES,
        plate_states=PLATE_STATUS_NAMES,
        tones=TONES,
        actions=actions_for(member, batch, run, outdated=bool(outdated)),
        outdated={plate.token: plate for plate in outdated},
        may=rights_of(member, batch),
        agreed=find_digest(session, batch),
        approval=describe_approval(batch),
        files=FILES if has_files(batch) else (),
        sheet_files=list_plate_files(session, batch),
        previews=list_previews(session, batch) if batch.status in BEFORE_MAKING else (),
        issued=issued,
        items=rows[:ITEMS],
        after=after,
        following=rows[ITEMS - 1].place if len(rows) > ITEMS else 0,
        left_out=list_left_out(session, batch.id, limit=200),
    )


def find_digest(session: ReadSession, batch: BatchRow) -> str:
    """The digest of what the page shows, which an approver agrees to; "" if none is awaited."""
    if batch.status != S.AWAITING_APPROVAL:
        return ""
    return digest_batch(session, batch.id, batch.submitted_at)


def whole_division(batch: BatchRow) -> str:
    """The 12-digit code of a batch's division; "" for all divisions."""
    return batch.division.ljust(12, "0") if batch.division else ""


def name_division(session: ReadSession, batch: BatchRow) -> str:
    """The name of a batch's division."""
    code = whole_division(batch)
    names = find_names(session, [code]) if code else {"": "全部区划"}
    return names.get(code, batch.division)

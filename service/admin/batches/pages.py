"""Pages of batches: the list, the form of a new one, one batch and its files."""

from dataclasses import dataclass
from http import HTTPStatus
from operator import attrgetter
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Path, Query, Request, UploadFile
from fastapi.responses import Response

from address_model.lifecycle import BATCH_STATUS_NAMES, BatchStatus
from qr.public_host import find_host_fault, readable_address
from service.admin.answer import see_other, show, staff_message, staff_pages
from service.admin.batches.answer import show_batch, whole_division
from service.admin.batches.form import (
    LARGEST_LIST,
    MOST_CODES,
    SHEETS,
    BatchForm,
    design_choices,
    draw_request_key,
    request_of,
)
from service.admin.batches.progress import TONES, describe_approval
from service.admin.guards import PickedDivision
from service.admin.scope import form_scope_of, scope_of
from service.auth.guards import staff
from service.auth.members import StaffMember, may, require
from service.auth.permissions import Permission
from service.batches.answer import stream_file
from service.batches.commands.batches import choose_batch
from service.batches.previews import draw_design, draw_preview
from service.batches.queries.batches import list_batches, see_batch
from service.batches.queries.outdated_plates import find_outdated
from service.core import html
from service.core.database import LARGEST_NUMBER, discard
from service.core.errors import MenpaiError, status_of
from service.core.files import open_files
from service.core.idempotency import CreatedAnswer, RequestKey, answer_once
from service.core.paging import page_of
from service.core.web import ReadSession, WriteSession, settings_of
from service.divisions.queries import find_names
from service.imports.row_log import RowOutcome
from service.imports.uploads.queries import see_upload
from service.imports.uploads.queries.rows import list_stored_codes
from service.plates.payload_host import payload_host_of

router = staff_pages()
READ, CREATE = Permission.BATCHES_READ, Permission.BATCHES_CREATE
PRINT = Permission.BATCHES_PRINT
Reader = Annotated[StaffMember, staff(READ)]
Author = Annotated[StaffMember, staff(CREATE)]
Printer = Annotated[StaffMember, staff(PRINT)]
After = Annotated[int, Query(ge=0, le=LARGEST_NUMBER)]
Place = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]
Taken = Annotated[int, Query(alias="import", ge=0, le=LARGEST_NUMBER)]
PAGE = 50


class BatchUpload(BatchForm):
    """The form of a new batch, with an optional file of codes."""

    file: UploadFile | None = None


@router.get("/admin/batches")
def batches(
    request: Request, session: ReadSession, member: Reader, status: str = "", before: After = 0
) -> Response:
    """The batches that a person may read, newest first."""
    kept = status if status in set(BatchStatus) else ""
    rows = list_batches(
        session, scopes=member.scopes(READ), status=kept, before=before, limit=PAGE + 1
    )
    shown, following = page_of(rows, PAGE, attrgetter("id"))
    more = urlencode({"status": kept, "before": following}) if following else ""
    return show(
        request,
        member,
        "batches/list.html",
        batches=shown,
        names=find_names(session, [whole_division(row) for row in shown]),
        whole=whole_division,
        outdated=find_outdated(session, [row.id for row in shown]),
        states=BATCH_STATUS_NAMES,
        tones=TONES,
        describe_approval=describe_approval,
        status=kept,
        more=more,
        may_create=may(member, CREATE),
    )


@dataclass(frozen=True, slots=True)
class ListedAddresses:
    """The addresses that an imported list has added, for which the form is filled in."""

    file_name: str
    count: int
    is_cut: bool


@router.get("/admin/batches/new")
def new_batch(
    request: Request,
    session: ReadSession,
    member: Author,
    division: PickedDivision,
    taken: Taken = 0,
) -> Response:
    """The form for a new batch; ``import``: with the addresses that a list has added."""
    asked, for_list = BatchForm(division=division), None
    if taken:
        found = see_upload(session, taken, member)
        codes = list_stored_codes(session, found.id, limit=MOST_CODES)
        asked = BatchForm(
            name=found.declared.source, codes="\n".join(codes), division=found.division
        )
        new = int(found.result.get("counts", {}).get(RowOutcome.NEW, 0))
        for_list = ListedAddresses(found.file_name, len(codes), is_cut=new > len(codes))
    return _show_form(request, session, member, asked, for_list=for_list)


@router.post("/admin/batches/new")
def choose(
    request: Request,
    session: WriteSession,
    member: Author,
    division: PickedDivision,
    asked: Annotated[BatchUpload, Form()],
) -> Response:
    """Create a batch; the form sent twice makes one batch.

    If it is refused, the form is shown again as filled in, and nothing is stored.
    """
    settings = settings_of(request)
    asked.division = division
    if asked.file:
        listed = asked.file.file.read(LARGEST_LIST).decode("utf-8", "replace")
        asked.codes = f"{asked.codes}\n{listed}".strip()
    try:
        reach = scope_of(session, member, CREATE, asked.division)
        host = payload_host_of(settings, for_trial=asked.trial)
        order = request_of(asked, reach.prefix, host=host, authority=settings.operator)
        key = RequestKey(asked.key, bytes.fromhex(order.digest))

        def create() -> CreatedAnswer:
            made = choose_batch(session, order, member).batch
            return CreatedAnswer(303, "", {"Location": f"/admin/batches/{made.id}"})

        answer = answer_once(session, key, member.actor, create, waits=True)
    except MenpaiError as error:
        discard(session)
        return _show_form(request, session, member, asked, error)
    return see_other(answer.headers["Location"])


@router.get("/admin/batches/designs/{name}.png")
def design(request: Request, _: Author, name: str) -> Response:
    """A design with a sample text, for the form."""
    return _png(draw_design(name, settings_of(request).font))


@router.get("/admin/batches/{number}")
def batch(
    request: Request, session: ReadSession, member: Reader, number: int, after: After = 0
) -> Response:
    """One batch: its state, the steps possible now, its addresses and files."""
    return show_batch(
        request, session, member, see_batch(session, number, member, READ), after=after
    )


@router.get("/admin/batches/{number}/previews/{place}.png")
def preview(
    request: Request, session: ReadSession, member: Reader, number: int, place: Place
) -> Response:
    """A preview of the plate at a place of the list; its QR code belongs to no plate."""
    found = see_batch(session, number, member, READ)
    return _png(draw_preview(session, found, place, settings_of(request).font))


@router.get("/admin/batches/{number}/files/{name}")
def download(
    request: Request, session: WriteSession, member: Printer, number: int, name: str
) -> Response:
    """One file of a finished batch; the download is audited."""
    found = see_batch(session, number, member, READ)
    require(member, PRINT, found.division)
    return stream_file(session, open_files(settings_of(request)), found, name, member.actor)


def _show_form(
    request: Request,
    session: ReadSession,
    member: StaffMember,
    asked: BatchForm,
    fault: MenpaiError | None = None,
    *,
    for_list: ListedAddresses | None = None,
) -> Response:
    settings = settings_of(request)
    return show(
        request,
        member,
        "batches/new.html",
        status_code=status_of(fault) if fault else HTTPStatus.OK,
        asked=asked,
        for_list=for_list,
        problem=staff_message(fault) if fault else "",
        reach=form_scope_of(session, member, CREATE, asked.division),
        designs=design_choices(),
        sheets=SHEETS,
        request_key=draw_request_key(),
        threshold=settings.batch_approval_above,
        only_trials=settings.env == "demo",
        is_public=find_host_fault(settings.public_url) is None,
        opens=readable_address(settings.public_url) if settings.public_url else "",
    )


def _png(data: bytes) -> Response:
    return Response(data, media_type="image/png", headers=html.PRIVATE)

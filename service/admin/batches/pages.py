"""Pages of batches: the list, a new one, and one batch on its way to the maker."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import File, Form, Request, UploadFile
from fastapi.responses import Response, StreamingResponse

from address_model.lifecycle import BATCH_STATUS_NAMES, BatchStatus
from qr.public_host import find_host_fault, readable_address
from service.admin.answer import see_other, show, staff_pages
from service.admin.batches.form import (
    SHEETS,
    Asked,
    design_choices,
    draw_request_key,
    wish_of,
)
from service.admin.batches.own import own_batch
from service.admin.batches.progress import (
    FILES,
    TO_HAND_OVER,
    TONES,
    actions_for,
    file_of,
    has_files,
)
from service.admin.reach import reach_of
from service.audit import commands as audit
from service.auth.guards import staff
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.errors import StoredFileNotFound
from service.core.files import open_files
from service.core.web import ReadSession, WriteSession, settings_of
from service.divisions.queries import find_names
from service.plates.commands.batches import choose_batch
from service.plates.imprint import imprint_of, require_public_host
from service.plates.queries.batches import (
    BatchRow,
    list_batches,
    list_items,
    list_left_out,
)
from service.runs.queries import get_run, list_attempts

router = staff_pages()
READ, CREATE = Permission.BATCHES_READ, Permission.BATCHES_CREATE
PRINT = Permission.BATCHES_PRINT
Reader = Annotated[StaffMember, staff(READ)]
Author = Annotated[StaffMember, staff(CREATE)]
Printer = Annotated[StaffMember, staff(PRINT)]
Text = Annotated[str, Form()]
Millimetres = Annotated[float, Form(ge=0, le=5000)]
PAGE, ITEMS = 50, 50
LARGEST_LIST = 2_000_000


@router.get("/admin/batches")
def batches(
    request: Request, session: ReadSession, member: Reader, status: str = "", before: int = 0
) -> Response:
    """The batches within a person's reach, newest first."""
    kept = status if status in set(BatchStatus) else ""
    rows = list_batches(
        session, scopes=member.scopes(READ), status=kept, before=before, limit=PAGE + 1
    )
    shown = rows[:PAGE]
    more = urlencode({"status": kept, "before": shown[-1].id}) if len(rows) > PAGE else ""
    return show(
        request,
        member,
        "batches/list.html",
        batches=shown,
        names=find_names(session, [_whole(row) for row in shown]),
        whole=_whole,
        states=BATCH_STATUS_NAMES,
        tones=TONES,
        status=kept,
        more=more,
        may_create=may(member, CREATE),
    )


@router.get("/admin/batches/new")
def new_batch(request: Request, session: ReadSession, member: Author) -> Response:
    """The form for a new batch."""
    settings = settings_of(request)
    return show(
        request,
        member,
        "batches/new.html",
        reach=reach_of(session, member, CREATE),
        designs=design_choices(),
        sheets=SHEETS,
        request_key=draw_request_key(),
        threshold=settings.batch_approval_above,
        only_trials=settings.env == "demo",
        is_public=find_host_fault(settings.public_url) is None,
        opens=readable_address(settings.public_url) if settings.public_url else "",
    )


@router.post("/admin/batches/new")
def choose(
    request: Request,
    session: WriteSession,
    member: Author,
    *,
    name: Text,
    request_key: Text,
    division: Text = "",
    street: Text = "",
    codes: Text = "",
    file: Annotated[UploadFile | None, File()] = None,
    design: Text = "auto",
    sheet: Text = "single",
    width: Millimetres = 0,
    height: Millimetres = 0,
    margin: Millimetres = 15,
    gap: Millimetres = 6,
    marks: Annotated[bool, Form()] = False,
    reprint_reason: Text = "",
    trial: Annotated[bool, Form()] = False,
) -> Response:
    """Choose the addresses of a new batch; the form sent twice is one batch."""
    settings = settings_of(request)
    text = codes + "\n" + file.file.read(LARGEST_LIST).decode("utf-8", "replace") if file else codes
    reach = reach_of(session, member, CREATE, division)
    sizes = (width, height, margin, gap, marks)
    asked = Asked(name, reach.prefix, street, text, design, sheet, *sizes, reprint_reason)
    imprint = imprint_of(settings, for_trial=trial)
    wish = wish_of(asked, imprint=imprint, authority=settings.operator)
    chosen = choose_batch(session, wish, member, request_key=request_key[:255])
    return see_other(f"/admin/batches/{chosen.batch.id}")


@router.get("/admin/batches/{number}")
def batch(
    request: Request, session: ReadSession, member: Reader, number: int, after: int = 0
) -> Response:
    """One batch: its state, what can be done now, its addresses and files."""
    found = own_batch(session, member, number)
    run = get_run(session, found.run_id) if found.run_id else None
    items = list_items(session, number, after=after, limit=ITEMS + 1)
    errors = [a for a in list_attempts(session, run.id) if a.error] if run else []
    return show(
        request,
        member,
        "batches/batch.html",
        batch=found,
        opens=readable_address(found.payload_prefix),
        is_public=find_host_fault(found.payload_prefix) is None,
        run=run,
        errors=errors[-3:],
        place=find_names(session, [_whole(found)]).get(_whole(found), found.division),
        states=BATCH_STATUS_NAMES,
        tones=TONES,
        actions=actions_for(member, found, run),
        files=FILES if has_files(found) else (),
        may_hand_over=may(member, PRINT, found.division) and found.status in TO_HAND_OVER,
        may_take=may(member, PRINT, found.division),
        items=items[:ITEMS],
        following=items[ITEMS - 1].place if len(items) > ITEMS else 0,
        left_out=list_left_out(session, number, limit=200),
        sheets=SHEETS,
        may_edit=may(member, CREATE, found.division) and found.status in ("draft", "blocked"),
    )


@router.get("/admin/batches/{number}/files/{name}")
def download(
    request: Request, session: WriteSession, member: Printer, number: int, name: str
) -> Response:
    """One file of a batch that is ready; who takes it is noted."""
    found = own_batch(session, member, number)
    if not may(member, PRINT, found.division) or not has_files(found):
        raise StoredFileNotFound(f"batch {number} has no files yet")
    require_public_host(found.payload_prefix, is_trial=found.is_trial)
    kept, media_type = file_of(number, name)
    store = open_files(settings_of(request))
    parts = store.stream(kept)
    audit.record(
        session, actor=member.actor, action="batches:download", subject=str(number), file=name
    )
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private"}
    return StreamingResponse(parts, media_type=media_type, headers=headers)


def _whole(row: BatchRow) -> str:
    return row.division.ljust(12, "0") if row.division else ""

"""Pages of imports: the list with the form to upload, one import, and its steps."""

import tempfile
from http import HTTPStatus
from operator import attrgetter
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import File, Form, Query, Request, UploadFile
from fastapi.responses import Response

from service.admin.answer import Seen, see_other, show, staff_message, staff_pages
from service.admin.guards import PickedDivision
from service.admin.imports.answer import REFUSALS, TONES, show_upload, take_step
from service.admin.imports.form import (
    CHECK,
    MOST_BYTES,
    DeclaredForm,
    copied_file,
    declared_of,
)
from service.admin.scope import form_scope_of, scope_of
from service.auth.guards import staff
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core import html
from service.core.database import LARGEST_NUMBER
from service.core.errors import BadRequest, MenpaiError, NotFound, status_of
from service.core.files import FileStore, open_files
from service.core.paging import page_of
from service.core.pool import STAFF_FILES
from service.core.sheets import IGNORED_COLUMNS
from service.core.web import ReadSession, database_of, settings_of
from service.divisions.queries import find_names
from service.imports.commands import upload_runs
from service.imports.commands import uploads as commands
from service.imports.commands.upload_review import submit_upload
from service.imports.commands.waiting_rows import count_waiting
from service.imports.uploads.problem_workbook import write_problems
from service.imports.uploads.queries import UploadRow, list_uploads, see_upload
from service.imports.uploads.reading import read_upload
from service.imports.uploads.recognition import recognise
from service.imports.uploads.states import (
    OPEN_STATES,
    QUICK_ROWS,
    STATE_NAMES,
    Declared,
    UploadState,
    source_of,
)
from service.imports.uploads.taking import (
    MOST_ROWS,
    check_upload,
    local_copy,
    store_at_once,
    told_in_chinese,
)
from service.imports.uploads.words import OUTCOME_NAMES

router = staff_pages()
WRITE = Permission.ADDRESSES_WRITE
Writer = Annotated[StaffMember, staff(WRITE)]
After = Annotated[int, Query(ge=0, le=LARGEST_NUMBER)]
Text = Annotated[str, Form()]
PAGE = 30
_QUICK_PROBLEMS = 200
"""So many refused rows are written at once; more of them by another process."""

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/admin/imports")
def imports(
    request: Request,
    session: ReadSession,
    member: Writer,
    division: PickedDivision,
    before: After = 0,
) -> Response:
    """The imports of a person's divisions, newest first, and the form to upload a list."""
    return _show_list(request, session, member, before=before, division=division)


@router.post("/admin/imports")
def upload(
    request: Request,
    member: Writer,
    division: PickedDivision,
    *,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep an uploaded list and show what it holds; a file that cannot be read is not kept."""
    database = database_of(request)
    try:
        with database.reading() as session:
            reach = scope_of(session, member, WRITE, division)
        sent = (file.filename, file.file) if file else (None, None)
        with copied_file(*sent) as (name, copy):
            declared, found = recognise(copy, Declared(source=source_of(name)))
            with database.session() as session:
                added = commands.add_upload(
                    session,
                    _files(request),
                    member.actor,
                    division=reach.division,
                    file_name=name,
                    file=copy,
                )
                commands.keep_reading(session, added, declared, found.as_values())
    except MenpaiError as fault:
        with database.reading() as session:
            return _show_list(request, session, member, fault=fault, division=division)
    return see_other(f"/admin/imports/{added.id}")


@router.get("/admin/imports/{number}")
def one_import(
    request: Request,
    session: ReadSession,
    member: Writer,
    number: int,
    *,
    shown: Annotated[str, Query(alias="show")] = "",
    after: After = 0,
) -> Response:
    """One import: what was found, what becomes of its rows, and the next step."""
    found = see_upload(session, number, member)
    return show_upload(request, session, member, found, wanted=shown, after=after)


@router.get("/admin/imports/{number}/errors.xlsx")
def errors(request: Request, session: ReadSession, member: Writer, number: int) -> Response:
    """The refused rows as a workbook, which can be corrected and uploaded.

    Raises:
        NotFound: there are none.
    """
    found = see_upload(session, number, member)
    if not found.result.get("counts"):
        raise NotFound("no row was refused", zh="没有问题行。")
    headings = [one for one in found.reading["headings"] if one not in IGNORED_COLUMNS]
    url = database_of(request).url
    with tempfile.TemporaryDirectory(prefix="menpai-") as folder:
        path = Path(folder, "errors.xlsx")
        if sum(found.result["counts"][one] for one in REFUSALS) > _QUICK_PROBLEMS:
            STAFF_FILES.compute_for(member.name, write_problems, url, found.id, headings, path)
        else:
            write_problems(url, found.id, headings, path)
        content = path.read_bytes()
    name = quote(f"{found.declared.source}-问题行.xlsx")
    held = {"Content-Disposition": f"attachment; filename=\"errors.xlsx\"; filename*=UTF-8''{name}"}
    return Response(content, headers=html.PRIVATE | held, media_type=_WORKBOOK)


@router.post("/admin/imports/{number}/reading")
def declare(
    request: Request,
    member: Writer,
    number: int,
    seen: Seen,
    asked: Annotated[DeclaredForm, Form()],
) -> Response:
    """Read the list again as it is declared, and check it if that is asked for."""

    def step(held: UploadRow) -> None:
        declared = declared_of(asked, held)
        with told_in_chinese(), local_copy(_files(request), held) as path:
            found = read_upload(path, declared)
        with database_of(request).session() as session:
            commands.keep_reading(session, held, declared, found.as_values())
        if asked.then == CHECK and not found.fault:
            _check(request, member, _see(request, member, number))

    return take_step(request, member, (number, seen), step)


@router.post("/admin/imports/{number}/check")
def check(request: Request, member: Writer, number: int, seen: Seen) -> Response:
    """Compare all rows with the register; nothing is stored."""
    return take_step(request, member, (number, seen), lambda held: _check(request, member, held))


@router.post("/admin/imports/{number}/store")
def store(request: Request, member: Writer, number: int, seen: Seen) -> Response:
    """Store the rows that are in order, if a second person need not agree; a long list by a run."""

    def step(held: UploadRow) -> None:
        database, above = database_of(request), settings_of(request).import_approval_above
        with database.session() as session:
            if not submit_upload(session, held, member.actor, approval_above=above):
                return
        if held.is_long:
            with database.session() as session:
                upload_runs.queue_store(session, held, member.actor)
            return
        with database.session() as session:
            commands.begin_storing(session, held)
        store_at_once(database, _files(request), _see(request, member, number), member.actor)

    return take_step(request, member, (number, seen), step)


@router.post("/admin/imports/{number}/stop")
def stop(request: Request, member: Writer, number: int, seen: Seen) -> Response:
    """Stop the run that checks or stores a long list; what it has stored stays."""

    def step(held: UploadRow) -> None:
        with database_of(request).session() as session:
            upload_runs.stop_upload(session, held, member.actor)

    return take_step(request, member, (number, seen), step)


@router.post("/admin/imports/{number}/abandon")
def abandon(request: Request, member: Writer, number: int, seen: Seen) -> Response:
    """Give a list up; nothing was stored."""

    def step(held: UploadRow) -> None:
        with database_of(request).session() as session:
            commands.abandon_upload(session, _files(request), held, member.actor)

    return take_step(request, member, (number, seen), step)


def _check(request: Request, member: StaffMember, held: UploadRow) -> None:
    if held.reading.get("fault"):
        raise BadRequest("the columns are not clear", hint="say them", zh=held.reading["fault"])
    database = database_of(request)
    if held.is_long:
        with database.session() as session:
            upload_runs.queue_check(session, held, member.actor)
        return
    with database.session() as session:
        commands.hold_upload(session, held, OPEN_STATES)  # the rows of others stay as they are
    result = check_upload(database, _files(request), held, member.actor)
    with database.session() as session:
        commands.keep_check(session, held, result)


def _see(request: Request, member: StaffMember, number: int) -> UploadRow:
    with database_of(request).reading() as session:
        return see_upload(session, number, member)


def _files(request: Request) -> FileStore:
    return open_files(settings_of(request))


def _show_list(
    request: Request,
    session: ReadSession,
    member: StaffMember,
    *,
    before: int = 0,
    fault: MenpaiError | None = None,
    division: str = "",
) -> Response:
    found = list_uploads(session, scopes=member.scopes(WRITE), before=before, limit=PAGE + 1)
    shown, following = page_of(found, PAGE, attrgetter("id"))
    return show(
        request,
        member,
        "imports/list.html",
        status_code=status_of(fault) if fault else HTTPStatus.OK,
        problem=staff_message(fault) if fault else "",
        uploads=shown,
        names=find_names(session, [one.division for one in shown if one.division]),
        following=following,
        reach=form_scope_of(session, member, WRITE, division),
        states=STATE_NAMES,
        tones=TONES,
        stored=UploadState.STORED,
        outcomes=OUTCOME_NAMES,
        waiting=count_waiting(session, [scope[:6] for scope in member.scopes(WRITE)]),
        most=MOST_ROWS,
        most_bytes=MOST_BYTES,
        quick=QUICK_ROWS,
    )

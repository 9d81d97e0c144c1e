"""Lists of addresses that programs send: checked, and stored by a run."""

from dataclasses import replace
from pathlib import Path as FilePath
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from address_model.approvals import ApprovalKind
from address_model.division_codes import division_prefix
from service.approvals.queries import find_latest
from service.auth.grants import Program
from service.auth.guards import granted
from service.auth.permissions import Permission
from service.core.errors import BadRequest, FilesUnavailable, NotAllowed, TooMuch
from service.core.fields import Number
from service.core.files import open_files
from service.core.idempotency import KEY_ERRORS, CreatedAnswer, Key, answer_once
from service.core.problems import raises
from service.core.sheets import SheetUnreadable
from service.core.web import ReadSession, TaggedRoute, database_of, settings_of
from service.imports.commands.upload_runs import queue_check
from service.imports.commands.uploads import add_upload, keep_reading
from service.imports.headings import ColumnUnknown
from service.imports.uploads.guards import ENDINGS, ListBody
from service.imports.uploads.queries import UploadNotFound, get_upload, see_upload_of_program
from service.imports.uploads.recognition import recognise
from service.imports.uploads.schemas import ImportOut

router = APIRouter(prefix="/addresses", tags=["addresses"], route_class=TaggedRoute)
WritingProgram = Annotated[Program, granted(Permission.ADDRESSES_WRITE)]
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            if ending == ".xlsx"
            else {"schema": {"type": "string"}}
            for kind, ending in ENDINGS.items()
        },
    }
}


@router.post(
    "/import",
    operation_id="importAddresses",
    status_code=202,
    response_model=ImportOut,
    openapi_extra=_BODY,
    responses=raises(SheetUnreadable, ColumnUnknown, TooMuch, FilesUnavailable, *KEY_ERRORS),
)
def import_list(request: Request, program: WritingProgram, key: Key, sent: ListBody) -> Response:
    """Send a list (CSV, TSV, NDJSON, XLSX) of addresses in a division: a run checks and stores it.

    The answer is 202 with the run as `Location`. `GET /runs/{id}/result` has what became of each
    row (new, changed, same, waiting, conflict, error), `/rejects` the refused rows with reasons.
    Rows that are as an earlier list had them are counted and not listed. What would enter or change
    more addresses than may be without a second person waits for one at the desk:
    `GET /addresses/imports/{number}`.
    """
    program.require(Permission.ADDRESSES_WRITE, sent.division)
    if not program.viewer(Permission.ADDRESSES_WRITE).classes_in(sent.division, is_deep=True):
        raise NotAllowed(
            f"no grant of {program.name} reaches below the door plate there",
            hint="a list may hold rooms: ask the operator for a grant that reaches them",
            zh="清单里可能有户室，授权只到门牌一级，不能成批登记。",
        )
    files, actor = open_files(settings_of(request)), program.actor
    reach = division_prefix(sent.division) if sent.division else ""
    origin = sent.declared.source or actor.name
    with TemporaryDirectory(prefix="menpai-list-") as folder:
        path = FilePath(folder, f"list{sent.ending}")
        path.write_bytes(sent.body)
        declared, found = recognise(path, replace(sent.declared, source=origin))
        if found.fault:
            raise BadRequest(
                "the columns of the list are not clear",
                hint=f"{found.fault} (columns=HEADING=FIELD, crs=)",
                zh=found.fault,
            )
        with database_of(request).session() as session:

            def create() -> CreatedAnswer:
                added = add_upload(
                    session,
                    files,
                    actor,
                    division=reach.ljust(12, "0") if reach else "",
                    file_name=f"{origin}{sent.ending}",
                    file=path,
                )
                keep_reading(session, added, declared, found.as_values())
                read = get_upload(session, added.id)
                run = queue_check(session, read, actor, stores=not sent.dry_run)
                made = ImportOut.of(get_upload(session, added.id))
                return CreatedAnswer.of(made, 202, {"Location": f"/api/v1/runs/{run}"})

            return answer_once(session, key, actor, create).response


@router.get("/imports/{number}", operation_id="getImport", responses=raises(UploadNotFound))
def get_import(
    session: ReadSession,
    program: WritingProgram,
    number: Annotated[Number, Path(description="The number of the import.")],
) -> ImportOut:
    """A list that this program has sent: how far it has come, and what a second person decided."""
    found = see_upload_of_program(session, number, program.actor)
    return ImportOut.of(found, find_latest(session, ApprovalKind.LIST_UPLOAD, str(number)))

"""Rows of a dataset at the desk: a file is uploaded and stored; refused rows are taken along."""

import tempfile
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import Form, Request, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel

from service.admin.answer import staff_pages
from service.admin.datasets.answer import (
    LIST,
    READ,
    WRITE,
    own_dataset,
    show_dataset,
    visible_dataset,
)
from service.auth.guards import staff
from service.auth.members import StaffMember
from service.core import html
from service.core.errors import BadRequest
from service.core.pool import STAFF_FILES
from service.core.sheets import write_rows
from service.core.web import ReadSession, WriteSession
from service.datasets import commands
from service.datasets.pushed_rows import read_pushed_bytes
from service.datasets.queries import get_push

router = staff_pages()
Reader = Annotated[StaffMember, staff(READ)]
Writer = Annotated[StaffMember, staff(WRITE)]
ENDINGS = (".csv", ".xlsx", ".tsv", ".ndjson")
COLUMNS = ("行号", "列", "问题", "改法")


class RowsForm(BaseModel):
    """An uploaded file of rows."""

    file: UploadFile | None = None


@router.post(LIST + "/{number}/rows")
def push_rows(
    request: Request,
    session: WriteSession,
    member: Writer,
    number: int,
    sent: Annotated[RowsForm, Form()],
) -> Response:
    """Store the rows of a file; the same rows again change nothing."""
    dataset = own_dataset(session, member, number)
    if sent.file is None or not sent.file.filename:
        raise BadRequest("no file was chosen", zh="请选择要上传的文件。", field="file")
    ending = Path(sent.file.filename).suffix.lower()
    if ending not in ENDINGS:
        raise BadRequest(
            f"files of type {ending[:10]!r} are not read",
            zh=f"请上传 {'、'.join(ENDINGS)} 文件。",
            field="file",
        )
    content = sent.file.file.read()
    read = STAFF_FILES.compute_for(member.name, read_pushed_bytes, content, ending, dataset.fields)
    report = commands.push_rows(session, number, read, member.actor, scopes=member.scopes(WRITE))
    return show_dataset(request, session, member, dataset, report)


@router.get(LIST + "/{number}/pushes/{push}")
def download_push(session: ReadSession, member: Reader, number: int, push: int) -> Response:
    """Why rows of a push were refused, as a file: row, column, reason, remedy."""
    dataset = visible_dataset(session, member, number)
    found = get_push(session, number, push)
    with tempfile.TemporaryDirectory(prefix="menpai-") as folder:
        path = Path(folder, "refused.csv")
        with write_rows(path, COLUMNS) as sink:
            for fault in found.faults:
                sink.write((fault.row, fault.field, fault.reason, fault.remedy))
        content = path.read_bytes()
    name = f"{dataset.name}-拒收-{push}.csv"
    held = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, headers=html.PRIVATE | held, media_type="text/csv")

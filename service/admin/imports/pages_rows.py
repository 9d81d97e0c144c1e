"""Rows of an import: each with its cells, where they can be corrected."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response
from pydantic import BaseModel

from service.admin.answer import Seen, show, staff_pages
from service.admin.imports.answer import take_step
from service.auth.guards import staff
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.errors import BadRequest, MenpaiError
from service.core.files import open_files
from service.core.sheets import IGNORED_COLUMNS
from service.core.web import ReadSession, database_of, settings_of
from service.imports.commands.upload_corrections import keep_corrections
from service.imports.uploads.corrections import Cells, CorrectionCheck, correct_cells
from service.imports.uploads.queries import UploadRow, see_upload
from service.imports.uploads.queries.repeated_rows import find_first_rows
from service.imports.uploads.queries.rows import RowNotFound, UploadedRow, find_rows
from service.imports.uploads.states import CORRECTABLE_STATES
from service.imports.uploads.taking import read_cells
from service.imports.uploads.words import FIELD_NAMES, OUTCOME_NAMES

router = staff_pages()
Writer = Annotated[StaffMember, staff(Permission.ADDRESSES_WRITE)]
MOST_CORRECTED = 50
"""The rows that one form corrects: those of a page."""


class CorrectionForm(BaseModel):
    """Cells as typed, one entry in each list for a cell; ``drop`` are the rows to take out."""

    row: list[int] = []
    column: list[str] = []
    value: list[str] = []
    drop: list[int] = []
    back: str = ""


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell on the page of its row; ``faults`` are the reason and hint of each."""

    heading: str
    field: str
    value: str
    faults: list[tuple[str, str]]


@router.get("/admin/imports/{number}/rows/{row}")
def one_row(
    request: Request, session: ReadSession, member: Writer, number: int, row: int
) -> Response:
    """One row of a list: its cells, why it is refused, or what it becomes."""
    upload = see_upload(session, number, member)
    found = find_rows(session, upload.id, [row])
    if not found:
        raise RowNotFound(f"import {number} has no row {row}", zh=f"核对的结果里没有第 {row} 行。")
    refused = next((one for one in found if one.faults), None)
    cells, why = _cells_of(request, upload, found)
    shown = [
        ShownCell(
            heading,
            FIELD_NAMES.get(upload.reading["fields"].get(heading, ""), ""),
            cells.get(heading, ""),
            [(reason, hint) for name, _, reason, hint, _ in (refused or found[0]).faults
             if name == heading],
        )
        for heading in upload.reading["headings"]
        if heading in cells
    ]  # fmt: skip
    headings = {cell.heading for cell in shown}
    return show(
        request,
        member,
        "imports/row.html",
        upload=upload,
        number=row,
        parts=found,
        first_rows=find_first_rows(session, upload.id, found),
        cells=shown,
        whole=[fault for fault in (refused.faults if refused else []) if fault[0] not in headings],
        why=why,
        outcomes=OUTCOME_NAMES,
        first=found[0],
        corrected=upload.corrections.get(row) or {},
        may_correct=upload.state in CORRECTABLE_STATES and not any(one.is_stored for one in found),
        back=f"?show={(refused or found[0]).outcome}",
    )


@router.post("/admin/imports/{number}/rows")
def correct(
    request: Request,
    member: Writer,
    number: int,
    seen: Seen,
    asked: Annotated[CorrectionForm, Form()],
) -> Response:
    """Correct cells, or take rows out; the rows are checked at once, and nothing is stored."""

    def step(upload: UploadRow) -> None:
        typed: dict[int, dict[str, str]] = {}
        for row, heading, cell in zip(asked.row, asked.column, asked.value, strict=False):
            typed.setdefault(row, {})[heading] = cell
        numbers = sorted({*typed, *asked.drop})[:MOST_CORRECTED]
        changes: dict[int, dict[str, str] | None] = dict.fromkeys(asked.drop)
        whole: dict[int, Cells] = {}
        with database_of(request).reading() as session:
            held = find_rows(session, upload.id, numbers)
        for row in (one for one in numbers if one not in changes):
            parts = [one for one in held if one.number == row]
            if any(one.is_stored for one in parts):
                zh = f"第 {row} 行已经入库，请在它的地址页上更正。"
                raise BadRequest(f"row {row} is stored", zh=zh)
            cells, _ = _cells_of(request, upload, parts)
            if changed := correct_cells(cells, typed[row]):
                changes[row] = changed
                whole[row] = {**cells, **changed}
        if not changes:
            raise BadRequest("nothing was changed", zh="没有改动。请先改好格子，再保存。")
        checked = CorrectionCheck(database_of(request), upload, whole)
        if whole:
            checked.run(member.actor)
        with database_of(request).session() as session:
            keep_corrections(session, upload, changes, member.actor, keep_rows=checked.keep)

    back = f"?{asked.back.removeprefix('?')}#rows" if asked.back else "#rows"
    return take_step(request, member, (number, seen), step, back)


def _cells_of(
    request: Request, upload: UploadRow, parts: list[UploadedRow]
) -> tuple[dict[str, str], str]:
    """The cells of a row as they are corrected, and why they cannot be shown.

    Those of refused rows are kept; others are read from the file of a list that is not long.
    """
    kept = next((one for one in parts if one.cells), None)
    if kept is not None:
        return kept.cells, ""
    if upload.is_long or not parts:
        return {}, "清单太长，没有问题的行请在表格里改，再上传。"
    try:
        found = read_cells(open_files(settings_of(request)), upload, parts[0].number) or {}
    except MenpaiError as fault:
        return {}, fault.zh
    return {name: cell for name, cell in found.items() if name not in IGNORED_COLUMNS}, ""

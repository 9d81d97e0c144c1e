"""The forms of a duty, read by the same rules as rows of a list."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import BaseModel, Field

from service.areas.files import Refusals, read_handovers
from service.areas.headings import HANDOVER_FIELDS
from service.areas.queries import RosterRow
from service.areas.rows import ListedDuty, ListedHandover, read_duty, read_handover
from service.core.errors import BadRequest
from service.core.sheets import Row, find_heading, open_rows, preview_sheets
from service.core.sheets.reader import heading_word
from service.imports.uploads.taking import told_in_chinese

HEADINGS = ("责任区编码", "责任区类型", "角色", "新任", "单位", "电话", "交接日期", "原任")
"""The columns of a hand-over list, as the page shows and carries it."""

MOST_ROWS = 2000
_KNOWN = frozenset(word for words in HANDOVER_FIELDS.values() for word in words.split())


class HolderForm(BaseModel):
    """A new holder; what is empty stays as it was."""

    display_name: str = ""
    begins: str = ""
    phone: str = ""
    organisation: str = ""
    report: str = Field("", max_length=20)
    """The resident's report for whose sake it is done."""


class StandInForm(BaseModel):
    """A stand-in with both days."""

    display_name: str = ""
    phone: str = ""
    organisation: str = ""
    valid_from: str = ""
    valid_to: str = ""


def read_holder(form: HolderForm, duty: RosterRow) -> ListedHandover:
    """The hand-over that a form asks for.

    Raises:
        BadRequest: a field is empty or malformed.
    """
    values = form.model_dump(exclude={"report"})
    values |= {"area": duty.area_code, "role": duty.role}
    columns = {name: name for name in values} | {"from": "begins"}
    order = read_handover(Row(1, values), columns)
    if isinstance(order, list):
        raise BadRequest(order[0].reason, hint=order[0].hint, field=order[0].field)
    return order


def read_stand_in(form: StandInForm, duty: RosterRow) -> ListedDuty:
    """The stand-in that a form asks for.

    Raises:
        BadRequest: a field is empty or malformed.
    """
    values = form.model_dump() | {"area": duty.area_code, "role": duty.role}
    values |= {"publish": "是", "stand_in_for": duty.display_name}
    order = read_duty(Row(1, values), {name: name for name in values})
    if isinstance(order, list):
        raise BadRequest(order[0].reason, hint=order[0].hint, field=order[0].field)
    return order


def read_day(text: str, field: str) -> date | None:
    """The day of a field, None if it is empty.

    Raises:
        BadRequest: it is no day.
    """
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise BadRequest(
            f"{text!r} is not a date", hint="write it as 2026-12-01", field=field
        ) from None


@contextmanager
def pasted_list(text: str) -> Iterator[Path]:
    """A list that was pasted out of a spreadsheet, as a file.

    Raises:
        BadRequest: nothing was pasted.
    """
    if not text.strip():
        raise BadRequest(
            "no list was given",
            hint="choose a file or paste the rows",
            zh="请选择名单文件，或把名单粘贴在格子里。",
            field="rows",
        )
    with TemporaryDirectory(prefix="menpai-list-") as folder:
        path = Path(folder, "list.tsv")
        path.write_text(text.strip("\r\n") + "\n", encoding="utf-8")  # cells may be empty
        yield path


def carried_rows(listed: Sequence[ListedHandover]) -> str:
    """The hand-overs as the text of a list, which the page carries from check to order."""
    lines = ["\t".join(HEADINGS)]
    for one in listed:
        cells = (
            one.area,
            one.area_kind,
            one.role,
            one.display_name,
            one.organisation,
            one.phone,
            str(one.begins),
            one.instead_of,
        )
        lines.append("\t".join(" ".join(cell.replace('"', "").split()) for cell in cells))
    return "\n".join(lines)


def read_list(path: Path) -> tuple[list[ListedHandover], Refusals]:
    """The hand-overs of a list and its refused rows; a title above the headings is skipped.

    Raises:
        SheetFault, HeadingsMissing: it cannot be read, or lacks a column.
        BadRequest: it has too many rows.
    """
    with told_in_chinese():
        guesses = [
            guess
            for preview in preview_sheets(path)
            if (guess := find_heading(preview, lambda cell: heading_word(cell) in _KNOWN))
        ]
        best = max(guesses, key=lambda guess: guess.rank, default=None)
        sheet, heading = (best.sheet or None, best.rows) if best else (None, None)
        with open_rows(path, sheet=sheet, unprotect=True, heading=heading) as rows:
            listed, refusals = read_handovers(rows)
    if len(refusals.rows) > MOST_ROWS:
        raise BadRequest(
            f"the list has more than {MOST_ROWS} rows",
            hint="split it",
            zh=f"清单超过 {MOST_ROWS:,} 行，请分成几份办理。",
        )
    return listed, refusals

"""Finds out what an uploaded list holds: its sheet, heading rows, columns and first rows."""

from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path

from service.core.sheets import (
    HeadingRows,
    HeadingsUnclear,
    RowSource,
    SheetPreview,
    find_heading,
    open_rows,
    preview_sheets,
    read_heading_rows,
)
from service.imports.headings import ColumnUnknown, find_field
from service.imports.list_file import OpenedList, open_list
from service.imports.row_cells import mask_personal
from service.imports.uploads.states import QUICK_ROWS, Declared
from service.imports.uploads.words import SYSTEM_NAMES, tell_sheet

_SAMPLES = 3
_LONGEST_CELL = 40


@dataclass
class Found:
    """What was found; ``fields`` are by heading, ``fault`` says why it cannot be checked yet."""

    sheets: list[str] = field(default_factory=list)
    sheet: str = ""
    heading: str = ""
    headings: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    samples: list[list[str]] = field(default_factory=list)
    rows: int = 0
    """How many rows there are; of a long list one more than a request takes."""
    system: str = ""
    """The coordinate system that the heading of the points names."""
    fault: str = ""

    def as_values(self) -> dict[str, object]:
        """As one JSON object."""
        return asdict(self)


def read_upload(path: Path, declared: Declared) -> Found:
    """Read a list with what is declared about it.

    Raises:
        SheetFault: the file cannot be read at all.
    """
    previews = preview_sheets(path)
    found = Found([one.name for one in previews if one.name])
    try:
        at = read_heading_rows(declared.heading) if declared.heading else None
        with open_list(
            path, overrides=declared.overrides, sheet=declared.sheet or None, heading=at
        ) as opened:
            _fill(found, opened, declared)
    except ColumnUnknown as fault:
        found.fault = tell_sheet(fault)
        _fill_unknown(found, path, previews, declared)
    except HeadingsUnclear as fault:
        found.fault = tell_sheet(fault)
        found.sheet, found.heading = declared.sheet, declared.heading
    return found


def _fill(found: Found, opened: OpenedList, declared: Declared) -> None:
    found.sheet = opened.sheet
    found.heading = str(opened.heading or "")
    found.fields = {column: name for name, column in opened.reader.columns.by_field.items()}
    _fill_rows(found, opened.rows)
    if not found.rows:
        found.fault = "清单只有标题行，没有数据。请补上各行，再上传。"
    named = opened.named_system
    if named is not None:
        found.system = named
        if named is not declared.system:
            column = opened.reader.columns.by_field["lon"]
            found.fault = (
                f"列名“{column}”说坐标是{SYSTEM_NAMES[named]}，"
                f"选定的却是{SYSTEM_NAMES[declared.system]}。请改选坐标系。"
            )


def _fill_unknown(
    found: Found, path: Path, previews: tuple[SheetPreview, ...], declared: Declared
) -> None:
    """Fill in the columns of a list whose columns are not clear, for the person to say them."""
    wanted = [one for one in previews if not declared.sheet or one.name == declared.sheet]
    guesses = [
        (one, find_heading(one, lambda cell: find_field(cell) is not None)) for one in wanted
    ]
    preview, guess = next(
        (pair for pair in guesses if pair[1]), guesses[0] if guesses else (None, None)
    )
    at: HeadingRows | None = guess.rows if guess else None
    if declared.heading:
        at = read_heading_rows(declared.heading)
    sheet = preview.name if preview else ""
    with open_rows(path, sheet=sheet or None, unprotect=True, heading=at) as rows:
        found.sheet, found.heading = sheet, str(at or "")
        _fill_rows(found, rows)
    for heading in found.headings:
        name = declared.columns.get(heading) or find_field(heading)
        if name and (name not in found.fields.values() or heading in declared.columns):
            found.fields[heading] = name


def _fill_rows(found: Found, rows: RowSource) -> None:
    found.headings = list(rows.headings)
    for row in islice(rows, QUICK_ROWS + 1):
        found.rows += 1
        if len(found.samples) < _SAMPLES:
            cells = row.values.values()
            found.samples.append([mask_personal(cell)[:_LONGEST_CELL] for cell in cells])

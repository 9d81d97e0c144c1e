"""Opens an address list: finds its sheet, its heading row and its columns."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from address_model.coordinates import CoordinateSystem
from service.core.sheets import (
    HeadingGuess,
    HeadingRows,
    RowSource,
    SheetPreview,
    find_heading,
    open_rows,
    preview_sheets,
)
from service.imports.headings import LOCAL_FIELDS, ColumnUnknown, find_field
from service.imports.rows import RowReader, open_reader

_ELEMENT = re.compile(
    r".{1,20}(?:路|街|巷|弄|大道|小区|花园|公寓|新村|家园|苑|自然村)|.{0,30}[0-9]+(?:号|幢|栋|单元|室)"
)
_SYSTEMS = (
    (re.compile("百度|bd-?09", re.I), CoordinateSystem.BD09),
    (re.compile("高德|腾讯|火星|gcj-?02", re.I), CoordinateSystem.GCJ02),
)
_EXAMPLE_LENGTH = 20


@dataclass(frozen=True, slots=True)
class OpenedList:
    """An open list and where it was found.

    ``named_system`` is the coordinate system named by the heading of its points, if any.
    """

    rows: RowSource
    reader: RowReader
    sheet: str
    heading: HeadingRows | None
    named_system: CoordinateSystem | None

    @property
    def taken(self) -> str:
        """Where the list was found, in Chinese; empty if nothing had to be found."""
        if self.heading is None:
            return ""
        where = f"取自工作表「{self.sheet}」，" if self.sheet else ""
        return f"{where}标题在第 {self.heading} 行"


@contextmanager
def open_list(
    path: Path,
    *,
    overrides: Sequence[str] = (),
    sheet: str | None = None,
    heading: HeadingRows | None = None,
) -> Iterator[OpenedList]:
    """Find the sheet and the heading row of a list, unless they are given, and open it.

    Raises:
        ColumnUnknown: no sheet, or more than one, holds an address list; or the heading of a
            column that an address needs is unknown.
        SheetFault: the file cannot be read.
    """
    previews = preview_sheets(path, sheet=sheet)
    guess = _choose_sheet(previews, overrides, heading)
    name = sheet or (guess.sheet if guess else None)
    at = heading or (guess.rows if guess else None)
    with open_rows(path, sheet=name or None, unprotect=True, heading=at) as rows:
        try:
            reader = open_reader(rows.headings, overrides)
        except ColumnUnknown as unknown:
            names = [one.name for one in previews if one.name]
            hint = (
                f"{unknown.hint}；标题不在第一行的，用 --header-row 说明行号（例如 --header-row 3）"
            )
            if len(names) > 1:
                hint += f"；在别的工作表里的，用 --sheet 指明：{'、'.join(names)}"
            raise ColumnUnknown(unknown.detail, hint=hint) from unknown
        preview = next((one for one in previews if one.name == (name or "")), None)
        if preview is not None:
            _refuse_lost_columns(reader, preview, at, rows.headings)
        longitude = reader.columns.by_field.get("lon", "")
        system = None
        if longitude not in reader.columns.declared:
            system = next((one for named, one in _SYSTEMS if named.search(longitude)), None)
        yield OpenedList(rows, reader, name or "", at, system)


def _choose_sheet(
    previews: Sequence[SheetPreview], overrides: Sequence[str], heading: HeadingRows | None
) -> HeadingGuess | None:
    """The sheet and row with the headings of an address list; None if nothing looks like one."""
    declared = {text.rpartition("=")[0].strip() for text in overrides}

    def is_known(cell: str) -> bool:
        return cell in declared or find_field(cell) is not None

    guesses = [found for one in previews if (found := find_heading(one, is_known))]
    fields = (*LOCAL_FIELDS, "text")
    lists = [
        one
        for one in guesses
        if declared.intersection(one.headings)
        or {find_field(h) for h in one.headings} & set(fields)
    ]
    if heading is not None:
        lists = [one for one in lists if len(previews) > 1] or guesses[:1]
    if len(lists) > 1:
        names = "、".join(f"「{one.sheet}」" for one in lists)
        raise ColumnUnknown(
            f"有几个工作表都像地址清单：{names}", hint="用 --sheet 指明一个，例如 --sheet "
            f"{lists[0].sheet}，其余的另行导入"
        )  # fmt: skip
    return next(iter(lists or guesses), None)


def _refuse_lost_columns(
    reader: RowReader, preview: SheetPreview, heading: HeadingRows | None, names: Sequence[str]
) -> None:
    """Refuse a list of elements if an unknown column seems to hold elements too.

    Raises:
        ColumnUnknown: naming the column, with an example and what to do.
    """
    if "text" in reader.columns.by_field:
        return
    first = heading.last if heading else 0
    examples: dict[str, list[str]] = {name: [] for name in names}
    for number, row in preview.rows:
        if number > first:
            for name, cell in zip(names, row, strict=False):
                if cell.strip():
                    examples[name].append(cell.strip())
    for column in reader.unknown:
        if find_field(column) is not None:
            continue
        cells = examples.get(column, [])
        fits = [cell for cell in cells if _ELEMENT.fullmatch(cell)]
        if fits and len(fits) * 2 >= len(cells):
            raise ColumnUnknown(
                f"「{column}」一列像是地址的一部分（如「{fits[0][:_EXAMPLE_LENGTH]}」），却不知是哪一级",
                hint=f"说明它是什么，例如 --map {column}=thoroughfare（街路巷）；"
                f"确实不要的写 --map {column}=ignore",
            )

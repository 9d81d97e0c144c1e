"""Finds the heading row of a sheet: offices put a title above it, and often use two lines.

The heading row is the one with most known headings; of two lines the lower counts, and the upper
where the lower is empty (街路巷 and 门牌号 under 地址, but 序号 over both).
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.core.sheets.faults import HeadingsUnclear
from service.core.sheets.reader import SheetPreview
from service.core.sheets.rows import HeadingRows, join_headings

_NOTES = re.compile(r"[(\[【〔<《].*?(?:[)\]】〕>》]|$)")
_MARKS = re.compile(r"[*★☆●○◆◇■□※#•·△▲√:;,、。!?\"'“”‘’]+")
_NUMBER = re.compile(r"^(?:[0-9]+|[一二三四五六七八九十]+(?=[.、]))[.、)]?(?=\D)")
_JOINTS = re.compile(r"[\s_\-./]+")


def heading_word(heading: str) -> str:
    """What a heading says: *网格编码, 2、网格编码（必填） and 网格_编码： are 网格编码."""
    folded = unicodedata.normalize("NFKC", heading).lower().strip()
    bare = _NUMBER.sub("", _NOTES.sub("", folded))
    return _JOINTS.sub("", _MARKS.sub("", bare))


LOOKED_AT = 30
"""How many rows from the top are searched for headings."""

_LONGEST_HEADING = 40
_WRITTEN = re.compile(r"\s*([0-9]{1,7})\s*(?:[-–—~]\s*([0-9]{1,7})\s*)?")


@dataclass(frozen=True, slots=True)
class HeadingGuess:
    """The probable heading rows of a sheet, and how many of the headings are known."""

    sheet: str
    rows: HeadingRows
    headings: tuple[str, ...]
    known: int

    @property
    def rank(self) -> tuple[int, int]:
        """More known headings win, then one row over two."""
        return self.known, self.rows.first - self.rows.last


def find_heading(preview: SheetPreview, is_known: Callable[[str], bool]) -> HeadingGuess | None:
    """The row, or pair of rows, with most known headings; None if no row has any."""
    best: HeadingGuess | None = None
    rows = preview.rows[:LOOKED_AT]
    for at, (number, cells) in enumerate(rows):
        # the row alone, and joined with the next one if both may be headings
        candidates = [(number, tuple(cell.strip() for cell in cells))]
        below = rows[at + 1] if at + 1 < len(rows) else (0, ())
        if below[0] == number + 1 and _may_head(cells) and _may_head(below[1]):
            _, joined, _ = join_headings([(number, cells, None), (*below, None)])
            candidates.append((number + 1, tuple(joined)))
        for last, names in candidates:
            known = sum(map(is_known, dict.fromkeys(filter(None, names))))
            if known and (best is None or (known, number - last) > best.rank):
                best = HeadingGuess(preview.name, HeadingRows(number, last), names, known)
    return best


def read_heading_rows(text: str) -> HeadingRows:
    """Parse ``3`` or ``3-4``; raises HeadingsUnclear for anything else."""
    found = _WRITTEN.fullmatch(text)
    first = int(found[1]) if found else 0
    last = int(found[2]) if found and found[2] else first
    if not 0 < first <= last <= first + 5:
        raise HeadingsUnclear(f"「{text}」不是标题所在的行号", "写行号，例如 3；标题占两行的写 3-4")
    return HeadingRows(first, last)


def _may_head(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) > 1 and all(len(cell) <= _LONGEST_HEADING for cell in filled)

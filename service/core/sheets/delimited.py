"""Rows of CSV and TSV files (RFC 4180), with recovery from broken quotes."""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from service.core.sheets.decompression import open_bytes, reading
from service.core.sheets.encodings import TextSurvey
from service.core.sheets.endings import Ending
from service.core.sheets.rows import Record, Records, RowFault

SEPARATORS = ",;\t"
MAX_LINES_A_ROW = 200
"""A quote that is still open after so many lines was never meant to be closed."""


_NAMED_SEPARATOR = re.compile("sep=([,;\t])\\s*")


def read_delimited(path: Path, ending: Ending, survey: TextSurvey) -> Records:
    """Yield the rows that hold anything, the heading row first; ``survey`` tells the encoding.

    Rows are numbered as a spreadsheet does: empty ones count, a quoted line end does not, nor does
    a first line ``sep=,`` by which Excel is told the separator.
    """
    with reading(path), open_bytes(path, packed=ending.packed) as raw:
        text = io.TextIOWrapper(raw, encoding=survey.encoding, newline="")
        lines = _Lines(text)
        told = lines.take_separator()
        separator = told or ("\t" if ending.kind == "tsv" else _separator(lines))
        records = _parse(lines, separator)
        yield from map(_without_nul, records) if survey.holds_nul else records


class _Lines:
    """Lines of a text file that can be given back, to read them anew after a broken quote."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._readline = text.readline
        self._again: deque[str] = deque()
        self.taken: list[str] = []

    def feed(self) -> Iterator[str]:
        """Yield lines, noting each in ``taken``; stop early when a row takes too many."""
        again, taken, readline = self._again, self.taken, self._readline
        while line := again.popleft() if again else readline():
            taken.append(line)
            yield line
            if len(taken) > MAX_LINES_A_ROW:
                return

    def take_separator(self) -> str:
        """Take the first line if it only names the separator; return that, or nothing."""
        first = self._readline()
        named = _NAMED_SEPARATOR.fullmatch(first.lstrip("\ufeff"))
        if not named and first:
            self._again.appendleft(first)
        return named[1] if named else ""

    def give_back(self, lines: list[str]) -> None:
        """Put lines back in front of those not read yet."""
        self._again.extendleft(reversed(lines))


def _parse(lines: _Lines, separator: str) -> Records:
    number = 0
    taken = lines.taken
    while True:
        reader = csv.reader(lines.feed(), delimiter=separator, strict=True)
        try:
            for cells in reader:
                number += 1
                taken.clear()
                if any(cells):
                    yield number, cells, None
        except csv.Error:
            number += 1
            broken, *rest = taken
            taken.clear()
            lines.give_back(rest)
            yield _broken_quote(number, broken)
        else:
            return


def _broken_quote(number: int, line: str) -> Record:
    """The row whose quote cannot be understood: only its first line is given up."""
    fault = RowFault(
        number,
        "",
        "A quotation mark opens in this row and is not closed, or is closed inside a cell",
        'Write a cell with quotation marks as "…""…""…", or take the marks away',
    )
    return number, [line.rstrip("\r\n")], fault


def _without_nul(record: Record) -> Record:
    number, cells, fault = record
    if not any("\0" in cell for cell in cells):
        return record
    hint = "Type the row again, or export it again"
    fault = fault or RowFault(number, "", "The row holds a NUL byte", hint)
    return number, [cell.replace("\0", "") for cell in cells], fault


def _separator(lines: _Lines) -> str:
    """The separator that stands most often, outside quotes, in the first row with text."""
    seen: list[str] = []
    heading = ""
    for line in lines.feed():
        seen.append(line)
        heading += line.lstrip("\ufeff")
        if heading.strip() and heading.count('"') % 2 == 0:
            break
    lines.taken.clear()
    if seen:
        seen[0] = seen[0].lstrip("\ufeff")
    lines.give_back(seen)
    bare = "".join(heading.split('"')[::2])
    return max(SEPARATORS, key=bare.count)

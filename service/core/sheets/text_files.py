"""Rows of text files: CSV and TSV (RFC 4180) with recovery from broken quotes, and NDJSON."""

import csv
import io
import json
import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from address_model.written_numbers import plain_number
from service.core.sheets.encodings import TextSurvey, survey_text
from service.core.sheets.faults import EncodingUnknown, HeadingsUnclear
from service.core.sheets.formats import FileFormat, open_bytes, reading
from service.core.sheets.rows import MAX_COLUMNS, Record, Records, RowFault

SEPARATORS = ",;\t"
MAX_LINES_PER_ROW = 200
"""A quote that is still open after this many lines was never meant to be closed."""

_NAMED_SEPARATOR = re.compile("sep=([,;\t])\\s*")
_SURROGATE = re.compile("[\ud800-\udfff\0]")
_ONE_A_LINE = 'Write one object per line: {"address": "…", "lon": 120.1}'
_WORDS = {True: "TRUE", False: "FALSE", None: ""}


def read_delimited(path: Path, file_format: FileFormat, survey: TextSurvey) -> Records:
    """Yield the non-empty rows, the heading row first, in the encoding of ``survey``.

    Rows are numbered as in a spreadsheet: empty rows count; quoted line ends and a first line
    ``sep=,``, which tells Excel the separator, do not.
    """
    with reading(path), open_bytes(path, packed=file_format.packed) as raw:
        text = io.TextIOWrapper(raw, encoding=survey.encoding, newline="")
        lines = _Lines(text)
        named = lines.take_separator()
        separator = named or ("\t" if file_format.kind == "tsv" else _find_separator(lines))
        records = _parse_delimited(lines, separator)
        yield from map(_without_nul, records) if survey.holds_nul else records


class _Lines:
    """Lines of a text file that can be given back and read again after a broken quote."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._readline = text.readline
        self._again: deque[str] = deque()
        self.taken: list[str] = []

    def feed(self) -> Iterator[str]:
        """Yield lines, noting each in ``taken``; stop when one row takes too many."""
        again, taken, readline = self._again, self.taken, self._readline
        while line := again.popleft() if again else readline():
            taken.append(line)
            yield line
            if len(taken) > MAX_LINES_PER_ROW:
                return

    def take_separator(self) -> str:
        """Consume the first line if it only names the separator; return that, or ""."""
        first = self._readline()
        named = _NAMED_SEPARATOR.fullmatch(first.lstrip("\ufeff"))
        if not named and first:
            self._again.appendleft(first)
        return named[1] if named else ""

    def give_back(self, lines: list[str]) -> None:
        """Put lines back in front of those not read yet."""
        self._again.extendleft(reversed(lines))


def _parse_delimited(lines: _Lines, separator: str) -> Records:
    """Yield the rows; of one with a broken quote only the first line is given up."""
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
            fault = RowFault(
                number,
                "",
                "A quotation mark opens in this row and is not closed, or is closed inside a cell",
                'Write a cell with quotation marks as "…""…""…", or take the marks away',
            )
            yield number, [broken.rstrip("\r\n")], fault
        else:
            return


def _without_nul(record: Record) -> Record:
    number, cells, fault = record
    if not any("\0" in cell for cell in cells):
        return record
    hint = "Type the row again, or export it again"
    fault = fault or RowFault(number, "", "The row holds a NUL byte", hint)
    return number, [cell.replace("\0", "") for cell in cells], fault


def _find_separator(lines: _Lines) -> str:
    """The separator that occurs most often, outside quotes, in the first row with text."""
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


def read_json_lines(path: Path, file_format: FileFormat) -> Records:
    """Yield the headings (every key of the file, in order of appearance) as row 0, then rows.

    A row has the number of its line.
    """
    survey = survey_text(path, packed=file_format.packed, is_json=True)
    if not survey.encoding.startswith("utf-8"):
        raise EncodingUnknown(f"{path.name} is not UTF-8", "Write NDJSON in UTF-8 (RFC 8259)")
    names: dict[str, None] = {}
    for _, line in _json_lines(path, file_format, survey.encoding):
        if len(names) <= MAX_COLUMNS:
            names.update(dict.fromkeys(_keys_of(line)))
    if not names:
        raise HeadingsUnclear("No line is a JSON object", _ONE_A_LINE)
    headings = tuple(names)
    yield 0, headings, None
    for number, line in _json_lines(path, file_format, survey.encoding):
        yield _json_record(number, line, headings)


def _json_lines(path: Path, file_format: FileFormat, encoding: str) -> Iterator[tuple[int, str]]:
    with reading(path), open_bytes(path, packed=file_format.packed) as handle:
        for number, line in enumerate(handle, 1):
            if line.strip():
                yield number, line.decode(encoding if number == 1 else "utf-8")


def _refuse_constant(name: str) -> str:
    raise ValueError(f"{name} is not JSON")


def _keys_of(line: str) -> list[str]:
    """The keys of a line that can be headings; none of a line that is no object."""
    parsed: Any = None
    try:
        parsed = orjson.loads(line)  # five times faster than the exact decoder
    except orjson.JSONDecodeError:  # perhaps only a number of too many digits
        with suppress(ValueError, RecursionError):
            parsed = _DECODER.decode(line.strip())
    if not isinstance(parsed, dict):
        return []
    return [key for key in parsed if not _SURROGATE.search(key)]


_DECODER = json.JSONDecoder(
    parse_int=str, parse_float=plain_number, parse_constant=_refuse_constant
)
"""Numbers stay as written, so a 20-digit code keeps all its digits; 5.0 becomes 5."""


def _json_record(number: int, line: str, headings: tuple[str, ...]) -> Record:
    parsed, reason = None, "The line is not a JSON object"
    try:
        parsed = _DECODER.decode(line.strip())
    except ValueError as error:
        reason = f"The line is not JSON: {error}"
    except RecursionError:
        reason = "The line is nested too deeply"
    if not isinstance(parsed, dict):
        return number, [], RowFault(number, "", reason, _ONE_A_LINE)
    fault = None
    cells = []
    for heading in headings:
        value = parsed.get(heading)
        if isinstance(value, dict | list):
            fault = RowFault(
                number, heading, "The value is a list or an object", "Write text or a number"
            )
            value = json.dumps(value, ensure_ascii=False)
        text = value if isinstance(value, str) else _WORDS[value]
        if ("\\" in line or "\0" in line) and _SURROGATE.search(text):
            fault = RowFault(number, heading, "Half a character, or a NUL", "Export it again")
            text = _SURROGATE.sub("", text)
        cells.append(text)
    return number, cells, fault

"""Rows of NDJSON files: one JSON object a line, UTF-8."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import orjson

from address_model.written_numbers import plain_number
from service.core.sheets.decompression import open_bytes, reading
from service.core.sheets.encodings import survey_text
from service.core.sheets.endings import Ending
from service.core.sheets.faults import EncodingUnknown
from service.core.sheets.rows import MAX_COLUMNS, Record, Records, RowFault

_SURROGATE = re.compile("[\ud800-\udfff\0]")
_WORDS = {True: "TRUE", False: "FALSE", None: ""}


def read_json_lines(path: Path, ending: Ending) -> Records:
    """Yield the headings (every key of the file, in order of appearance) as row 0, then rows.

    A row's number is that of its line.
    """
    survey = survey_text(path, packed=ending.packed, is_json=True)
    if not survey.encoding.startswith("utf-8"):
        raise EncodingUnknown(f"{path.name} is not UTF-8", "Write NDJSON in UTF-8 (RFC 8259)")
    names: dict[str, None] = {}
    for _, line in _lines(path, ending, survey.encoding):
        if len(names) <= MAX_COLUMNS:
            names.update(dict.fromkeys(_keys(line)))
    headings = tuple(names)
    yield 0, headings, None
    for number, line in _lines(path, ending, survey.encoding):
        yield _record(number, line, headings)


def _lines(path: Path, ending: Ending, encoding: str) -> Iterator[tuple[int, str]]:
    with reading(path), open_bytes(path, packed=ending.packed) as handle:
        for number, line in enumerate(handle, 1):
            if line.strip():
                yield number, line.decode(encoding if number == 1 else "utf-8")


def _keys(line: str) -> Iterable[str]:
    """The keys of a line's object; orjson finds them five times faster than the exact decoder."""
    with suppress(orjson.JSONDecodeError):
        parsed = orjson.loads(line)
        if isinstance(parsed, dict):
            return parsed.keys()
    return ()


def _no_constant(name: str) -> str:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_int=str, parse_float=plain_number, parse_constant=_no_constant)
"""Numbers stay as they are written: a code of 20 digits keeps them all. 5.0 is 5."""


def _parse(line: str) -> dict[str, object] | str:
    """The object of a line, or why it is none."""
    try:
        parsed = _DECODER.decode(line.strip())
    except ValueError as error:
        return f"The line is not JSON: {error}"
    except RecursionError:
        return "The line is nested too deeply"
    return parsed if isinstance(parsed, dict) else "The line is not a JSON object"


def _record(number: int, line: str, headings: tuple[str, ...]) -> Record:
    parsed = _parse(line)
    if isinstance(parsed, str):
        hint = 'Write one object a line: {"address": "…", "lon": 120.1}'
        return number, [], RowFault(number, "", parsed, hint)
    fault = None
    cells = []
    for heading in headings:
        value = parsed.get(heading)
        if isinstance(value, dict | list):
            fault = RowFault(
                number, heading, "The value is a list or an object", "Write text or a number"
            )
            value = json.dumps(value, ensure_ascii=False)
        text = value if isinstance(value, str) else _WORDS[value]  # type: ignore[index]
        if ("\\" in line or "\0" in line) and _SURROGATE.search(text):
            fault = RowFault(number, heading, "Half a character, or a NUL", "Export it again")
            text = _SURROGATE.sub("", text)
        cells.append(text)
    return number, cells, fault

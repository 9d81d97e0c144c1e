"""Resolves a column of a sheet: columns and rows are kept, result columns are appended."""

import gzip
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from service.core.database import Database
from service.core.errors import BadRequest
from service.core.sheets import open_rows, whole_file, write_rows
from service.matching.answers import (
    CHUNK,
    COLUMNS,
    answer_texts,
    answer_unread,
)
from service.matching.resolve_options import ANYWHERE, ResolveOptions

LINES = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")
USUAL_COLUMNS = ("地址", "address", "text", "详细地址", "标准地址", "addr")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
T = TypeVar("T")
Advance = Callable[[int], None]


def resolve_sheet(
    database: Database,
    source: Path,
    out: Path,
    column: str = "",
    focus: ResolveOptions = ANYWHERE,
    *,
    advance: Advance = lambda _: None,
    only: range | None = None,
) -> Counter[str]:
    """Write the rows of a file with the result columns appended; return counts by category.

    ``only`` are the rows to take, counted from 0; all of them if it is None.

    NDJSON to NDJSON keeps every line verbatim; between other formats cells are text. An empty
    ``column`` means the one called 地址 or similar.

    Raises:
        BadRequest: the column is missing, or a result column already exists.
        SheetFault: a file cannot be read or written.
    """
    if source.name.endswith(LINES) and out.name.endswith(LINES):
        return _resolve_lines(database, source, out, column, focus, advance=advance, only=only)
    counts: Counter[str] = Counter()
    with open_rows(source, unprotect=True) as rows:
        column = find_column(rows.headings, column)
        with write_rows(out, [*rows.headings, *COLUMNS]) as sink:
            for chunk in _chunks(rows, only):
                texts = [row.values[column] for row in chunk]
                for row, answer in zip(chunk, answer_texts(database, texts, focus), strict=True):
                    shown = answer_unread(row.fault.reason) if row.fault else answer
                    sink.write([*row.values.values(), *shown])
                    counts[shown.category] += 1
                advance(len(chunk))
    return counts


def find_column(headings: Sequence[str], column: str) -> str:
    """The column that holds the address: the one named, else one with a usual name.

    Raises:
        BadRequest: the column is missing, or a result column already exists.
    """
    usual = (
        headings[0]
        if len(headings) == 1
        else next((name for name in USUAL_COLUMNS if name in headings), "")
    )
    wanted = column or usual
    if wanted not in headings:
        fault = f"the file has no column {column!r}" if column else "no column is named"
        raise BadRequest(fault, hint=f"one of {', '.join(headings)}")
    taken = [name for name in COLUMNS if name in headings]
    if taken:
        raise BadRequest(
            f"the file already has a column {taken[0]!r}", hint="rename it or leave it out"
        )
    return wanted


def _resolve_lines(
    database: Database,
    source: Path,
    out: Path,
    column: str,
    focus: ResolveOptions,
    *,
    advance: Advance,
    only: range | None,
) -> Counter[str]:
    counts: Counter[str] = Counter()
    with open_rows(source) as rows:
        column = find_column(rows.headings, column)
    opened = gzip.open if source.name.endswith(".gz") else open
    with (
        opened(source, "rt", encoding="utf-8-sig") as lines,
        whole_file(out) as part,
        (gzip.open if out.name.endswith(".gz") else open)(part, "wt", encoding="utf-8") as sink,
    ):
        for chunk in _chunks((line for line in lines if line.strip()), only):
            objects: list[dict[str, Any] | None] = []
            for line in chunk:
                try:
                    value = json.loads(line)
                except (ValueError, RecursionError):
                    value = None
                objects.append(value if isinstance(value, dict) else None)
            texts = [_text_of(value, column) for value in objects]
            answers = answer_texts(database, texts, focus)
            for line, value, answer in zip(chunk, objects, answers, strict=True):
                if value is None:
                    shown = answer_unread("the line is not a JSON object")
                    front = json.dumps({"line": line.strip()}, ensure_ascii=False)[:-1] + ", "
                else:  # all before the last brace stays verbatim
                    shown = answer
                    front = line.strip()[:-1].rstrip() + (", " if value else "")
                sink.write(front + json.dumps(shown.by_column, ensure_ascii=False)[1:] + "\n")
                counts[shown.category] += 1
            advance(len(chunk))
    return counts


def _text_of(value: dict[str, Any] | None, column: str) -> str:
    text = (value or {}).get(column)
    return "" if text is None else str(text)


def resolve_sheet_bytes(
    database: Database, body: bytes, ending: str, column: str, focus: ResolveOptions
) -> bytes:
    """Like ``resolve_sheet`` for the bytes of a CSV, TSV or NDJSON file.

    The result begins with a byte order mark if the input did.
    """
    with tempfile.TemporaryDirectory(prefix="menpai-") as folder:
        source, out = Path(folder, f"in{ending}"), Path(folder, f"out{ending}")
        source.write_bytes(body)
        resolve_sheet(database, source, out, column, focus)
        answer = out.read_bytes()
    return answer if body.startswith(BYTE_ORDER_MARK) else answer.removeprefix(BYTE_ORDER_MARK)


def resolve_objects(
    database: Database,
    rows: Sequence[dict[str, Any]],
    column: str,
    focus: ResolveOptions,
    chosen: slice = slice(None),
) -> list[dict[str, Any]]:
    """The chosen rows of a JSON list, each with its result appended."""
    headings = list(dict.fromkeys(name for row in rows for name in row))
    column = find_column(headings, column)
    taken = rows[chosen]
    answers = answer_texts(database, [_text_of(row, column) for row in taken], focus)
    return [row | answer.by_column for row, answer in zip(taken, answers, strict=True)]


def _chunks(rows: Iterable[T], only: range | None) -> Iterator[list[T]]:
    held = iter(rows) if only is None else islice(rows, only.start, only.stop)
    while chunk := list(islice(held, CHUNK)):
        yield chunk

"""Media types of an answer: chosen by ``Accept``, and rows written as CSV or lines of JSON."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

import orjson

from service.core.errors import NotAcceptable
from service.core.sheets.rows import Cell, safe_cell

Offered = TypeVar("Offered", bound=StrEnum)


class MediaType(StrEnum):
    """The media types that lists are written in."""

    JSON = "application/json"
    GEOJSON = "application/geo+json"
    CSV = "text/csv"
    NDJSON = "application/x-ndjson"


def choose_media_type(accept: str, offered: Sequence[Offered]) -> Offered:
    """The offered type that an ``Accept`` header prefers (RFC 9110 §12.5.1); "" takes the first.

    Raises:
        NotAcceptable: it takes none of them.
    """
    wanted: dict[str, float] = {}
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        wanted[name] = float(weight) if weight.replace(".", "", 1).isdecimal() else 0.0
    if not accept.strip():
        return offered[0]
    weights = {
        one: next(
            (wanted[name] for name in (one, f"{one.partition('/')[0]}/*", "*/*") if name in wanted),
            0.0,
        )
        for one in offered
    }
    best = max(offered, key=lambda one: weights[one])  # the first of equals
    if not weights[best]:
        raise NotAcceptable(
            f"the answer cannot be {accept[:80]}",
            hint=f"send one of {', '.join(offered)} as Accept",
        )
    return best


def write_table(rows: Iterable[Mapping[str, Cell]], columns: Sequence[str]) -> bytes:
    """Rows as CSV (RFC 4180) in UTF-8 with a byte order mark, without which Excel assumes GBK.

    Text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([safe_cell(row.get(name)) for name in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_lines(rows: Iterable[Mapping[str, object]]) -> bytes:
    """Rows as NDJSON: one object a line."""
    return b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)

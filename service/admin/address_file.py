"""What takes long about lists of addresses, for a process of its own: files and suspects.

Files are XLSX, CSV or GeoJSON with Chinese headings. They hold no plate's token: behind it stand
the contacts of an address.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from address_model.lifecycle import (
    ADDRESS_STATUS_NAMES,
    PLATE_STATUS_NAMES,
    AddressStatus,
    PlateStatus,
)
from service.core.database import Session
from service.core.sheets import Cell, whole_file, write_rows
from service.matching.answers import database_here
from service.naming.queries.suspects import Suspect, list_suspects
from service.plates.queries.address_lists import (
    AddressFilter,
    ListedAddress,
    iterate_in_street_order,
)

MOST_ROWS = 100_000
MOST_PAGES = 200
"""A list that is narrowed may have few rows on a page; after so many pages the file ends."""
HEADINGS = (
    "地址",
    "地址编码",
    "状态",
    "状态说明",
    "区划代码",
    "区划",
    "经度",
    "纬度",
    "门牌状态",
    "来源",
)
_IN_GEOMETRY = ("经度", "纬度")


class FileKind(StrEnum):
    """The formats of the file, by the ending of its name."""

    XLSX = "xlsx"
    CSV = "csv"
    GEOJSON = "geojson"


MEDIA_TYPES = {
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.GEOJSON: "application/geo+json",
}


@dataclass(slots=True)
class WrittenList:
    """How many rows were written, and whether there are more."""

    count: int = 0
    is_cut: bool = False


def write_list(url: str, wanted: AddressFilter, kind: FileKind, path: Path) -> WrittenList:
    """Write the addresses that fit to a file, at most ``MOST_ROWS``.

    Runs in a process of its own: ``url`` is that of the database.
    """
    done = WrittenList()
    with database_here(url).reading() as session:
        rows = _read(session, wanted, done)
        if kind is FileKind.GEOJSON:
            _write_features(rows, path)
        else:
            with write_rows(path, HEADINGS) as sink:
                for row in rows:
                    sink.write(list(_facts(row).values()))
    return done


def find_suspects(url: str, county: str, most: int) -> list[Suspect]:
    """The suspects of a county, in a process of its own: all of its doors are compared."""
    with database_here(url).reading() as session:
        return list_suspects(session, county=county, limit=most)


def _read(session: Session, wanted: AddressFilter, done: WrittenList) -> Iterator[ListedAddress]:
    """The rows of the file; ``done`` tells at the end how many there were."""
    following = ""
    for page in iterate_in_street_order(session, wanted, most_pages=MOST_PAGES):
        room = MOST_ROWS - done.count
        yield from page.rows[:room]
        done.count += min(room, len(page.rows))
        following = page.following
        if len(page.rows) > room or (done.count == MOST_ROWS and following):
            done.is_cut = True
            return
    done.is_cut = bool(following)


def _facts(row: ListedAddress) -> dict[str, Cell]:
    """The cells of a row by heading."""
    point = row.point
    cells = (
        row.standard_text,
        row.code,
        ADDRESS_STATUS_NAMES[AddressStatus(row.status)],
        row.status_reason,
        row.division_code,
        row.division,
        round(point.lon, 7) if point else "",
        round(point.lat, 7) if point else "",
        PLATE_STATUS_NAMES[PlateStatus(row.plate_status)] if row.token else "无牌",
        row.source,
    )
    return dict(zip(HEADINGS, cells, strict=True))


def _write_features(rows: Iterator[ListedAddress], path: Path) -> None:
    """Write a FeatureCollection (RFC 7946), one feature a line."""
    with whole_file(path) as part, part.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        for place, row in enumerate(rows):
            point = row.point
            at = {"type": "Point", "coordinates": [point.lon, point.lat]} if point else None
            facts = {name: cell for name, cell in _facts(row).items() if name not in _IN_GEOMETRY}
            feature = {"type": "Feature", "id": row.code, "geometry": at, "properties": facts}
            file.write(",\n" if place else "\n")
            file.write(json.dumps(feature, ensure_ascii=False))
        file.write("\n]}\n")

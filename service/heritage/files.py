"""The catalogue in file formats: Linked Places, GeoJSON and tables, for files and API responses.

The file name extension selects the format. Our own exports are read back without loss; Linked
Places files from elsewhere are read by the standard fields of the format.
"""

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from address_model.heritage.catalogue import CatalogueEntry
from address_model.heritage.faults import list_faults
from address_model.heritage.features import to_geojson
from address_model.heritage.flat import COLUMNS, entry_from_row, entry_to_row
from address_model.heritage.foreign_places import ForeignPlace
from address_model.heritage.linked_places import read_feature, to_linked_places
from service.core.errors import BadRequest, LineUnreadable
from service.core.sheets import open_rows, whole_file, write_rows
from service.placenames.pinyin_reading import with_reading

LINKED_PLACES = (".jsonld", ".lpf", ".lpf.json")
GEOJSON = (".geojson",)
_LARGEST_FILE = 200_000_000


@dataclass(frozen=True, slots=True)
class ReadCatalogue:
    """Entries read; refused ones as (where, why); foreign data left out as (where, what)."""

    entries: list[CatalogueEntry]
    refused: list[tuple[str, str]]
    left_out: list[tuple[str, str]]


def write_catalogue(entries: Sequence[CatalogueEntry], path: Path, base: str) -> None:
    """Write entries in the format of the file name extension, atomically.

    ``base`` is the URL prefix of the entries' pages.

    Raises:
        SheetFault: the extension is unknown, or the file cannot be written.
    """
    if path.name.endswith(LINKED_PLACES):
        _write_json(to_linked_places(entries, base), path)
    elif path.name.endswith(GEOJSON):
        _write_json(to_geojson(entries, whole=True), path)
    else:
        with write_rows(path, COLUMNS) as sink:
            for entry in entries:
                sink.write_values(entry_to_row(entry))


def read_catalogue(path: Path) -> ReadCatalogue:
    """Read the entries of a file; invalid entries are refused one by one.

    Raises:
        BadRequest: the file has none of the formats.
        SheetFault: a table cannot be read.
    """
    read = ReadCatalogue([], [], [])
    if path.name.endswith((*LINKED_PLACES, *GEOJSON)):
        if path.stat().st_size > _LARGEST_FILE:
            raise BadRequest("the file is larger than 200 MB", hint="split it")
        try:
            collection = json.loads(path.read_text(encoding="utf-8-sig"))
            features = collection["features"]
            if collection.get("type") != "FeatureCollection" or not isinstance(features, list):
                raise TypeError("type")  # noqa: TRY301 - handled with the others below
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise LineUnreadable(
                f"{path.name} is no FeatureCollection", hint="give LPF or GeoJSON in UTF-8"
            ) from error
        for number, feature in enumerate(features, start=1):
            _take(read, f"feature {number}", partial(_read_feature, feature))
        return read
    with open_rows(path, unprotect=True) as rows:
        if "id" not in rows.headings or "standard_name" not in rows.headings:
            raise BadRequest(
                "the table has no columns id and standard_name",
                hint="see a file written by `menpai heritage export`",
            )
        for row in rows:
            _take(read, f"row {row.number}", partial(_read_row, row.values))
    return read


def _take(read: ReadCatalogue, where: str, make: Callable[[], ForeignPlace]) -> None:
    """Add one row or feature to the entries or to the refused ones."""
    try:
        place = make()
        faults = list_faults(place.entry)
    except (ValueError, RecursionError) as error:
        read.refused.append((where, str(error)))
        return
    if faults:
        read.refused.append((where, "; ".join(faults)))
        return
    read.entries.append(place.entry)
    read.left_out.extend((where, one) for one in place.left_out)


def _read_row(cells: Mapping[str, str]) -> ForeignPlace:
    return ForeignPlace(entry_from_row(cells), ())


def _read_feature(feature: Any) -> ForeignPlace:
    """Read a feature; derive specific, generic and pinyin of a foreign Chinese name."""
    read = read_feature(feature)
    place = read.entry.place
    if "menpai" in feature or place.standard_name.isascii():
        return read
    named = with_reading(place, place.pinyin, place.source)
    return replace(read, entry=replace(read.entry, place=named))


def _write_json(value: dict[str, Any], path: Path) -> None:
    with whole_file(path) as part:
        part.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


class Format(StrEnum):
    """The formats of a response: the values of ``?format=``."""

    JSON = "json"
    GEOJSON = "geojson"
    LPF = "lpf"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """The body, media type and extra headers of a response."""

    body: bytes
    media_type: str
    headers: dict[str, str]


def write_entries(entries: Sequence[CatalogueEntry], wanted: Format, base: str) -> FileAnswer:
    """The entries in a format other than the API's JSON."""
    if wanted is Format.GEOJSON:
        return _json(to_geojson(entries), "application/geo+json")
    if wanted is Format.LPF:
        return _json(to_linked_places(entries, base), "application/ld+json")
    headers = {"Content-Disposition": 'attachment; filename="heritage.csv"'}
    return FileAnswer(write_table(entries), "text/csv; charset=utf-8", headers)


def write_table(entries: Sequence[CatalogueEntry]) -> bytes:
    """The entries as CSV, with spreadsheet formulas neutralised."""
    with tempfile.TemporaryDirectory(prefix="menpai-") as folder:
        path = Path(folder, "heritage.csv")
        with write_rows(path, COLUMNS) as sink:
            for entry in entries:
                sink.write_values(entry_to_row(entry))
        return path.read_bytes()


def _json(value: dict[str, Any], media_type: str) -> FileAnswer:
    return FileAnswer(json.dumps(value, ensure_ascii=False).encode(), media_type, {})

"""The catalogue as files: Linked Places, GeoJSON and tables out, and the same back in.

The ending of a name says the format. Files of ours come back as they were written; a Linked Places
file of others is read by the format's own fields.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    """The entries of a file, what was refused: (where, why), and what of others was left out."""

    entries: list[CatalogueEntry]
    refused: list[tuple[str, str]]
    left_out: list[tuple[str, str]]


def write_catalogue(entries: Sequence[CatalogueEntry], path: Path, base: str) -> None:
    """Write entries in the format that the name of the file says; whole or not at all.

    ``base`` stands before an id and makes it the address of the entry's page.

    Raises:
        SheetFault: the ending is unknown, or the file cannot be written.
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
    """Read the entries of a file; what cannot be stored is refused by itself.

    Raises:
        BadRequest: the file as a whole is none of these.
        SheetFault: a table cannot be read.
    """
    if path.name.endswith((*LINKED_PLACES, *GEOJSON)):
        return _read_features(path)
    read = ReadCatalogue([], [], [])
    with open_rows(path, unprotect=True) as rows:
        if "id" not in rows.headings or "standard_name" not in rows.headings:
            raise BadRequest(
                "the table has no columns id and standard_name",
                hint="take a file that `menpai heritage export` wrote as the pattern",
            )
        for row in rows:
            _take(read, f"row {row.number}", partial(_read_row, row.values))
    return read


def _take(read: ReadCatalogue, where: str, make: Callable[[], ForeignPlace]) -> None:
    """Read one row or feature into what was read, or into what was refused."""
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
    """A feature; the name of others gets its terms and its reading by the national rules."""
    read = read_feature(feature)
    place = read.entry.place
    if "menpai" in feature or place.standard_name.isascii():
        return read
    named = with_reading(place, place.pinyin, place.source)
    return replace(read, entry=replace(read.entry, place=named))


def _read_features(path: Path) -> ReadCatalogue:
    if path.stat().st_size > _LARGEST_FILE:
        raise BadRequest("the file is larger than 200 MB", hint="split it")
    try:
        collection = json.loads(path.read_text(encoding="utf-8-sig"))
        features = collection["features"]
        if collection.get("type") != "FeatureCollection" or not isinstance(features, list):
            raise TypeError("type")  # noqa: TRY301 - refused as the others are
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise LineUnreadable(
            f"{path.name} is no FeatureCollection", hint="give LPF or GeoJSON in UTF-8"
        ) from error
    read = ReadCatalogue([], [], [])
    for number, feature in enumerate(features, start=1):
        _take(read, f"feature {number}", partial(_read_feature, feature))
    return read


def _write_json(value: dict[str, Any], path: Path) -> None:
    with whole_file(path) as part:
        part.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")

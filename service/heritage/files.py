"""The catalogue as files: Linked Places, GeoJSON and tables out, and the same back in.

The ending of a name says the format. Files of ours come back as they were written; a Linked Places
file of others is read by the format's own fields.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from address_model.heritage.catalogue import CatalogueEntry
from address_model.heritage.faults import list_faults
from address_model.heritage.features import to_geojson
from address_model.heritage.flat import COLUMNS, entry_from_row, entry_to_row
from address_model.heritage.linked_places import from_linked_places, to_linked_places
from service.core.errors import BadRequest, LineUnreadable
from service.core.sheets import open_rows, whole_file, write_rows

LINKED_PLACES = (".jsonld", ".lpf", ".lpf.json")
GEOJSON = (".geojson",)
_LARGEST_FILE = 200_000_000


@dataclass(frozen=True, slots=True)
class ReadCatalogue:
    """The entries of a file, and what was refused: (where, why)."""

    entries: list[CatalogueEntry]
    refused: list[tuple[str, str]]


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
    read = ReadCatalogue([], [])
    with open_rows(path, unprotect=True) as rows:
        if "id" not in rows.headings or "standard_name" not in rows.headings:
            raise BadRequest(
                "the table has no columns id and standard_name",
                mend="take a file that `menpai heritage export` wrote as the pattern",
            )
        for row in rows:
            _take(read, f"row {row.number}", row.values)
    return read


def _take(read: ReadCatalogue, where: str, source: Any) -> None:
    """Read one row or feature into what was read, or into what was refused."""
    try:
        if "features" in source:
            [entry] = from_linked_places(source)
        else:
            entry = entry_from_row(source)
        faults = list_faults(entry)
    except (ValueError, RecursionError) as error:
        read.refused.append((where, str(error)))
        return
    if faults:
        read.refused.append((where, "; ".join(faults)))
    else:
        read.entries.append(entry)


def _read_features(path: Path) -> ReadCatalogue:
    if path.stat().st_size > _LARGEST_FILE:
        raise BadRequest("the file is larger than 200 MB", mend="split it")
    try:
        collection = json.loads(path.read_text(encoding="utf-8-sig"))
        features = collection["features"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise LineUnreadable(
            f"{path.name} is no FeatureCollection", mend="give LPF or GeoJSON in UTF-8"
        ) from error
    read = ReadCatalogue([], [])
    for number, feature in enumerate(features, start=1):
        alone = {"type": collection.get("type"), "features": [feature]}
        _take(read, f"feature {number}", alone)
    return read


def _write_json(value: dict[str, Any], path: Path) -> None:
    with whole_file(path) as part:
        part.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")

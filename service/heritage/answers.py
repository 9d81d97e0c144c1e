"""What the API answers in formats other than its own JSON: GeoJSON, Linked Places, CSV."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from address_model.heritage.catalogue import CatalogueEntry
from address_model.heritage.features import to_geojson
from address_model.heritage.flat import COLUMNS, entry_to_row
from address_model.heritage.linked_places import to_linked_places
from service.core.sheets import write_rows


class Format(StrEnum):
    """The formats of an answer, as ``?format=`` names them."""

    JSON = "json"
    GEOJSON = "geojson"
    LPF = "lpf"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """The body of an answer, its media type, and further headers."""

    body: bytes
    media_type: str
    headers: dict[str, str]


def write_entries(entries: Sequence[CatalogueEntry], wanted: Format, base: str) -> FileAnswer:
    """The entries in one of the formats that are not the API's own."""
    if wanted is Format.GEOJSON:
        return _json(to_geojson(entries), "application/geo+json")
    if wanted is Format.LPF:
        return _json(to_linked_places(entries, base), "application/ld+json")
    headers = {"Content-Disposition": 'attachment; filename="heritage.csv"'}
    return FileAnswer(write_table(entries), "text/csv; charset=utf-8", headers)


def write_table(entries: Sequence[CatalogueEntry]) -> bytes:
    """The entries as CSV; text that a spreadsheet would run is made safe."""
    with tempfile.TemporaryDirectory(prefix="menpai-") as folder:
        path = Path(folder, "heritage.csv")
        with write_rows(path, COLUMNS) as sink:
            for entry in entries:
                sink.write_values(entry_to_row(entry))
        return path.read_bytes()


def _json(value: dict[str, Any], media_type: str) -> FileAnswer:
    return FileAnswer(json.dumps(value, ensure_ascii=False).encode(), media_type, {})

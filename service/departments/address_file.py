"""Writes a page of addresses as JSON, GeoJSON (RFC 7946), CSV or NDJSON."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from address_model.coordinates import CoordinateSystem
from address_model.elements import Elements
from service.core.errors import BadRequest
from service.core.media_types import MediaType, write_lines, write_table
from service.core.sheets.rows import Cell
from service.departments.address_choice import FIELDS, AddressChoice

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "elements": Elements._fields,
    "geometry": ("lon", "lat"),
    "position": ("position_kind", "position_accuracy"),
}
"""The columns of a table that a field of several values becomes."""
_DEGREES = (CoordinateSystem.CGCS2000, CoordinateSystem.WGS84)

_FILES: dict[str, Any] = {
    MediaType.GEOJSON: {
        "schema": {
            "type": "object",
            "description": "A FeatureCollection (RFC 7946); `next` is the cursor of the next page.",
        }
    },
    MediaType.CSV: {
        "schema": {"type": "string"},
        "example": "code,standard_text,lon,lat\r\n"
        "3301029032882641,浙江省杭州市上城区清波街道河坊街88号,120.165,30.24\r\n",
    },
    MediaType.NDJSON: {
        "schema": {"type": "string"},
        "example": '{"code":"3301029032882641","status":"active"}\n',
    },
}
ADDRESS_FILES: dict[int | str, dict[str, Any]] = {200: {"content": _FILES}}
"""The answers of the list that are not JSON, for OpenAPI."""


def write_addresses(
    shown: Sequence[Mapping[str, Any]],
    following: str | None,
    media_type: MediaType,
    choice: AddressChoice,
) -> bytes:
    """A page of addresses; ``following`` is the cursor of the next one.

    Raises:
        BadRequest: GeoJSON in a system other than WGS84 and its equal.
    """
    if media_type is MediaType.CSV:
        return write_table(map(_table_row, shown), list(_columns_of(choice)))
    if media_type is MediaType.NDJSON:
        return write_lines(shown)
    if media_type is MediaType.JSON:
        return orjson.dumps({"addresses": shown, "next": following})
    if choice.crs not in _DEGREES:
        raise BadRequest(
            f"GeoJSON has no {choice.crs} (RFC 7946 §4)", hint="ask for JSON, CSV or NDJSON"
        )
    features = [
        {
            "type": "Feature",
            "id": one.get("code"),
            "geometry": one.get("geometry"),
            "properties": {name: one[name] for name in one if name != "geometry"},
        }
        for one in shown
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features, "next": following})


def _columns_of(choice: AddressChoice) -> Iterable[str]:
    """The columns of a table, whatever the grant shows of them."""
    for name in (*(choice.fields or FIELDS), *choice.parts):
        yield from _COLUMNS.get(name, (name,))


def _table_row(shown: Mapping[str, Any]) -> Mapping[str, Cell]:
    """An address as cells; related records are JSON in one cell."""
    row: dict[str, Cell] = {}
    for name, value in shown.items():
        if name == "geometry":
            row["lon"], row["lat"] = value["coordinates"] if value else (None, None)
        elif name == "position" and value:
            row["position_kind"], row["position_accuracy"] = value["kind"], value["accuracy"]
        elif name == "elements":
            row |= {level: _written(one) for level, one in value.items()}
        else:
            row[name] = orjson.dumps(value).decode() if isinstance(value, list | dict) else value
    return row


def _written(element: Any) -> str:
    """An element as text: a name, a number, or several lanes."""
    if isinstance(element, list):
        return "".join(map(_written, element))
    return element["text"] if isinstance(element, dict) else element or ""

"""Reads the features of an area file in any format: properties as text, and a geometry."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from address_model.coordinates import CoordinateSystem
from service.areas.layers import LayerRequest, read_layer
from service.areas.shapefiles import is_shapefile, opened_shapefile
from service.core.errors import BadRequest
from service.core.sheets import Row, RowFault

MAX_FILE = 512 << 20
MAX_FEATURES = 200_000

_SCIENTIFIC = re.compile(rb"[0-9][eE][+0-9]")
_IN_DEGREES = {"", "CRS84", "OGC:CRS84", "EPSG:4326", "EPSG:4490"}
_SYSTEMS = {
    "4490": CoordinateSystem.CGCS2000,
    "EPSG:4490": CoordinateSystem.CGCS2000,
    "4326": CoordinateSystem.WGS84,
    "EPSG:4326": CoordinateSystem.WGS84,
    "GCJ02": CoordinateSystem.GCJ02,
    "BD09": CoordinateSystem.BD09,
}


class LayerRefused(BadRequest):
    """The file of areas cannot be read."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its cells (numbered from 1) with any fault, and its geometry."""

    row: Row
    geometry: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class Features:
    """All features of a file, and the coordinate system of their degrees."""

    headings: tuple[str, ...]
    listed: list[Feature]
    system: CoordinateSystem


def read_features(path: Path, *, crs: str = "", layer: str = "") -> Features:
    """Read GeoJSON, GeoPackage or a Shapefile (.shp or zipped), by the file extension.

    Args:
        crs: the declared system: ``4490``, ``4326``, ``gcj02``, ``bd09`` or ``EPSG:n``; empty uses
            the system named in the file.
        layer: the layer of a GeoPackage with several.

    Raises:
        LayerRefused: the file cannot be read at all.
    """
    if str(path).lower().lstrip("/").startswith("vsi") or str(path).startswith("/vsi"):
        raise LayerRefused(f"{path} is not a local file", hint="download it first")
    if not path.is_file():
        raise LayerRefused(f"there is no file {path}", hint="check the path")
    if path.stat().st_size > MAX_FILE:
        raise LayerRefused(f"{path.name} is larger than 512 MB", hint="split it by division")
    declared = crs.strip().upper().replace("-", "")
    system = _SYSTEMS.get(declared)
    if declared and system is None and not declared.startswith("EPSG:"):
        raise LayerRefused(
            f"{crs!r} is not a coordinate system",
            hint="use 4490, 4326, gcj02, bd09 or EPSG: and a number",
        )
    wanted = "EPSG:4490" if system else declared
    ending = path.suffix.lower()
    if ending in (".geojson", ".json"):
        rows = _read_geojson(path, wanted)
    elif ending == ".gpkg":
        rows = read_layer(LayerRequest(path, "GPKG", crs=wanted, layer=layer))
    elif is_shapefile(path):
        with opened_shapefile(path) as (file, encoding):
            request = LayerRequest(file, "ESRI Shapefile", crs=wanted, encoding=encoding)
            rows = read_layer(request)
    else:
        raise LayerRefused(
            f"{path.name} has no known format",
            hint="give GeoJSON (.geojson), GeoPackage (.gpkg) or a Shapefile (.shp or .zip)",
        )
    if len(rows) > MAX_FEATURES:
        raise LayerRefused(f"{path.name} has over {MAX_FEATURES:,} features", hint="split it")
    headings = tuple(dict.fromkeys(name for properties, _, _ in rows for name in properties))
    listed = []
    for number, (properties, wkb, fault) in enumerate(rows, start=1):
        cells = {heading: properties.get(heading, "") for heading in headings}
        trouble = RowFault(number, "geometry", fault, "export the feature again") if fault else None
        geometry = shapely.from_wkb(wkb) if wkb else None
        listed.append(Feature(Row(number, cells, trouble), geometry))
    return Features(headings, listed, system or CoordinateSystem.CGCS2000)


def _read_geojson(path: Path, crs: str) -> list[tuple[dict[str, str], bytes | None, str]]:
    """Features of a GeoJSON file as (properties, WKB, fault of the geometry)."""
    try:
        text = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
        document = orjson.loads(text)
        features = document["features"]
        if not isinstance(features, list):
            raise TypeError("its features are not a list")  # noqa: TRY301 - handled like the others
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise LayerRefused(
            f"{path.name} is not a GeoJSON FeatureCollection ({error})",
            hint="export the layer as GeoJSON again",
        ) from error
    # The system named by an old GeoJSON: ``urn:ogc:def:crs:EPSG::4549`` is EPSG:4549.
    stated = document.get("crs")
    facts = stated.get("properties") if isinstance(stated, dict) else None
    name = str(facts.get("name") or "") if isinstance(facts, dict) else ""
    named, parts = name.upper(), name.split(":")
    if named.startswith("URN:OGC:DEF:CRS:") and len(parts) == 7:
        named = "CRS84" if parts[6].upper() == "CRS84" else f"{parts[4].upper()}:{parts[6]}"
    if (crs or named) not in _IN_DEGREES:
        return read_layer(LayerRequest(path, "GeoJSON", crs=crs or named))
    written = features
    if _SCIENTIFIC.search(text):  # keep numbers such as 3.30102e11 as written
        written = list(json.loads(text, parse_float=str, parse_int=str)["features"])
    return [_geojson_row(*pair) for pair in zip(features, written, strict=True)]


def _geojson_row(feature: object, written: Any) -> tuple[dict[str, str], bytes | None, str]:
    if not isinstance(feature, dict):
        return {}, None, "the feature is not an object"
    given = written.get("properties")
    properties = {
        str(name): "" if value is None else str(value)
        for name, value in (given if isinstance(given, dict) else {}).items()
    }
    if not feature.get("geometry"):
        return properties, None, ""
    try:
        geometry = shapely.from_geojson(orjson.dumps(feature["geometry"]))
    except shapely.errors.GEOSException as error:
        return properties, None, f"the geometry cannot be read: {error}"
    return properties, shapely.to_wkb(geometry), ""

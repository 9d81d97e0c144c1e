"""The sandboxed program that reads one GIS layer under hard limits.

It sends one message per feature: ``["row", {property: text}, WKB in hexadecimal]``.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import shapely
from pyogrio import raw

from service.core.sandbox_child import ChildRefused, Say

MAX_FEATURES = 200_000
MAGIC = {
    "GPKG": (0, b"SQLite format 3\0"),
    "ESRI Shapefile": (0, bytes.fromhex("0000270a")),
    "GeoJSON": (0, b""),
}
DATUMS = ("china 2000", "china_2000", "cgcs2000", "world geodetic system 1984", "wgs_1984")
Transformation = Callable[[Any], Any]


def check_file(path: Path, driver: str) -> None:
    """Refuse a file of another format, or one that another program is writing."""
    offset, magic = MAGIC[driver]
    with path.open("rb") as file:
        file.seek(offset)
        if file.read(len(magic)) != magic:
            raise ChildRefused(f"{path.name} is not a {driver} file", "Export the layer again")
    journal = path.with_name(path.name + "-wal")
    if driver == "GPKG" and journal.is_file() and journal.stat().st_size:
        raise ChildRefused(
            f"{path.name} is open in another program", "Close it in QGIS, then load it again"
        )


def choose_layer(path: Path, wanted: str) -> str:
    """The layer with that name, or else the only one with polygons."""
    layers = {str(name): str(kind) for name, kind in pyogrio.list_layers(path)}
    if wanted:
        if wanted not in layers:
            raise ChildRefused(f"There is no layer {wanted}", f"Choose one of: {', '.join(layers)}")
        return wanted
    drawn = [name for name, kind in layers.items() if "Polygon" in kind or kind == "Unknown"]
    if len(drawn) != 1:
        raise ChildRefused(
            f"{path.name} has {len(drawn)} layers of polygons",
            f"Choose one with --layer: {', '.join(layers)}",
        )
    return drawn[0]


def find_transformation(declared: str, own: str | None) -> Transformation | None:
    """The transformation of corners to degrees of EPSG:4490, or None; refuses old datums."""
    if not declared and not own:
        raise ChildRefused(
            "The file does not name its coordinate system (.prj is missing)",
            "Declare it, for example --crs EPSG:4549, 4490 or gcj02",
        )
    try:
        crs = pyproj.CRS.from_user_input(declared or own)
    except pyproj.exceptions.CRSError as error:
        raise ChildRefused(
            f"The coordinate system is unknown ({error})", "Declare it with --crs"
        ) from error
    base = crs.geodetic_crs
    datum = base.datum.name if base and base.datum else crs.name
    if not any(name in datum.lower() for name in DATUMS):
        raise ChildRefused(
            f"The coordinates use {datum}, which no public formula converts to CGCS2000",
            "Have the surveying authority convert the layer to CGCS2000",
        )
    if crs.is_geographic:
        return None
    transformer = pyproj.Transformer.from_crs(crs, base, always_xy=True)
    return lambda corners: np.column_stack(transformer.transform(corners[:, 0], corners[:, 1]))


def run(say: Say, _: bytes, file: str, *options: str) -> None:
    """Send every feature of the layer; ``options`` are driver, CRS, layer name and encoding."""
    path, (driver, crs, layer, encoding) = Path(file), options
    check_file(path, driver)
    opening: dict[str, Any] = {"IMMUTABLE": "YES"} if driver == "GPKG" else {}
    name = choose_layer(path, layer)
    info = pyogrio.read_info(path, layer=name, **opening)
    if info["driver"] != driver:
        raise ChildRefused(f"{path.name} is not a {driver} file", "Export the layer again")
    transformation = find_transformation(crs, info["crs"])
    meta, _, geometries, columns = raw.read(
        path,
        layer=name,
        encoding=encoding or None,
        max_features=MAX_FEATURES + 1,
        force_2d=True,
        datetime_as_string=True,
        **opening,
    )
    shapes = shapely.from_wkb(geometries)
    if transformation is not None:
        shapes = shapely.transform(shapes, transformation)
    for at, wkb in enumerate(shapely.to_wkb(shapes, hex=True)):
        cells = {
            str(field): cell_text(column[at])
            for field, column in zip(meta["fields"], columns, strict=True)
        }
        say("row", cells, wkb or "")


def cell_text(value: Any) -> str:
    """A property as text; missing values are empty.

    Floats keep their decimals, so that readers can recognise whole numbers
    (``address_model/written_numbers.py``).
    """
    if value is None or value != value:  # noqa: PLR0124  # only NaN differs from itself
        return ""
    if isinstance(value, float | np.floating):
        return str(float(value))
    text = str(value)
    return "" if text == "NaT" else text

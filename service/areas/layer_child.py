"""The program that reads one GIS layer in the sandbox, under hard limits.

Messages: ``["row", {property: text}, WKB in hexadecimal]``, one a feature.
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
    """Refuse a file that is not what its name says, or that another program is writing."""
    offset, magic = MAGIC[driver]
    with path.open("rb") as file:
        file.seek(offset)
        if file.read(len(magic)) != magic:
            raise ChildRefused(f"{path.name} is no {driver} file", "Export the layer again")
    journal = path.with_name(path.name + "-wal")
    if driver == "GPKG" and journal.is_file() and journal.stat().st_size:
        raise ChildRefused(
            f"{path.name} is open in another program", "Close it in QGIS, then load it again"
        )


def choose_layer(path: Path, wanted: str) -> str:
    """The layer of that name, or the only one that has polygons."""
    layers = {str(name): str(kind) for name, kind in pyogrio.list_layers(path)}
    if wanted:
        if wanted not in layers:
            raise ChildRefused(f"There is no layer {wanted}", f"Choose one of: {', '.join(layers)}")
        return wanted
    drawn = [name for name, kind in layers.items() if "Polygon" in kind or kind == "Unknown"]
    if len(drawn) != 1:
        raise ChildRefused(
            f"{path.name} has {len(drawn)} layers of polygons",
            f"Say which one with --layer; there are: {', '.join(layers)}",
        )
    return drawn[0]


def find_transformation(declared: str, own: str | None) -> Transformation | None:
    """What brings corners to degrees of EPSG:4490, or None when they are; refuses old datums."""
    if not declared and not own:
        raise ChildRefused(
            "The file does not say its coordinate system (.prj is missing)",
            "Say it, for example --crs EPSG:4549, 4490 or gcj02",
        )
    try:
        crs = pyproj.CRS.from_user_input(declared or own)
    except pyproj.exceptions.CRSError as error:
        raise ChildRefused(
            f"The coordinate system is not known ({error})", "Say it with --crs"
        ) from error
    base = crs.geodetic_crs
    datum = base.datum.name if base and base.datum else crs.name
    if not any(name in datum.lower() for name in DATUMS):
        raise ChildRefused(
            f"The coordinates stand on {datum}, which no public formula brings to CGCS2000",
            "Have the surveying authority convert the layer to CGCS2000",
        )
    if crs.is_geographic:
        return None
    transformer = pyproj.Transformer.from_crs(crs, base, always_xy=True)
    return lambda corners: np.column_stack(transformer.transform(corners[:, 0], corners[:, 1]))


def run(say: Say, _: bytes, file: str, *asked: str) -> None:
    """Say every feature of the layer; asked are driver, CRS, name and encoding of the layer."""
    path, (driver, crs, layer, encoding) = Path(file), asked
    check_file(path, driver)
    options: dict[str, Any] = {"IMMUTABLE": "YES"} if driver == "GPKG" else {}
    name = choose_layer(path, layer)
    info = pyogrio.read_info(path, layer=name, **options)
    if info["driver"] != driver:
        raise ChildRefused(f"{path.name} is no {driver} file", "Export the layer again")
    transformation = find_transformation(crs, info["crs"])
    meta, _, geometries, columns = raw.read(
        path,
        layer=name,
        encoding=encoding or None,
        max_features=MAX_FEATURES + 1,
        force_2d=True,
        datetime_as_string=True,
        **options,
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
    """A property as text: missing is empty, days stay days.

    A number of decimals is written with them: whoever reads it knows which are whole
    (``address_model/written_numbers.py``).
    """
    if value is None or value != value:  # noqa: PLR0124  # only NaN differs from itself
        return ""
    if isinstance(value, float | np.floating):
        return str(float(value))
    text = str(value)
    return "" if text == "NaT" else text

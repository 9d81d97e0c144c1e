"""Writes areas with their versions as GeoJSON, GeoPackage or Shapefile, to be edited and loaded."""

import importlib.util
import zipfile
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import orjson
import shapely

from service.areas.queries import HeldArea
from service.core.errors import BadRequest
from service.core.sheets.writer import whole_file

_FIELDS: dict[str, Callable[[HeldArea], object]] = {
    "kind": lambda area: area.kind,
    "code": lambda area: area.code,
    "name": lambda area: area.name,
    "parent": lambda area: area.parent,
    "division": lambda area: area.division,
    "valid_from": lambda area: area.valid_from,
    "valid_to": lambda area: area.valid_to,
    "version": lambda area: area.version,
}


class LayerFormat(StrEnum):
    """The formats of a file of areas, by the ending of its name; ``ZIP`` holds a Shapefile."""

    GEOJSON = "geojson"
    GPKG = "gpkg"
    ZIP = "zip"


class FormatUnavailable(BadRequest):
    """Files of this format are not written here."""


def format_of(path: Path) -> LayerFormat:
    """The format that the ending of a name stands for.

    Raises:
        FormatUnavailable: none is known.
    """
    ending = path.suffix.lower().lstrip(".")
    ending = LayerFormat.GEOJSON if ending == "json" else ending
    if ending not in set(LayerFormat):
        raise FormatUnavailable(
            f"{path.name} has no known format",
            hint="end the name in .geojson, .gpkg or .zip (a Shapefile)",
            zh="只能导出 GeoJSON、GeoPackage（gpkg）或 Shapefile（zip）。",
        )
    return LayerFormat(ending)


def write_areas(areas: Sequence[HeldArea], path: Path) -> None:
    """Write areas in degrees of EPSG:4490; the file appears complete or not at all.

    A feature has the ``version`` of its area: if the area was changed in the meantime, loading the
    feature is refused.

    Raises:
        FormatUnavailable: the ending is unknown, or the extra gis is not installed.
    """
    kind = format_of(path)
    with whole_file(path) as part, TemporaryDirectory() as folder:
        if kind is LayerFormat.GEOJSON:
            features = [
                {
                    "type": "Feature",
                    "geometry": orjson.Fragment(shapely.to_geojson(area.shape)),
                    "properties": {name: read(area) for name, read in _FIELDS.items()},
                }
                for area in areas
            ]
            part.write_bytes(orjson.dumps({"type": "FeatureCollection", "features": features}))
        elif kind is LayerFormat.GPKG:
            made = Path(folder, "areas.gpkg")
            _write_layer(areas, made, "GPKG")
            part.write_bytes(made.read_bytes())
        else:
            _write_layer(areas, Path(folder, "areas.shp"), "ESRI Shapefile")
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
                for made in sorted(Path(folder).iterdir()):
                    packed.write(made, made.name)


def _write_layer(areas: Sequence[HeldArea], path: Path, driver: str) -> None:
    if importlib.util.find_spec("pyogrio") is None:
        raise FormatUnavailable(
            "this format needs the extra gis, which is not installed",
            hint="install menpai[gis], or write GeoJSON",
            zh="这台服务器没有安装 GIS 组件（menpai[gis]），请改用 GeoJSON。",
        )
    raw = importlib.import_module("pyogrio.raw")
    # Days as text, which every reader takes alike.
    columns = [
        np.array([read(area) for area in areas], dtype="int64")
        if name == "version"
        else np.array([str(read(area) or "") for area in areas], dtype=object)
        for name, read in _FIELDS.items()
    ]
    raw.write(
        path,
        geometry=shapely.to_wkb(np.array([area.shape for area in areas], dtype=object)),
        field_data=columns,
        fields=np.array(list(_FIELDS), dtype=object),
        crs="EPSG:4490",
        geometry_type="MultiPolygon",
        driver=driver,
        layer="areas",
        encoding="UTF-8",
    )

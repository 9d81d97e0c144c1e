"""Reads layers of GIS files in the sandbox (extra ``gis``)."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from service.core.errors import BadRequest
from service.core.sandbox import Program, SandboxFailed, SandboxFailure, SandboxLimits, run_program

SIMPLER = "Export the layer as GeoJSON in EPSG:4490 and load that"
_LIMITS = SandboxLimits(memory_bytes=4 << 30)
_DRIVERS_NEVER_USED = (
    "OGR_VRT,WFS,OAPIF,OGCAPI,CSW,HTTP,Carto,AmigoCloud,Elasticsearch,EEDA,NGW,PLSCENES,GDALG,"
    "ADBC,AIVector,AVCBin,AVCE00,CSV,DGN,DXF,EDIGEO,ESRIJSON,FlatGeobuf,GML,GPSBabel,GPX,GTFS,"
    "GeoJSONSeq,GeoRSS,Idrisi,JML,JSONFG,KML,LIBKML,LVBAG,MBTiles,MVT,MapInfo File,MapML,"
    "MiraMonVector,ODS,OGR_GMT,OGR_PDS,OSM,OpenFileGDB,PCIDSK,PDF,PDS4,PGDUMP,PMTiles,S57,SQLite,"
    "SXF,Selafin,TopoJSON,VDV,VFK,VICAR,WAsP,XLSX"
)
"""All other GDAL drivers of the wheel, so that no file can make GDAL open a network address."""

_PROGRAM = Program(
    Path(__file__).with_name("layer_child.py"),
    {"row": 2},
    {"GDAL_SKIP": _DRIVERS_NEVER_USED, "PROJ_NETWORK": "OFF"},
)


class LayerUnreadable(BadRequest):
    """The layer cannot be read."""


@dataclass(frozen=True, slots=True)
class LayerRequest:
    """A file, the only GDAL driver that may open it, and the officer's declarations."""

    path: Path
    driver: str
    crs: str = ""
    layer: str = ""
    encoding: str = ""


def read_layer(
    request: LayerRequest, limits: SandboxLimits = _LIMITS
) -> list[tuple[dict[str, str], bytes | None, str]]:
    """Read all features as (properties, WKB in degrees of EPSG:4490, fault of the geometry).

    Raises:
        LayerUnreadable: the extra is not installed, or the file is refused.
    """
    for library in ("pyogrio", "pyproj"):
        if importlib.util.find_spec(library) is None:
            raise LayerUnreadable(
                f"{request.path.name} needs the extra gis, which is not installed",
                hint="install menpai[gis]; or export the layer as GeoJSON in EPSG:4490",
            )
    file = str(request.path.resolve())
    options = (file, request.driver, request.crs, request.layer, request.encoding)
    try:
        return [
            (properties, bytes.fromhex(wkb) if wkb else None, "")
            for _, properties, wkb in run_program(_PROGRAM, *options, limits=limits)
        ]
    except SandboxFailed as failed:
        name, reason = request.path.name, failed.reason
        reasons = {
            SandboxFailure.REFUSED: reason,
            SandboxFailure.OVERDUE: f"{name} takes too long to read",
            SandboxFailure.HEAVY: f"{name} takes too much memory to read",
            SandboxFailure.BROKEN: f"{name} is broken ({reason})",
            SandboxFailure.CRASHED: f"{name} is too large or broken: reading failed ({reason})",
        }
        raise LayerUnreadable(reasons[failed.failure], hint=failed.hint or SIMPLER) from failed

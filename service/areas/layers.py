"""Layers of GIS files, read in the sandbox (extra ``gis``)."""

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
"""Everything in the wheel but the three formats, so no file can make GDAL open an address."""

_PROGRAM = Program(
    Path(__file__).with_name("layer_child.py"),
    {"row": 2},
    {"GDAL_SKIP": _DRIVERS_NEVER_USED, "PROJ_NETWORK": "OFF"},
)


class LayerUnreadable(BadRequest):
    """The layer cannot be read."""


@dataclass(frozen=True, slots=True)
class LayerRequest:
    """A file, the one GDAL driver that may open it, and what the officer declares about it."""

    path: Path
    driver: str
    crs: str = ""
    layer: str = ""
    encoding: str = ""


def read_layer(
    request: LayerRequest, limits: SandboxLimits = _LIMITS
) -> list[tuple[dict[str, str], bytes | None, str]]:
    """All features as (properties, WKB in degrees of EPSG:4490, fault of the geometry).

    Raises:
        LayerUnreadable: the extra is not installed, or the file is refused; names the hint.
    """
    for library in ("pyogrio", "pyproj"):
        if importlib.util.find_spec(library) is None:
            raise LayerUnreadable(
                f"{request.path.name} needs the extra gis, which is not installed",
                hint="install menpai[gis]; or export the layer as GeoJSON in EPSG:4490",
            )
    file = str(request.path.resolve())
    told = (file, request.driver, request.crs, request.layer, request.encoding)
    try:
        return [
            (properties, bytes.fromhex(wkb) if wkb else None, "")
            for _, properties, wkb in run_program(_PROGRAM, *told, limits=limits)
        ]
    except SandboxFailed as failed:
        raise _unreadable(request.path.name, failed) from failed


def _unreadable(name: str, failed: SandboxFailed) -> LayerUnreadable:
    reasons = {
        SandboxFailure.REFUSED: failed.reason,
        SandboxFailure.OVERDUE: f"{name} takes longer than a reader is given",
        SandboxFailure.HEAVY: f"{name} takes more memory than a reader is given",
        SandboxFailure.BROKEN: f"{name} is broken ({failed.reason})",
        SandboxFailure.CRASHED: f"{name} is too large or broken: reading failed ({failed.reason})",
    }
    return LayerUnreadable(reasons[failed.failure], hint=failed.hint or SIMPLER)

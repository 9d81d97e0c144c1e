"""Layers of GIS files, read by a process of its own that can be killed (extra ``gis``)."""

import importlib.util
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import orjson

from service.core.errors import BadRequest

SIMPLER = "Export the layer as GeoJSON in EPSG:4490 and load that"
_CHILD = Path(__file__).with_name("layer_child.py")
_DRIVERS_NEVER_USED = (
    "OGR_VRT,WFS,OAPIF,OGCAPI,CSW,HTTP,Carto,AmigoCloud,Elasticsearch,EEDA,NGW,PLSCENES,GDALG,"
    "ADBC,AIVector,AVCBin,AVCE00,CSV,DGN,DXF,EDIGEO,ESRIJSON,FlatGeobuf,GML,GPSBabel,GPX,GTFS,"
    "GeoJSONSeq,GeoRSS,Idrisi,JML,JSONFG,KML,LIBKML,LVBAG,MBTiles,MVT,MapInfo File,MapML,"
    "MiraMonVector,ODS,OGR_GMT,OGR_PDS,OSM,OpenFileGDB,PCIDSK,PDF,PDS4,PGDUMP,PMTiles,S57,SQLite,"
    "SXF,Selafin,TopoJSON,VDV,VFK,VICAR,WAsP,XLSX"
)
"""Everything in the wheel but the three formats, so no file can make GDAL open an address."""


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


@dataclass(frozen=True, slots=True)
class LayerLimits:
    """What the child may take: address space, processor time, time until it must have ended."""

    memory_bytes: int = 4 << 30
    processor_seconds: int = 60
    waiting_seconds: float = 120.0


def read_layer(
    request: LayerRequest, limits: LayerLimits | None = None
) -> list[tuple[dict[str, str], bytes | None, str]]:
    """All features as (properties, WKB in degrees of EPSG:4490, fault of the geometry).

    Raises:
        LayerUnreadable: the extra is not installed, or the file is refused; names the mend.
    """
    for library in ("pyogrio", "pyproj"):
        if importlib.util.find_spec(library) is None:
            raise LayerUnreadable(
                f"{request.path.name} needs the extra gis, which is not installed",
                mend="install menpai[gis]; or export the layer as GeoJSON in EPSG:4490",
            )
    with tempfile.TemporaryFile() as printed:
        code = _run_child(request, limits or LayerLimits(), printed.fileno())
        printed.seek(0)
        lines = [orjson.loads(line) for line in printed]
    if lines and lines[-1][0] == "refused":
        raise LayerUnreadable(lines[-1][1], mend=lines[-1][2])
    if not lines or lines[-1][0] != "end":
        raise LayerUnreadable(
            f"the reader of {request.path.name} ended early (code {code}): too large, or broken",
            mend=SIMPLER,
        )
    return [(row[1], bytes.fromhex(row[2]) if row[2] else None, "") for row in lines[:-1]]


def _run_child(request: LayerRequest, limits: LayerLimits, printed_to: int) -> int:
    command = [sys.executable, "-I", str(_CHILD), str(request.path.resolve()), request.driver]
    command += [request.crs, request.layer, request.encoding]
    command += [str(limits.processor_seconds), str(limits.memory_bytes)]
    try:
        return subprocess.run(  # noqa: S603  # our own file, run by our own interpreter
            command,
            stdin=subprocess.DEVNULL,
            stdout=printed_to,
            stderr=subprocess.DEVNULL,
            env={
                "GDAL_SKIP": _DRIVERS_NEVER_USED,
                "OPENBLAS_NUM_THREADS": "1",
                "PROJ_NETWORK": "OFF",
            },
            timeout=limits.waiting_seconds,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired as error:
        raise LayerUnreadable(
            f"{request.path.name} takes longer than a reader is given", mend=SIMPLER
        ) from error

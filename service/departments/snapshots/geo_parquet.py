"""A copy as GeoParquet 1.1.0, written in row groups: memory does not grow with the register.

https://geoparquet.org/releases/v1.1.0/: a register with ``lon`` and ``lat`` gets the column
``geometry`` of WKB points, always longitude first; other registers become plain Parquet.
"""

import io
import struct
from collections.abc import Sequence
from datetime import date
from importlib import import_module
from typing import Any

import orjson

from service.core.errors import NotAcceptable
from service.departments.snapshots.copied_register import ColumnType
from service.departments.snapshots.copy_forms import CopyForm
from service.departments.snapshots.statements import CopyStatement

CGCS2000 = {
    "$schema": "https://proj.org/schemas/v0.7/projjson.schema.json",
    "type": "GeographicCRS",
    "name": "China Geodetic Coordinate System 2000",
    "datum": {
        "type": "GeodeticReferenceFrame",
        "name": "China 2000",
        "ellipsoid": {
            "name": "CGCS2000",
            "semi_major_axis": 6378137,
            "inverse_flattening": 298.257222101,
        },
    },
    "coordinate_system": {
        "subtype": "ellipsoidal",
        "axis": [
            {
                "name": "Geodetic latitude",
                "abbreviation": "Lat",
                "direction": "north",
                "unit": "degree",
            },
            {
                "name": "Geodetic longitude",
                "abbreviation": "Lon",
                "direction": "east",
                "unit": "degree",
            },
        ],
    },
    "id": {"authority": "EPSG", "code": 4490},
}
"""EPSG:4490 as PROJJSON."""

GEO = {
    "version": "1.1.0",
    "primary_column": "geometry",
    "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"], "crs": CGCS2000}},
}
"""The metadata ``geo`` of a file with points."""

_POINT = struct.Struct("<BIdd")
_ARROW = {
    ColumnType.TEXT: "string",
    ColumnType.INTEGER: "int64",
    ColumnType.NUMBER: "float64",
    ColumnType.BOOLEAN: "bool_",
    ColumnType.DATE: "date32",
    ColumnType.JSON: "string",
}


class ParquetForm(CopyForm):
    """GeoParquet: each part is a row group; JSON stays text."""

    part_bytes = 1 << 22

    def __init__(self) -> None:
        """Find the library.

        Raises:
            NotAcceptable: it is not installed.
        """
        try:
            self._arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
        except ModuleNotFoundError as error:
            raise NotAcceptable(
                "GeoParquet is not written here",
                hint="pip install 'menpai[parquet]'; without it send application/x-ndjson or "
                "text/csv as Accept",
            ) from error
        self._open: Any = parquet.ParquetWriter
        self._file = _SentFile()

    def head(self, statement: CopyStatement, position: int) -> bytes:
        """The beginning of a file whose metadata names the register and the position."""
        self._columns = {one.name: one.type for one in statement.columns}
        fields = [(name, getattr(self._arrow, _ARROW[t])()) for name, t in self._columns.items()]
        notes = {"menpai_register": statement.register.name, "menpai_position": str(position)}
        self._has_points = {"lon", "lat"} <= set(self._columns)
        if self._has_points:
            fields.append(("geometry", self._arrow.binary()))
            notes["geo"] = orjson.dumps(GEO).decode()
        self._schema = self._arrow.schema(fields, metadata=notes)
        self._writer = self._open(self._file, self._schema, compression="zstd")
        return self._file.take()

    def part(self, lines: Sequence[bytes]) -> bytes:
        """Lines of JSON as a row group."""
        rows: list[dict[str, Any]] = [orjson.loads(line) for line in lines]
        for name, kind in self._columns.items():
            if kind in (ColumnType.DATE, ColumnType.JSON):
                for row in rows:
                    if (held := row[name]) is not None:
                        is_date = kind is ColumnType.DATE
                        row[name] = (
                            date.fromisoformat(held) if is_date else orjson.dumps(held).decode()
                        )
        if self._has_points:
            for row in rows:
                lon, lat = row["lon"], row["lat"]
                row["geometry"] = (
                    None if lon is None or lat is None else _POINT.pack(1, 1, lon, lat)
                )
        if rows:
            self._writer.write_table(self._arrow.Table.from_pylist(rows, schema=self._schema))
        return self._file.take()

    def foot(self) -> bytes:
        """The end of the file, with the places of its row groups."""
        self._writer.close()
        return self._file.take()


class _SentFile(io.RawIOBase):
    """A file of which only what has not been sent is held."""

    def __init__(self) -> None:
        self._held, self._size = list[bytes](), 0

    def writable(self) -> bool:
        """It is only written."""
        return True

    def write(self, content: Any) -> int:
        """Hold what was written until it is taken."""
        self._held.append(bytes(content))
        self._size += len(self._held[-1])
        return len(self._held[-1])

    def tell(self) -> int:
        """Where the next byte goes."""
        return self._size

    def take(self) -> bytes:
        """What has been written since the last time."""
        taken, self._held = b"".join(self._held), []
        return taken

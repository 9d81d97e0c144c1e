"""Transfers points and links to and from PostgreSQL as whole arrays, without row objects.

To read, the server concatenates the columns of many rows (``string_agg``); to write, a row of
constant width is a numpy record of the binary COPY format. So a million rows are a few blocks of
bytes, and Python handles no single row.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.bytes_]
Floats = NDArray[np.float64]
Areas = NDArray[np.int32]
Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]

CODE_DIGITS = 16
_CODE = np.dtype(f"S{CODE_DIGITS}")
_WKB = np.dtype([("head", "V5"), ("lon", "<f8"), ("lat", "<f8")])
"""Byte order, type, and two doubles."""


@dataclass(frozen=True, slots=True)
class Points:
    """Addresses with a point, in degrees (EPSG:4490), with their versions and ids of divisions.

    ``seen`` is the position of the change feed when they were read.
    """

    codes: Codes
    lon: Floats
    lat: Floats
    versions: Integers
    divisions: Integers
    seen: int

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, positions: NDArray[Any]) -> "Points":
        """Select addresses by position or by mask."""
        return Points(
            self.codes[positions],
            self.lon[positions],
            self.lat[positions],
            self.versions[positions],
            self.divisions[positions],
            self.seen,
        )


@dataclass(frozen=True, slots=True)
class Links:
    """Stored links: address, area, and whether they were set by hand."""

    codes: Codes
    areas: Areas
    by_hand: Booleans


def read_points(
    codes: str | None,
    points: bytes | None,
    versions: bytes | None,
    divisions: bytes | None,
    seen: int,
) -> Points:
    """Points from concatenated codes, WKB, versions (8 bytes each) and division ids (4 each)."""
    places = np.frombuffer(points or b"", _WKB)
    return Points(
        np.frombuffer((codes or "").encode(), _CODE),
        places["lon"].astype(np.float64),
        places["lat"].astype(np.float64),
        np.frombuffer(versions or b"", ">i8").astype(np.int64),
        np.frombuffer(divisions or b"", ">i4").astype(np.int64),
        seen,
    )


def read_links(codes: str | None, areas: bytes | None, hands: bytes | None) -> Links:
    """Links from concatenated codes, area ids (four bytes each) and hand flags (one byte each)."""
    return Links(
        np.frombuffer((codes or "").encode(), _CODE),
        np.frombuffer(areas or b"", ">i4").astype(np.int32),
        np.frombuffer(hands or b"", np.uint8).astype(bool),
    )


def write_links(codes: Codes, areas: Areas, kind: str) -> bytes:
    """A binary COPY of (code, area_id, kind, how) for links of one kind derived from points."""
    word, how = kind.encode(), b"point"
    layout: list[Any] = [
        ("columns", ">i2"),
        ("code_size", ">i4"),
        ("code", _CODE),
        ("area_size", ">i4"),
        ("area", ">i4"),
        ("kind_size", ">i4"),
        ("kind", f"S{len(word)}"),
        ("how_size", ">i4"),
        ("how", f"S{len(how)}"),
    ]
    rows = np.empty(len(codes), np.dtype(layout))
    rows["columns"], rows["code_size"], rows["code"] = 4, CODE_DIGITS, codes
    rows["area_size"], rows["area"] = 4, areas
    rows["kind_size"], rows["kind"] = len(word), word
    rows["how_size"], rows["how"] = len(how), how
    return b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows.tobytes() + b"\xff\xff"

"""Renders the symbol of a finished SVG or DXF, so that it can be read back."""

import re
from io import StringIO
from typing import Any
from xml.etree import ElementTree

from ezdxf.filemanagement import read
from PIL import Image, ImageChops, ImageDraw

from qr.outlines import Point

_PIXELS = 8
"""Pixels per module, far above what a reader needs."""

_QUIET = 4
_MOVES = re.compile(r"([Mhvz])(-?\d+)?(?: (-?\d+))?")
_SVG = "{http://www.w3.org/2000/svg}"


def draw_svg_symbol(data: bytes) -> Image.Image:
    """Fill the path with the id ``symbol``; raises ValueError unless there is exactly one."""
    root = ElementTree.fromstring(data)  # noqa: S314 - our own file, read back
    paths = [item for item in root.iter(f"{_SVG}path") if item.get("id") == "symbol"]
    if len(paths) != 1:
        raise ValueError(f"the SVG has {len(paths)} symbols instead of one")
    rings: list[list[Point]] = []
    x = y = 0.0
    for kind, first, second in _MOVES.findall(paths[0].get("d", "")):
        if kind == "M":
            x, y = float(first), float(second)
            rings.append([])
        elif kind == "h":
            x += float(first)
        elif kind == "v":
            y += float(first)
        if kind != "z":
            rings[-1].append((x, y))
    return _fill(rings)


def draw_dxf_symbol(data: bytes) -> Image.Image:
    """Fill the closed polylines of the layer QR; raises ValueError when there is none."""
    drawing = read(StringIO(data.decode()))
    lines: Any = drawing.modelspace().query('LWPOLYLINE[layer=="QR"]')
    rings = [[(x, -y) for x, y in line.get_points("xy")] for line in lines if line.closed]
    if not rings:
        raise ValueError("the DXF has no closed polyline on layer QR")
    return _fill(rings)


def _fill(rings: list[list[Point]]) -> Image.Image:
    """Fill by the even-odd rule, dark on light, with a quiet zone round it."""
    module = min(
        abs(a[0] - b[0]) + abs(a[1] - b[1])
        for ring in rings
        for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)
    )
    left, top = (min(point[axis] for ring in rings for point in ring) for axis in (0, 1))
    right, bottom = (max(point[axis] for ring in rings for point in ring) for axis in (0, 1))
    scale = _PIXELS / module
    margin = _QUIET * _PIXELS
    size = (
        round((right - left) * scale) + 2 * margin,
        round((bottom - top) * scale) + 2 * margin,
    )
    dark = Image.new("1", size, 0)
    for ring in rings:
        one = Image.new("1", size, 0)
        points = [((x - left) * scale + margin, (y - top) * scale + margin) for x, y in ring]
        ImageDraw.Draw(one).polygon(points, fill=1)
        dark = ImageChops.logical_xor(dark, one)
    return ImageChops.invert(dark.convert("L"))

"""Shapes and characters as pixel coverage, cached within a memory budget."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from qr.designs.specification import Box
from qr.fonts import Fonts
from qr.outlines import polygon, rings_of
from qr.palette import Pair, Palette
from qr.typesetting import TextRun

Coverage = NDArray[np.uint8]
_Key = tuple[int, str, int, float, Pair]
_SMOOTH = 4
"""Supersampling: everything is drawn this many times larger and averaged."""

_BUDGET = 64 * 1024 * 1024
"""Bytes of cached characters; beyond it the cache is cleared."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Millimetres to pixels."""

    dpi: int

    def exact(self, length: float) -> float:
        """Pixels of a length, with their fraction."""
        return length * self.dpi / 25.4

    def whole(self, length: float) -> int:
        """Whole pixels of a length."""
        return round(self.exact(length))

    def window(self, box: Box) -> tuple[slice, slice]:
        """The rows and columns of a box."""
        rows = slice(self.whole(box.y), self.whole(box.bottom))
        return rows, slice(self.whole(box.x), self.whole(box.right))


@dataclass(frozen=True, slots=True)
class GlyphImage:
    """One character as palette indices; ``left`` and ``top`` are its corner from the origin."""

    indices: NDArray[np.uint8]
    inked: NDArray[np.bool_]
    left: int
    top: int


class GlyphCache:
    """The characters of one set of fonts in one palette at one resolution."""

    def __init__(self, fonts: Fonts, palette: Palette, scale: Scale) -> None:
        self._fonts = fonts
        self._palette = palette
        self._scale = scale
        self._images: dict[_Key, GlyphImage | None] = {}
        self._bytes = 0

    def image(self, run: TextRun, character: str) -> GlyphImage | None:
        """Return the image of a character in a run; None for a blank."""
        pixels = round(self._scale.exact(run.size) * 16)
        pair = (run.under, run.colour)
        key = (run.face, character, pixels, round(run.narrow, 4), pair)
        if key not in self._images:
            image = self._render(key)
            self._bytes += 2 * image.indices.size if image else 0
            if self._bytes > _BUDGET:
                self._images.clear()
                self._bytes = 2 * image.indices.size if image else 0
            self._images[key] = image
        return self._images[key]

    def _render(self, key: _Key) -> GlyphImage | None:
        face, character, pixels, narrow, pair = key
        ink = polygon(self._fonts, face, character, narrow)
        if ink.is_empty:
            return None
        em = pixels / 16
        left, bottom, right, top = (edge * em for edge in ink.bounds)
        x, y = int(np.floor(left)) - 1, int(np.floor(-top)) - 1
        width, height = int(np.ceil(right)) + 1 - x, int(np.ceil(-bottom)) + 1 - y
        image = Image.new("L", (width * _SMOOTH, height * _SMOOTH), 0)
        pen = ImageDraw.Draw(image)
        parts = ink.geoms if hasattr(ink, "geoms") else [ink]
        for part in parts:
            for number, ring in enumerate(rings_of(part)):
                points = [((a * em - x) * _SMOOTH, (-b * em - y) * _SMOOTH) for a, b in ring]
                pen.polygon(points, fill=0 if number else 255)
        coverage = np.asarray(image.reduce(_SMOOTH))
        return GlyphImage(self._palette.steps(*pair)[coverage], coverage > 0, x, y)


@lru_cache(maxsize=8)
def glyph_cache(fonts: Fonts, palette: Palette, scale: Scale) -> GlyphCache:
    """Return the cached characters of a palette at a resolution."""
    return GlyphCache(fonts, palette, scale)


def cover_box(scale: Scale, box: Box, corner: float) -> Coverage:
    """Coverage of a rectangle with rounded corners, over the pixels of ``scale.window``."""
    rows, columns = scale.window(box)
    # Compute the four corners only: a face at 300 dpi has ten million pixels.
    width = columns.stop - columns.start
    height = rows.stop - rows.start
    corner = scale.exact(corner)
    covered = np.full((height, width), 255, np.uint8)
    side = min(int(np.ceil(corner)) + 1, width // 2, height // 2)
    if corner <= 0 or side < 1:
        return covered
    step = (np.arange(side * _SMOOTH) + 0.5) / _SMOOTH
    away = np.maximum(corner - step, 0)
    inside = away[:, None] ** 2 + away[None, :] ** 2 <= corner**2
    shares = inside.reshape(side, _SMOOTH, side, _SMOOTH).mean(axis=(1, 3))
    piece = (shares * 255).round().astype(np.uint8)
    covered[:side, :side], covered[:side, -side:] = piece, piece[:, ::-1]
    covered[-side:, :side], covered[-side:, -side:] = piece[::-1], piece[::-1, ::-1]
    return covered

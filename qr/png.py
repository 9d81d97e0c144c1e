"""PNG of one plate at a given resolution, with the true size in its pHYs chunk."""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from qr.content import PlateContent
from qr.designs.specification import Box, Design
from qr.fonts import Fonts
from qr.layout import Plate, lay_out
from qr.symbol import QUIET_ZONE
from qr.typesetting import TextRun

_SMOOTH = 4
"""Shapes are drawn this many times larger and scaled down; text is smooth by itself."""

_RAMP = 29
"""Palette steps from ground to ink; then symbol ground, symbol ink and the cut-off corners."""


def write_png(design: Design, content: PlateContent, *, dpi: int = 300, fonts: Fonts) -> bytes:
    """Draw one plate; beyond the rounded corners of the face the picture is transparent.

    Raises TextTooLong, GlyphMissing or PayloadTooLong naming the plate.
    """
    plate = lay_out(design, content, fonts)
    raster = _Raster(dpi)
    ink = _background(design, dpi).copy()
    pen = ImageDraw.Draw(ink)
    for run in plate.runs:
        _draw_run(pen, run, fonts, raster)
    indices = np.asarray(ink.point([round(v * (_RAMP - 1) / 255) for v in range(256)])).copy()
    _draw_symbol(indices, plate, raster)
    indices[np.asarray(_cut(design, dpi)) < 128] = _RAMP + 2
    return _encode(indices, design, dpi)


@dataclass(frozen=True, slots=True)
class _Raster:
    """Millimetres to pixels."""

    dpi: int

    def exact(self, length: float) -> float:
        """Pixels of a length, with their fraction."""
        return length * self.dpi / 25.4

    def whole(self, length: float) -> int:
        """Whole pixels of a length."""
        return round(self.exact(length))

    def corners(self, box: Box) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of a box, the last pixel included."""
        return (
            self.whole(box.x),
            self.whole(box.y),
            self.whole(box.right) - 1,
            self.whole(box.bottom) - 1,
        )


@lru_cache(maxsize=8)
def _background(design: Design, dpi: int) -> Image.Image:
    """Amount of ink (0 … 255) that all plates of a design share: the border."""
    large = _Raster(dpi * _SMOOTH)
    face, border = design.face, design.border
    size = (_Raster(dpi).whole(face.width), _Raster(dpi).whole(face.height))
    image = Image.new("L", (size[0] * _SMOOTH, size[1] * _SMOOTH), 0)
    if border:
        line = Box(
            border.inset,
            border.inset,
            face.width - 2 * border.inset,
            face.height - 2 * border.inset,
        )
        ImageDraw.Draw(image).rounded_rectangle(
            large.corners(line),
            large.exact(border.corner),
            outline=255,
            width=large.whole(border.width),
        )
    return image.resize(size, Image.Resampling.BOX)


@lru_cache(maxsize=8)
def _cut(design: Design, dpi: int) -> Image.Image:
    """Mask of the face as cut: 255 inside, 0 outside."""
    raster, face = _Raster(dpi), design.face
    image = Image.new("L", (raster.whole(face.width), raster.whole(face.height)), 0)
    shape = raster.corners(Box(0, 0, face.width, face.height))
    ImageDraw.Draw(image).rounded_rectangle(shape, raster.exact(face.corner), fill=255)
    return image


def _draw_run(pen: ImageDraw.ImageDraw, run: TextRun, fonts: Fonts, raster: _Raster) -> None:
    face = fonts.faces[run.face]
    font = _sized(str(face.path), face.index, raster.exact(run.size))
    for character, x in zip(run.text, run.starts, strict=True):
        place = (raster.exact(x), raster.exact(run.baseline))
        pen.text(
            place,
            character,
            fill=255,
            font=font,
            anchor="ls",
            stroke_width=raster.exact(run.stroke) / 2,
        )


@lru_cache(maxsize=64)
def _sized(path: str, index: int, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, index=index, layout_engine=ImageFont.Layout.BASIC)


def _draw_symbol(indices: np.ndarray, plate: Plate, raster: _Raster) -> None:
    """Stand the symbol on its ground, each pixel taking the module under its centre."""
    place = plate.design.symbol
    left, top, right, bottom = (int(edge) for edge in raster.corners(place.box))
    width, height = right + 1 - left, bottom + 1 - top
    ground = Image.new("1", (width, height), 0)
    shape = (0, 0, width - 1, height - 1)
    ImageDraw.Draw(ground).rounded_rectangle(shape, raster.exact(place.corner), fill=1)
    modules = np.pad(plate.symbol.modules(), QUIET_ZONE)
    across = ((np.arange(width) + 0.5) * len(modules) / width).astype(int)
    down = ((np.arange(height) + 0.5) * len(modules) / height).astype(int)
    window = indices[top : top + height, left : left + width]
    window[np.asarray(ground)] = _RAMP
    window[modules[np.ix_(down, across)]] = _RAMP + 1


def _encode(indices: np.ndarray, design: Design, dpi: int) -> bytes:
    colours = design.colours
    start, end = np.array(colours.ground.rgb), np.array(colours.ink.rgb)
    steps = np.linspace(start, end, _RAMP).round().astype(np.uint8).tolist()
    palette = [*steps, colours.symbol_ground.rgb, colours.symbol_ink.rgb, (255, 255, 255)]
    image = Image.fromarray(indices, "P")
    image.putpalette([part for colour in palette for part in colour])
    buffer = BytesIO()
    image.save(
        buffer,
        "PNG",
        dpi=(dpi, dpi),
        transparency=_RAMP + 2,
        bits=8,
        compress_level=6,
        pnginfo=PngInfo(),
    )
    return buffer.getvalue()

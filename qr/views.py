"""Pictures of symbols rendered from a finished file: alone, or within their plates."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qr.designs.specification import Box
from qr.imposition import Spot
from qr.layout import LaidOutPlate
from qr.readers import Picture
from qr.symbol import QUIET_ZONE
from qr.wear import PIXELS, WALL, WornView

MM = 72 / 25.4
PIXELS_A_MODULE = 4
"""Resolution of the proof, coarse on purpose: a phone does not see more."""

AROUND = 12
"""Modules shown around the box of a symbol: the symbol fills half of a screen."""


def draw_symbol(page: Any, plate: LaidOutPlate, spot: Spot) -> Picture | None:
    """Render the box of one symbol, quiet zone included, from a page of the file.

    None when the page is too small to hold it.
    """
    width, height = page.get_size()
    box = plate.design.symbol.box.shifted(spot.box.x, spot.box.y)
    if min(box.x, box.y, width / MM - box.right, height / MM - box.bottom) < 0:
        return None
    return _draw(page, box, PIXELS_A_MODULE / plate.module)


def draw_view(page: Any, plate: LaidOutPlate, spot: Spot) -> WornView:
    """Render a symbol as a camera sees it: its plate around it, and the wall beyond the plate.

    Other plates on the page are not shown. The page must hold the plate.
    """
    module, face = plate.module, spot.box
    box = plate.design.symbol.box.shifted(face.x, face.y)
    wanted = box.grown(AROUND * module)
    left, top = max(wanted.x, face.x), max(wanted.y, face.y)
    right, bottom = min(wanted.right, face.right), min(wanted.bottom, face.bottom)
    picture = _draw(page, Box(left, top, right - left, bottom - top), PIXELS / module)
    beyond = (
        (top - wanted.y, wanted.bottom - bottom),
        (left - wanted.x, wanted.right - right),
    )
    rims = [[round(mm / module * PIXELS) for mm in pair] for pair in beyond]
    whole = np.pad(picture, rims, constant_values=WALL)
    edge = (AROUND + QUIET_ZONE) * PIXELS
    return WornView(whole, edge, edge, plate.symbol.size, module)


def has_quiet_zone(picture: Picture, size: int) -> bool:
    """Whether the quiet zone of a symbol is light along the middle of its four sides.

    ``picture`` is the box of a symbol of ``size`` modules, whose corners may be round. Light means
    above the mean of the darkest and the lightest pixel of the top row of modules, which holds two
    finder patterns (the global threshold of ISO/IEC 15415).
    """
    zone, uppermost = _places(picture.shape, size)
    modules = picture.take(uppermost)
    threshold = (int(modules.min()) + int(modules.max())) / 2
    return bool(picture.take(zone).min() > threshold)


@lru_cache(maxsize=64)
def _places(shape: tuple[int, ...], size: int) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Pixel positions of the quiet zone and of the top row of modules in a picture."""
    edge = shape[0] * QUIET_ZONE // (size + 2 * QUIET_ZONE)
    inner, middle = slice(edge, -edge), edge // 2
    places = np.arange(shape[0] * shape[1]).reshape(shape)
    lines = [places[line, inner] for line in (middle, -middle)]
    lines += [places[inner, line] for line in (middle, -middle)]
    return np.concatenate(lines), places[edge + 2, inner]


def _draw(page: Any, box: Box, pixels: float) -> Picture:
    """Render a part of a page, in mm from its upper left corner, at ``pixels`` per mm."""
    width, height = page.get_size()
    crop = (box.x * MM, height - box.bottom * MM, width - box.right * MM, box.y * MM)
    within = tuple(max(edge, 0.0) for edge in crop)
    bitmap = page.render(scale=pixels / MM, grayscale=True, crop=within)
    try:
        return np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width)
    finally:
        bitmap.close()

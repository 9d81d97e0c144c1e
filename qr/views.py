"""Pictures of symbols drawn from the pages of a finished file: alone, or within their plates."""

from typing import Any

import numpy as np

from qr.designs.specification import Box
from qr.imposition import Spot
from qr.layout import Plate
from qr.readers import Picture
from qr.symbol import QUIET_ZONE
from qr.wear import PIXELS, WALL, View

MM = 72 / 25.4
PIXELS_A_MODULE = 4
"""Resolution of the proof: coarse on purpose, a phone does not see more."""

AROUND = 12
"""Modules of plate round the box of a symbol that a view shows: a symbol fills half of a screen."""


def draw_symbol(page: Any, plate: Plate, spot: Spot) -> Picture | None:
    """Draw the box of one symbol, quiet zone included and nothing more, from a page of the file.

    None when the page is too small to hold it.
    """
    width, height = page.get_size()
    box = plate.design.symbol.box.shifted(spot.box.x, spot.box.y)
    if min(box.x, box.y, width / MM - box.right, height / MM - box.bottom) < 0:
        return None
    return _draw(page, box, PIXELS_A_MODULE / plate.module)


def draw_view(page: Any, plate: Plate, spot: Spot) -> View:
    """Draw a symbol as a camera sees it: its plate round it, and the wall beyond the plate.

    Other plates on the page are not seen. The page must hold the plate.
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
    return View(whole, edge, edge, plate.symbol.size, module)


def has_quiet_zone(picture: Picture, size: int) -> bool:
    """Say whether the four sides of a symbol's quiet zone are light; its corners may be round.

    ``picture`` is the box of a symbol of ``size`` modules as ``draw_symbol`` draws it. Light is
    what lies above the middle of the darkest and the lightest (the global threshold of ISO/IEC
    15415).
    """
    edge = picture.shape[0] * QUIET_ZONE // (size + 2 * QUIET_ZONE)
    inner, near, far = slice(edge, -edge), slice(1, edge - 1), slice(1 - edge, -1)
    # whole rows at a time, of the sides a row a module: many times as fast as narrow strips
    columns = picture[edge:-edge:PIXELS_A_MODULE].min(axis=0)
    top, bottom = picture[near].min(axis=0), picture[far].min(axis=0)
    lightest = int(picture[edge:-edge:PIXELS_A_MODULE].max())
    threshold = (int(columns.min()) + lightest) / 2
    sides = (top[inner], bottom[inner], columns[near], columns[far])
    return all(side.min() > threshold for side in sides)


def _draw(page: Any, box: Box, pixels: float) -> Picture:
    """Draw a part of a page, in mm from its upper left corner, at ``pixels`` a mm."""
    width, height = page.get_size()
    crop = (box.x * MM, height - box.bottom * MM, width - box.right * MM, box.y * MM)
    within = tuple(max(edge, 0.0) for edge in crop)
    bitmap = page.render(scale=pixels / MM, grayscale=True, crop=within)
    try:
        return np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width)
    finally:
        bitmap.close()

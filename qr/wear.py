"""Symbols as a wall shows them after years: a spot, a turn, a light band, a blur."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from qr.symbol import QUIET_ZONE

Picture = NDArray[np.float64]
PIXELS = 8
"""Pixels of one module."""

RIM = 3
"""Modules of plate round the light ground of the symbol."""

GREYS = (0, 128, 200)
PLATE_GREY = 77
"""Luminance of the plate's blue, round the white ground of the symbol."""


@dataclass(frozen=True)
class Damage:
    """What is done to one symbol; lengths in modules, the spot as a share of the symbol's area.

    ``clear`` is the side of the squares in three corners that the spot leaves alone: 7 modules of
    a finder pattern and its separator. With 7 the spot may touch a pattern, and a blur joins them.
    """

    spot: float = 0.07
    clear: int = 8
    specks: int = 0
    turn: float = 5.0
    band: float = 60.0
    blur: float = 0.3


WEARS: dict[str, Damage] = {
    "dirt": Damage(turn=0, band=0, blur=0),
    "tilt": Damage(spot=0, band=0, blur=0),
    "blur": Damage(spot=0, turn=0, band=0),
    "glare": Damage(spot=0, turn=0, blur=0),
    "all": Damage(),
}
"""What the sample of a batch goes through, each by itself and then all at once."""


def frame_symbol(ground: NDArray[np.uint8] | Picture) -> Picture:
    """Lay plate round a symbol on its light ground, drawn at eight pixels a module."""
    return np.pad(ground.astype(np.float64), RIM * PIXELS, constant_values=PLATE_GREY)


def wear_symbol(
    picture: Picture, size: int, damage: Damage, random: np.random.Generator, grey: int = GREYS[0]
) -> NDArray[np.uint8]:
    """Damage a framed symbol of ``size`` modules; places are drawn from ``random``."""
    worn = picture.copy()
    _spoil(worn, size, damage, random, grey)
    if damage.turn:
        worn = _turn(worn, damage.turn)
    _lighten(worn, damage.band, random)
    if damage.blur:
        worn = _blur(worn, damage.blur * PIXELS)
    return worn.clip(0, 255).round().astype(np.uint8)


def _spoil(
    picture: Picture, size: int, damage: Damage, random: np.random.Generator, grey: int
) -> None:
    """Lay the spot and the specks; places are drawn until the finder patterns are clear."""
    radius = np.sqrt(damage.spot / np.pi) * size
    x, y = random.uniform(0, size, 2)
    while damage.clear and _covers_a_finder((x, y), radius, size, damage.clear):
        x, y = random.uniform(0, size, 2)
    _disc(picture, x, y, radius, grey)
    for _ in range(damage.specks):
        x, y = random.uniform(0, size, 2)
        _disc(picture, x, y, 0.6, grey)


def _covers_a_finder(place: tuple[float, float], radius: float, size: int, clear: int) -> bool:
    (x, y), far = place, size - clear
    for left, top in ((0, 0), (far, 0), (0, far)):
        across = max(left - x, 0, x - left - clear)
        down = max(top - y, 0, y - top - clear)
        if np.hypot(across, down) < radius:
            return True
    return False


def _disc(picture: Picture, x: float, y: float, radius: float, grey: int) -> None:
    rim = QUIET_ZONE + RIM
    rows, columns = np.ogrid[: picture.shape[0], : picture.shape[1]]
    across = (columns + 0.5) / PIXELS - rim - x
    down = (rows + 0.5) / PIXELS - rim - y
    picture[across**2 + down**2 <= radius**2] = grey


def _turn(picture: Picture, degrees: float) -> Picture:
    image = Image.fromarray(picture.round().astype(np.uint8))
    turned = image.rotate(degrees, Image.Resampling.BILINEAR, expand=True, fillcolor=PLATE_GREY)
    return np.asarray(turned).astype(np.float64)


def _lighten(picture: Picture, amount: float, random: np.random.Generator) -> None:
    """A band of light a quarter of the picture high, somewhere across it."""
    height = len(picture) // 4
    top = random.integers(0, len(picture) - height)
    picture[top : top + height] += amount
    np.clip(picture, 0, 255, out=picture)


def _blur(picture: Picture, sigma: float) -> Picture:
    reach = int(np.ceil(4 * sigma))
    steps = np.arange(-reach, reach + 1)
    kernel = np.exp(-(steps**2) / (2 * sigma**2))
    kernel /= kernel.sum()
    padded = np.pad(picture, reach, mode="edge")
    down = sum(k * padded[i : i + len(picture)] for i, k in enumerate(kernel))
    blurred: Picture = sum(k * down[:, i : i + picture.shape[1]] for i, k in enumerate(kernel))
    return blurred

"""Symbols as a wall shows them after years: a spot, a turn, a light band, a blur, then read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from qr.payload import make_payload
from qr.symbol import QUIET_ZONE, Level, Symbol
from qr.symbol_series import make_symbols

Picture = NDArray[np.float64]
PIXELS = 8
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
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


def list_tokens(count: int, seed: int) -> list[str]:
    """Draw tokens from a fixed seed."""
    letters = np.random.default_rng(seed).integers(0, len(ALPHABET), (count, 10))
    return ["".join(ALPHABET[i] for i in row) for row in letters]


def share_read(count: int, damage: Damage, *, level: Level = "H", seed: int = 20260611) -> float:
    """The share of damaged symbols that are read as what they say."""
    payloads = [make_payload("https://menpai.test", token) for token in list_tokens(count, seed)]
    symbols = make_symbols(payloads, level)
    pictures = damaged(symbols, damage, seed)
    read = (payload == _read(picture) for payload, picture in zip(payloads, pictures, strict=True))
    return sum(read) / count


def damaged(symbols: Sequence[Symbol], damage: Damage, seed: int) -> Iterator[NDArray[np.uint8]]:
    """Draw symbols at eight pixels a module and damage each in its own way."""
    random = np.random.default_rng(seed)
    for place, symbol in enumerate(symbols):
        picture = _draw(symbol)
        _spoil(picture, symbol.size, damage, random, GREYS[place % len(GREYS)])
        turned = _turn(picture, damage.turn)
        _lighten(turned, damage.band, random)
        yield _blur(turned, damage.blur * PIXELS).clip(0, 255).round().astype(np.uint8)


def _read(picture: NDArray[np.uint8]) -> str:
    found = zxingcpp.read_barcodes(
        picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    return found[0].text if len(found) == 1 else ""


def _draw(symbol: Symbol) -> Picture:
    """The symbol with its quiet zone on a white ground, three modules of plate round it."""
    light = np.pad(~symbol.modules(), QUIET_ZONE, constant_values=True) * 255.0
    return np.kron(np.pad(light, 3, constant_values=PLATE_GREY), np.ones((PIXELS, PIXELS)))


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
    rim = QUIET_ZONE + 3
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
    return sum(k * down[:, i : i + picture.shape[1]] for i, k in enumerate(kernel))

"""Draws symbols, lets ``qr.wear`` damage them, and counts how many are still read."""

from collections.abc import Iterator, Sequence

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from qr.payload import make_payload
from qr.symbol import QUIET_ZONE, Level, Symbol
from qr.symbol_series import make_symbols
from qr.wear import GREYS, PIXELS, Damage, frame_symbol, wear_symbol

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


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
        framed = frame_symbol(_draw(symbol))
        yield wear_symbol(framed, symbol.size, damage, random, GREYS[place % len(GREYS)])


def _read(picture: NDArray[np.uint8]) -> str:
    found = zxingcpp.read_barcodes(
        picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    return found[0].text if len(found) == 1 else ""


def _draw(symbol: Symbol) -> NDArray[np.float64]:
    """The symbol with its quiet zone on a white ground."""
    light = np.pad(~symbol.modules(), QUIET_ZONE, constant_values=True) * 255.0
    return np.kron(light, np.ones((PIXELS, PIXELS)))

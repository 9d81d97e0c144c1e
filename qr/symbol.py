"""QR symbols (ISO/IEC 18004): a payload in two segments, the smallest version that holds it."""

import re
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import qrcode
from numpy.typing import NDArray
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

from qr.errors import PayloadTooLong

Level = Literal["L", "M", "Q", "H"]

QUIET_ZONE = 4
"""Modules kept light on every side (ISO/IEC 18004 §5.3.8)."""

_LEVELS = {"L": ERROR_CORRECT_L, "M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q, "H": ERROR_CORRECT_H}
_ALPHANUMERIC_TAIL = re.compile(r"[0-9A-Z $%*+\-./:]*\Z")


@dataclass(frozen=True, slots=True)
class Symbol:
    """One symbol without its quiet zone.

    ``packed`` holds ``size`` rows of modules, 1 is dark, most significant bit first, each row
    padded to whole bytes: the form that a PDF image mask and a 1-bit PNG take.
    """

    version: int
    level: Level
    mask: int
    size: int
    packed: bytes

    def modules(self) -> NDArray[np.bool_]:
        """The modules as a square array, True is dark."""
        rows = np.frombuffer(self.packed, np.uint8).reshape(self.size, -1)
        return np.unpackbits(rows, axis=1, count=self.size).astype(np.bool_)

    def module_size(self, side: float) -> float:
        """The width of one module in mm when symbol and quiet zone measure ``side`` mm."""
        return side / (self.size + 2 * QUIET_ZONE)


def make_symbol(payload: str, level: Level = "H", *, mask: int | None = None) -> Symbol:
    """Encode a payload in the smallest version that holds it.

    ``mask`` (0 … 7) is chosen by the rules of ISO/IEC 18004 unless given.
    Raises PayloadTooLong when not even version 40 holds it.
    """
    encoder = new_encoder(payload, level)
    encoder.mask_pattern = mask
    encoder.make(fit=False)
    matrix = np.array(encoder.modules, dtype=np.bool_)
    # The mask number stands in the format information beside the upper left finder pattern.
    bits = (int(matrix[8, 2]), int(matrix[8, 3]), int(matrix[8, 4]))
    return Symbol(
        version=encoder.version,
        level=level,
        mask=((bits[0] << 2) | (bits[1] << 1) | bits[2]) ^ 0b101,
        size=len(matrix),
        packed=np.packbits(matrix, axis=1).tobytes(),
    )


def new_encoder(payload: str, level: Level) -> Any:
    """Return a ``qrcode.QRCode`` holding the payload in the smallest version, not yet drawn.

    Raises PayloadTooLong when not even version 40 holds it.
    """
    encoder: Any = qrcode.QRCode(error_correction=_LEVELS[level], border=0)
    for text, mode in split_segments(payload):
        encoder.add_data(QRData(text.encode(), mode=mode, check_data=False))
    try:
        encoder.best_fit(start=1)
    except (DataOverflowError, ValueError) as error:
        raise PayloadTooLong(
            f"payload of {len(payload)} characters exceeds every QR version; shorten the host"
        ) from error
    return encoder


def split_segments(payload: str) -> list[tuple[str, int]]:
    """Split a payload into a byte head and the longest alphanumeric tail, with ISO mode numbers.

    ``https://HOST/TOKEN`` becomes byte ``https`` and alphanumeric ``://HOST/TOKEN``: 5.5 bits a
    character instead of 8, which saves one version on most hosts.
    """
    tail = _ALPHANUMERIC_TAIL.search(payload)
    cut = tail.start() if tail else len(payload)
    segments = [(payload[:cut], MODE_8BIT_BYTE), (payload[cut:], MODE_ALPHA_NUM)]
    return [(text, mode) for text, mode in segments if text]

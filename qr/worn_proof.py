"""Reads a sample of a finished file's symbols after dirt, tilt, blur and glare."""

import hashlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import pypdfium2

from qr.imposition import Sheet, Spot, impose
from qr.layout import Plate
from qr.proof import draw_spot, read_symbols
from qr.wear import PIXELS, WEARS, Picture, frame_symbol, wear_symbol


@dataclass(frozen=True, slots=True)
class WornReading:
    """One symbol of the sample: the plate's token, and the kinds of wear it was not read after."""

    plate_id: str
    unread: tuple[str, ...]


def read_worn(
    data: bytes,
    plates: Sequence[Plate],
    *,
    every: int,
    sheet: Sheet | None = None,
    marks: bool = False,
) -> list[WornReading]:
    """Wear the first and then every so-manieth symbol of a finished PDF in each way, and read it.

    Symbols are drawn from the file's bytes at eight pixels a module. What happens to a symbol is
    drawn from its payload, so that a file gives the same answer every time.
    """
    spots = list(impose((plate.design for plate in plates), sheet, marks=marks))
    with closing(pypdfium2.PdfDocument(data)) as document:
        return [
            _read_one(document, plates[place], spots[place])
            for place in range(0, len(plates), every)
        ]


def _read_one(document: pypdfium2.PdfDocument, plate: Plate, spot: Spot) -> WornReading:
    page = document[spot.page]
    picture = draw_spot(page, plate, spot, pixels=PIXELS)
    page.close()
    if picture is None:
        return WornReading(plate.content.plate_id, tuple(WEARS))
    framed = frame_symbol(picture)
    unread = tuple(name for name in WEARS if not _reads(framed, plate, name))
    return WornReading(plate.content.plate_id, unread)


def _reads(framed: Picture, plate: Plate, wear: str) -> bool:
    payload = plate.content.payload
    seed = hashlib.sha256(f"{wear} {payload}".encode()).digest()[:8]
    random = np.random.default_rng(int.from_bytes(seed, "big"))
    worn = wear_symbol(framed, plate.symbol.size, WEARS[wear], random)
    return read_symbols(worn) == (payload,)

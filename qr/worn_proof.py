"""Reads a sample of a finished file's symbols after wear, and says how much of it may fail."""

import hashlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import pypdfium2

from qr.imposition import Sheet, impose
from qr.layout import LaidOutPlate
from qr.readers import read_symbols
from qr.views import draw_view
from qr.wear import WEARS, WornView, wear_symbol

SHARE = 0.04
"""Of good symbols so many may fail some kind of wear: 99.5 % survive each of eight, 1 - 0.995⁸."""

CONFIDENCE = 0.999
"""How sure one must be that more than ``SHARE`` fail before they block anything."""


@dataclass(frozen=True, slots=True)
class WornReading:
    """One symbol of the sample: the plate's token, and the kinds of wear it was not read after."""

    plate_id: str
    unread: tuple[str, ...]


def read_worn(
    data: bytes,
    plates: Sequence[LaidOutPlate],
    *,
    every: int,
    sheet: Sheet | None = None,
    marks: bool = False,
) -> list[WornReading]:
    """Wear the first and then every so-manieth symbol of a proven PDF in each way, and read it.

    Symbols are drawn from the file's bytes within their plates. What happens to a symbol is drawn
    from its payload, so that a file gives the same answer every time.
    """
    spots = list(impose((plate.design for plate in plates), sheet, marks=marks))
    readings = []
    with closing(pypdfium2.PdfDocument(data)) as document:
        for place in range(0, len(plates), every):
            plate = plates[place]
            page = document[spots[place].page]
            view = draw_view(page, plate, spots[place])
            page.close()
            payload = plate.content.payload
            unread = tuple(kind for kind in WEARS if not is_read_after(view, kind, payload))
            readings.append(WornReading(plate.content.plate_id, unread))
    return readings


def is_read_after(view: WornView, kind: str, payload: str) -> bool:
    """Say whether one of the two readers still reads a symbol after a kind of wear."""
    seed = hashlib.sha256(f"{kind} {payload}".encode()).digest()[:8]
    random = np.random.default_rng(int.from_bytes(seed, "big"))
    return read_symbols(wear_symbol(view, WEARS[kind], random)) == (payload,)


def find_limit(tried: int) -> int:
    """From how many symbols of a sample on, unread after some kind of wear, a batch is blocked.

    The least number that a batch in which ``SHARE`` of all symbols fail would reach or exceed with
    a probability of 1 - ``CONFIDENCE`` at most (one-sided binomial test): 4 of 12, 7 of 40, 19 of
    200. Of one or two symbols none do: the number is then more than ``tried``.
    """
    chance, tail, count = (1 - SHARE) ** tried, 1.0, 0
    while tail > 1 - CONFIDENCE:
        tail -= chance
        chance *= (tried - count) / (count + 1) * SHARE / (1 - SHARE)
        count += 1
    return count

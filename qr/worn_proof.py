"""Reads a sample of a finished file's symbols after simulated wear; limits how many may fail."""

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
"""Share of good symbols that may fail some kind of wear: 1 - 0.995⁸, 99.5 % survive each."""

CONFIDENCE = 0.999
"""Confidence that more than ``SHARE`` fail, required before a batch is blocked."""


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
    """Read the first and every n-th (``every``) symbol of a proven PDF after each kind of wear.

    Symbols are rendered from the file's bytes within their plates. The random wear is seeded by
    the payload, so that a file gives the same result every time.
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
    """Whether one of the two readers still reads a symbol after one kind of wear."""
    seed = hashlib.sha256(f"{kind} {payload}".encode()).digest()[:8]
    random = np.random.default_rng(int.from_bytes(seed, "big"))
    return read_symbols(wear_symbol(view, WEARS[kind], random)) == (payload,)


def find_limit(tried: int) -> int:
    """The number of symbols in a sample, unread after some kind of wear, that blocks a batch.

    The least number that a batch in which ``SHARE`` of all symbols fail would reach or exceed with
    a probability of at most 1 - ``CONFIDENCE`` (one-sided binomial test): 4 of 12, 7 of 40, 19 of
    200. With one or two symbols it exceeds ``tried``: nothing is blocked.
    """
    chance, tail, count = (1 - SHARE) ** tried, 1.0, 0
    while tail > 1 - CONFIDENCE:
        tail -= chance
        chance *= (tried - count) / (count + 1) * SHARE / (1 - SHARE)
        count += 1
    return count

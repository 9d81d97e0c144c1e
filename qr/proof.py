"""Proof that plate files scan: every symbol is read back from the bytes the maker receives."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby, zip_longest
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image

from qr.drawings import draw_dxf_symbol, draw_svg_symbol
from qr.imposition import Sheet, impose
from qr.layout import LaidOutPlate
from qr.readers import Texts, read_symbols
from qr.views import PIXELS_A_MODULE, draw_symbol, draw_view, has_quiet_zone

_NO_SYMBOL = "no symbol was read"


@dataclass(frozen=True, slots=True)
class ProofFailure:
    """A plate that did not read as expected; ``place`` counts from 1."""

    place: int
    expected: str
    read: Texts
    reason: str


@dataclass(frozen=True, slots=True)
class Proof:
    """The result of reading back a whole file.

    ``read`` holds the texts read at each place, None where the page is missing.
    """

    read: tuple[Texts | None, ...]
    failures: tuple[ProofFailure, ...]

    @property
    def checked(self) -> int:
        """The number of places checked."""
        return len(self.read)

    @property
    def passed(self) -> bool:
        """Whether every plate reads as expected and none is missing or surplus."""
        return not self.failures


def read_png(data: bytes) -> Texts:
    """Read every symbol of a picture, in no particular order; empty when there is none."""
    with Image.open(BytesIO(data)) as image:
        return read_symbols(np.asarray(image.convert("RGBA").convert("L")))


def prove_png(data: bytes, expected: str) -> Proof:
    """Check that a picture has exactly one symbol, with the payload expected."""
    return _proof([read_png(data)], [expected])


def prove_picture(data: bytes, plate: LaidOutPlate) -> Proof:
    """Read the symbol of a plate at its place in a PNG of the whole face."""
    with Image.open(BytesIO(data)) as image:
        face, box = plate.design.face, plate.design.symbol.box
        across, down = image.width / face.width, image.height / face.height
        edges = (box.x * across, box.y * down, box.right * across, box.bottom * down)
        left, top, right, bottom = (round(edge) for edge in edges)
        part = image.crop((left, top, right, bottom))
        read = read_symbols(np.asarray(part.convert("RGBA").convert("L")))
    return _proof([read], [plate.content.payload])


def prove_drawing(data: bytes, plate: LaidOutPlate) -> Proof:
    """Render the symbol of an SVG or DXF and read it; a malformed file is a failure."""
    expected = plate.content.payload
    draw = draw_svg_symbol if data.lstrip().startswith(b"<") else draw_dxf_symbol
    try:
        return _proof([read_symbols(np.asarray(draw(data)))], [expected])
    except ValueError as error:
        return Proof(((),), (ProofFailure(1, expected, (), f"{error}; write the file again"),))


def read_pdf(data: bytes, *, module: float = 0.5) -> Texts:
    """Read every symbol of every page, pages in order; ``module`` as in ``prove_pdf``."""
    scale = PIXELS_A_MODULE / module * 25.4 / 72
    return tuple(text for page in _read_pages(data, scale) for text in page)


def prove_pdf(data: bytes, expected: Sequence[str], *, module: float = 0.5) -> Proof:
    """Compare the symbol of each page with the payloads expected, in page order.

    For files of unknown designs with one plate per page; ``prove_book`` is many times faster.
    ``module`` is the width of the smallest module in mm: pages are drawn at four pixels per module.
    A surplus or missing page, or one without exactly one symbol, is a failure.
    """
    scale = PIXELS_A_MODULE / module * 25.4 / 72
    return _proof(list(_read_pages(data, scale)), expected)


def prove_book(
    data: bytes | Path,
    plates: Sequence[LaidOutPlate],
    *,
    sheet: Sheet | None = None,
    marks: bool = False,
) -> Proof:
    """Read the symbol of every plate at its place on the pages of a finished PDF.

    ``plates``, ``sheet`` and ``marks`` are those the file was made with; the place of each symbol
    is computed from them and not taken from the file. Each place is drawn from the bytes of the
    file at four pixels per module and decoded. A surplus page is a failure.
    """
    spots = list(impose((plate.design for plate in plates), sheet, marks=marks))
    with closing(pypdfium2.PdfDocument(data)) as document:
        pages = spots[-1].page + 1 if spots else 0
        read: list[Texts | None] = []
        for number, group in groupby(
            zip(plates, spots, strict=True), key=lambda pair: pair[1].page
        ):
            if number >= len(document):
                read += [None for _ in group]
                continue
            page = document[number]
            for plate, spot in group:
                picture = draw_symbol(page, plate, spot)
                if picture is None or not has_quiet_zone(picture, plate.symbol.size):
                    read.append(())  # as good as unread, whatever the readers return
                    continue
                # A clean symbol by itself and, if that fails, within its plate.
                alone = read_symbols(picture)
                read.append(alone or read_symbols(draw_view(page, plate, spot).picture))
            page.close()
        surplus: list[Texts] = [()] * max(len(document) - pages, 0)
    return _proof([*read, *surplus], [plate.content.payload for plate in plates])


def _read_pages(data: bytes, scale: float) -> Iterator[Texts]:
    document = pypdfium2.PdfDocument(data)
    try:
        for page in document:
            bitmap = page.render(scale=scale, grayscale=True)
            yield read_symbols(bitmap.to_numpy())
            bitmap.close()
            page.close()
    finally:
        document.close()


def _proof(read: Sequence[Texts | None], expected: Sequence[str]) -> Proof:
    pairs = list(zip_longest(read, expected))
    failures = []
    for place, (texts, wanted) in enumerate(pairs, start=1):
        if texts is None:
            reason = "the file has no such page; write the file again"
        elif wanted is None:
            reason = "the file has a surplus page; write the file again"
        elif texts == (wanted,):
            continue
        elif not texts:
            reason = f"{_NO_SYMBOL}; check quiet zone, colours and size of the design"
        elif len(texts) > 1:
            reason = f"one plate has {len(texts)} symbols; write the file again"
        else:
            reason = f"reads {texts[0]!r}, another plate's symbol; write the file again"
        failures.append(ProofFailure(place, wanted or "", texts or (), reason))
    return Proof(tuple(texts for texts, _ in pairs), tuple(failures))

"""Renders the symbols of plates as a camera sees them, from the finished file of a design."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from io import BytesIO

import numpy as np
import pypdfium2

from address_model.tokens import ALPHABET
from qr.content import PlateContent
from qr.designs import Design
from qr.fonts import Fonts
from qr.imposition import impose
from qr.layout import LaidOutPlate, PlateSpec, lay_out_all
from qr.payload import make_payload
from qr.pdf import PdfBook
from qr.symbol import Level
from qr.views import draw_view
from qr.wear import WornView


def list_tokens(count: int, seed: int) -> list[str]:
    """Draw tokens from a fixed seed."""
    letters = np.random.default_rng(seed).integers(0, len(ALPHABET), (count, 10))
    return ["".join(ALPHABET[i] for i in row) for row in letters]


def lay_out_plates(
    design: Design, host: str, count: int, fonts: Fonts, *, level: Level = "H", seed: int = 1
) -> list[LaidOutPlate]:
    """Plates 1 … ``count`` of a street for a host, with symbols of a level."""
    changed = replace(design, symbol=replace(design.symbol, level=level))
    orders = [
        PlateSpec(
            changed,
            PlateContent(
                plate_id=token,
                payload=make_payload(f"https://{host}", token),
                name="河坊街",
                pinyin="HEFANG JIE",
                number=str(number),
                code="3301021234567833",
                authority="示例市地名管理部门",
                note="示例数据",
            ),
        )
        for number, token in enumerate(list_tokens(count, seed), start=1)
    ]
    return [plate for plate in lay_out_all(orders, fonts) if isinstance(plate, LaidOutPlate)]


def write_book(plates: Sequence[LaidOutPlate], fonts: Fonts) -> bytes:
    """The file of these plates, one per page."""
    target = BytesIO()
    with PdfBook(target, fonts) as book:
        for plate in plates:
            book.add(plate)
    return target.getvalue()


def draw_views(data: bytes, plates: Sequence[LaidOutPlate]) -> Iterator[WornView]:
    """The symbol of each plate within it, rendered from the bytes of a file."""
    spots = impose(plate.design for plate in plates)
    with closing(pypdfium2.PdfDocument(data)) as document:
        for plate, spot in zip(plates, spots, strict=True):
            yield draw_view(document[spot.page], plate, spot)

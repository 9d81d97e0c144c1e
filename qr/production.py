"""From orders to proven PDF volumes; a plate that cannot be made does not affect others."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from qr.errors import SymbolUnproven
from qr.fonts import Fonts
from qr.imposition import Sheet
from qr.layout import LaidOutPlate, LayoutRefusal, PlateSpec, Series, lay_out_all
from qr.pdf import PdfBook
from qr.proof import prove_book


@dataclass(frozen=True, slots=True)
class Press:
    """How volumes are made: fonts, plates per file, the maker's sheet, crop marks, series."""

    fonts: Fonts
    per_volume: int = 1000
    sheet: Sheet | None = None
    marks: bool = False
    series: Series = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Volume:
    """One finished file and its plates; ``number`` counts from 1.

    ``data`` is empty when none of its plates could be made.
    """

    number: int
    data: bytes
    plates: tuple[LaidOutPlate, ...]
    refused: tuple[LayoutRefusal, ...]


def print_volumes(orders: Iterable[PlateSpec], press: Press) -> Iterator[Volume]:
    """Make PDF volumes in the order given, each read back from its bytes before it is returned.

    Memory holds one volume, whatever the number of orders. Orders that cannot be made, and plates
    whose symbol did not read back, are in ``refused`` of the volume they belong to.
    Raises SheetTooSmall when the press's sheet does not hold a design.
    """
    number = 1
    plates: list[LaidOutPlate] = []
    refused: list[LayoutRefusal] = []
    for laid in lay_out_all(orders, press.fonts, press.series):
        if isinstance(laid, LayoutRefusal):
            refused.append(laid)
            continue
        plates.append(laid)
        if len(plates) == press.per_volume:
            yield _proven_volume(number, plates, refused, press)
            number, plates, refused = number + 1, [], []
    if plates or refused:
        yield _proven_volume(number, plates, refused, press)


def make_volume(orders: Iterable[PlateSpec], press: Press, number: int = 1) -> Volume:
    """Make one file of all orders that can be made, unproven; the caller must read it back.

    Raises SheetTooSmall when the press's sheet does not hold a design.
    """
    plates: list[LaidOutPlate] = []
    refused: list[LayoutRefusal] = []
    for laid in lay_out_all(orders, press.fonts, press.series):
        if isinstance(laid, LayoutRefusal):
            refused.append(laid)
        else:
            plates.append(laid)
    data = _write(plates, press) if plates else b""
    return Volume(number, data, tuple(plates), tuple(refused))


def _proven_volume(
    number: int, plates: list[LaidOutPlate], refused: list[LayoutRefusal], press: Press
) -> Volume:
    """Write and read back; plates that fail are left out and the file is written again."""
    good, bad = plates, list(refused)
    while good:
        data = _write(good, press)
        proof = prove_book(data, good, sheet=press.sheet, marks=press.marks)
        if proof.passed:
            return Volume(number, data, tuple(good), tuple(bad))
        failed = {failure.place - 1: failure.reason for failure in proof.failures}
        for i, plate in enumerate(good):
            if i in failed:
                error = SymbolUnproven(failed[i], plate_id=plate.content.plate_id)
                bad.append(LayoutRefusal(plate.content, error))
        good = [plate for i, plate in enumerate(good) if i not in failed]
    return Volume(number, b"", (), tuple(bad))


def _write(plates: Sequence[LaidOutPlate], press: Press) -> bytes:
    buffer = BytesIO()
    with PdfBook(buffer, press.fonts, sheet=press.sheet, marks=press.marks) as book:
        for plate in plates:
            book.add(plate)
    return buffer.getvalue()

"""Makes one file of a batch, puts it into the store, and reads every plate back from there."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from address_model.elements import Elements
from qr.fonts import Fonts, find_fonts
from qr.imposition import impose
from qr.layout import LaidOutPlate, LayoutRefusal, PlateSpec, Series, measure_series
from qr.production import Press, make_volume
from qr.proof import prove_book
from qr.worn_proof import WornReading, read_worn
from service.batches.request import PrintOptions
from service.core.files import FileStore
from service.core.settings import get_settings
from service.divisions.imprints import Imprint
from service.plates.print_content import NO_IMPRINT, number_order_of, order_of
from service.plates.queries import PlateRow
from service.runs.commands import RunBlocked

WORN_EVERY = 50
"""Of each file the first plate and then every so-manieth is read after wear as well."""

NAMED = 20
"""So many bad plates are named with their reason; the others are counted."""


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """One finished and proven file, its plates in order.

    ``spots`` are page and place on it of each plate, from 1; ``read`` is what the symbol of each
    was read to say; ``worn`` what a sample says after wear, which blocks no file. ``borrowed`` are
    the characters in it that are not of the plates' own face.
    """

    name: str
    sha256: str
    size: int
    pages: int
    tokens: tuple[str, ...]
    spots: tuple[tuple[int, int], ...]
    read: tuple[str, ...]
    worn: tuple[WornReading, ...]
    borrowed: str = ""


@dataclass(frozen=True, slots=True)
class BatchTexts:
    """What the texts of a batch's plates of one design depend on besides their addresses."""

    design: str
    imprint_of: Callable[[int], Imprint] = lambda _: NO_IMPRINT
    series: Series = field(default_factory=dict)

    def orders_of(self, plates: Sequence[PlateRow], authority: str) -> list[PlateSpec]:
        """The plates as they are ordered; ``authority`` stands where a division names nobody."""
        return [
            order_of(
                plate,
                authority=authority,
                design=self.design,
                imprint=self.imprint_of(plate.division_id),
            )
            for plate in plates
        ]


def measure_batch(listed: Sequence[Elements], design: str) -> Series:
    """The widest number of each street in a batch: its files are even with one another."""
    orders = (number_order_of(elements, design) for elements in listed)
    return measure_series(orders, fonts_of(get_settings().font))


def render_file(
    plates: Sequence[PlateRow], make: PrintOptions, store: FileStore, name: str, texts: BatchTexts
) -> RenderedFile:
    """Make the file of these plates, store it, and prove it from the bytes that the store gives.

    Raises:
        RunBlocked: a plate cannot be made or does not read; the file is taken away again.
        FilesUnavailable: the store cannot be written to.
    """
    press = Press(fonts_of(get_settings().font), len(plates), make.sheet, make.marks, texts.series)
    volume = make_volume(texts.orders_of(plates, make.authority), press)
    rows = {plate.token: plate for plate in plates}
    if volume.refused:
        raise _blocked([_refusal(rows, refusal) for refusal in volume.refused])
    store.write(name, volume.data)
    try:
        data = store.read(name)
        read = _prove(data, volume.plates, make, rows)
    except RunBlocked:
        store.remove(name)
        raise
    worn = read_worn(data, volume.plates, every=WORN_EVERY, sheet=make.sheet, marks=make.marks)
    tokens = tuple(plate.content.plate_id for plate in volume.plates)
    spots = _spots(volume.plates, make)
    digest = hashlib.sha256(data).hexdigest()
    short = name.rsplit("/", 1)[-1]
    borrowed = "".join(sorted({one for plate in volume.plates for one in plate.borrowed}))
    return RenderedFile(
        name=short,
        sha256=digest,
        size=len(data),
        pages=spots[-1][0],
        tokens=tokens,
        spots=spots,
        read=read,
        worn=tuple(worn),
        borrowed=borrowed,
    )


def _prove(
    data: bytes, plates: Sequence[LaidOutPlate], make: PrintOptions, rows: dict[str, PlateRow]
) -> tuple[str, ...]:
    """What the symbol of every plate says, read from the file."""
    proof = prove_book(data, plates, sheet=make.sheet, marks=make.marks)
    if not proof.passed:
        tokens = [plate.content.plate_id for plate in plates]
        raise _blocked(
            [
                f"{_named(rows, tokens[failure.place - 1])}: {failure.reason}"
                if failure.place <= len(tokens)
                else failure.reason
                for failure in proof.failures
            ]
        )
    return tuple(text for texts in proof.read for text in texts or ())


def _spots(plates: Sequence[LaidOutPlate], make: PrintOptions) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for spot in impose((plate.design for plate in plates), make.sheet, marks=make.marks):
        page = spot.page + 1
        place = found[-1][1] + 1 if found and found[-1][0] == page else 1
        found.append((page, place))
    return tuple(found)


def _blocked(reasons: Sequence[str]) -> RunBlocked:
    more = f"; and {len(reasons) - NAMED} more" if len(reasons) > NAMED else ""
    plural = "plate is" if len(reasons) == 1 else "plates are"
    return RunBlocked(
        f"{len(reasons)} {plural} bad: {'; '.join(reasons[:NAMED])}{more}",
        hint="correct the address, or leave it out (`menpai plates batch leave-out`), then resume",
    )


def _refusal(rows: dict[str, PlateRow], refusal: LayoutRefusal) -> str:
    return f"{_named(rows, refusal.content.plate_id)}: {refusal.error.message}"


def _named(rows: dict[str, PlateRow], token: str) -> str:
    plate = rows[token]
    return f"{plate.code} {plate.standard_text}"


@lru_cache(maxsize=1)
def fonts_of(path: Path | None) -> Fonts:
    """The fonts of this process: opened once, because what is drawn with them is remembered."""
    return find_fonts(path)

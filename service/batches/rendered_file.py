"""Renders one file of a batch, stores it, and reads every plate back from the store."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from address_model.elements import Elements
from qr.fonts import Fonts, find_fonts
from qr.imposition import impose
from qr.layout import LaidOutPlate, PlateSpec, Series, measure_series
from qr.production import Press, make_volume
from qr.proof import prove_book
from qr.worn_proof import WornReading, read_worn
from service.batches.request import PrintOptions
from service.core.files import FileStore
from service.divisions.imprints import Imprint
from service.plates.print_content import NO_IMPRINT, number_spec_of, spec_of
from service.plates.queries import PlateRow
from service.runs.commands import RunBlocked

WORN_EVERY = 50
"""The first plate of each file, and then every n-th, is also read after simulated wear."""

NAMED = 20
"""How many bad plates an error names; the others are counted."""


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """One rendered and proven file, its plates in order.

    ``spots`` are the page of each plate and its place on that page, from 1; ``read`` are the
    payloads read back; ``worn`` are the readings of the sample after wear, which do not block the
    file. ``borrowed`` are the characters set in the fallback font.
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
    """What the texts of plates of one design depend on besides their addresses."""

    design: str
    fonts: Fonts
    imprint_of: Callable[[int], Imprint] = lambda _: NO_IMPRINT
    series: Series = field(default_factory=dict)

    def specs_of(self, plates: Sequence[PlateRow], authority: str) -> list[PlateSpec]:
        """The specs of plates; ``authority`` is printed where a division names none."""
        return [
            spec_of(
                plate,
                authority=authority,
                design=self.design,
                imprint=self.imprint_of(plate.division_id),
            )
            for plate in plates
        ]


def measure_batch(listed: Sequence[Elements], design: str, fonts: Fonts) -> Series:
    """The widest number of each street in a batch, so that all its files use one size."""
    orders = (number_spec_of(elements, design) for elements in listed)
    return measure_series(orders, fonts)


def render_file(
    plates: Sequence[PlateRow], make: PrintOptions, store: FileStore, name: str, texts: BatchTexts
) -> RenderedFile:
    """Render the file of these plates, store it, and prove it from the stored bytes.

    Raises:
        RunBlocked: a plate cannot be laid out or read back; the file is removed again.
        FilesUnavailable: the store cannot be written to.
    """
    press = Press(texts.fonts, len(plates), make.sheet, make.marks, texts.series)
    volume = make_volume(texts.specs_of(plates, make.authority), press)
    rows = {plate.token: plate for plate in plates}
    if volume.refused:
        raise _blocked(
            [f"{_named(rows, one.content.plate_id)}: {one.error.message}" for one in volume.refused]
        )
    store.write(name, volume.data)
    try:
        data = store.read(name)
        read = _prove(data, volume.plates, make, rows)
    except RunBlocked:
        store.remove(name)
        raise
    worn = read_worn(data, volume.plates, every=WORN_EVERY, sheet=make.sheet, marks=make.marks)
    tokens = tuple(plate.content.plate_id for plate in volume.plates)
    spots: list[tuple[int, int]] = []  # page and place on it, from 1
    for spot in impose((one.design for one in volume.plates), make.sheet, marks=make.marks):
        place = spots[-1][1] + 1 if spots and spots[-1][0] == spot.page + 1 else 1
        spots.append((spot.page + 1, place))
    digest = hashlib.sha256(data).hexdigest()
    short = name.rsplit("/", 1)[-1]
    borrowed = "".join(sorted({one for plate in volume.plates for one in plate.borrowed}))
    return RenderedFile(
        name=short,
        sha256=digest,
        size=len(data),
        pages=spots[-1][0],
        tokens=tokens,
        spots=tuple(spots),
        read=read,
        worn=tuple(worn),
        borrowed=borrowed,
    )


def _prove(
    data: bytes, plates: Sequence[LaidOutPlate], make: PrintOptions, rows: dict[str, PlateRow]
) -> tuple[str, ...]:
    """The payload of every plate, read from the file."""
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


def _blocked(reasons: Sequence[str]) -> RunBlocked:
    more = f"; and {len(reasons) - NAMED} more" if len(reasons) > NAMED else ""
    plural = "plate is" if len(reasons) == 1 else "plates are"
    return RunBlocked(
        f"{len(reasons)} {plural} bad: {'; '.join(reasons[:NAMED])}{more}",
        hint="correct the address or leave it out (`menpai plates batch leave-out`), then resume",
    )


def _named(rows: dict[str, PlateRow], token: str) -> str:
    plate = rows[token]
    return f"{plate.code} {plate.standard_text}"


@lru_cache(maxsize=1)
def fonts_of(path: Path | None) -> Fonts:
    """The fonts, opened once per process: glyphs that were drawn are cached in them."""
    return find_fonts(path)

"""Makes one file of a batch, puts it into the store, and reads every plate back from there."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from qr.fonts import Fonts, find_fonts
from qr.imposition import impose
from qr.layout import Plate, Refusal
from qr.production import Press, make_volume
from qr.proof import prove_book
from qr.worn_proof import WornReading, read_worn
from service.core.files import FileStore
from service.core.settings import get_settings
from service.plates.queries import PlateRow
from service.plates.wishes import Make
from service.plates.wording import order_of
from service.runs.commands import RunBlocked

WORN_EVERY = 50
"""Of each file the first plate and then every so-manieth is read after wear as well."""

NAMED = 20
"""So many bad plates are named with their reason; the others are counted."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """One finished and proven file, its plates in order.

    ``spots`` are page and place on it of each plate, from 1; ``read`` is what the symbol of each
    was read to say; ``worn`` what a sample says after wear, which blocks no file.
    """

    name: str
    sha256: str
    size: int
    pages: int
    tokens: tuple[str, ...]
    spots: tuple[tuple[int, int], ...]
    read: tuple[str, ...]
    worn: tuple[WornReading, ...]


def press_file(
    plates: Sequence[PlateRow], make: Make, store: FileStore, name: str, design: str
) -> Pressed:
    """Make the file of these plates, store it, and prove it from the bytes that the store gives.

    Raises:
        RunBlocked: a plate cannot be made or does not read; the file is taken away again.
        FilesUnavailable: the store cannot be written to.
    """
    press = Press(fonts_of(get_settings().font), len(plates), make.sheet, make.marks)
    orders = (order_of(plate, authority=make.authority, design=design) for plate in plates)
    volume = make_volume(orders, press)
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
    return Pressed(short, digest, len(data), spots[-1][0], tokens, spots, read, tuple(worn))


def _prove(
    data: bytes, plates: Sequence[Plate], make: Make, rows: dict[str, PlateRow]
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


def _spots(plates: Sequence[Plate], make: Make) -> tuple[tuple[int, int], ...]:
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
        mend="correct the address, or leave it out (`menpai plates batch leave-out`), then resume",
    )


def _refusal(rows: dict[str, PlateRow], refusal: Refusal) -> str:
    return f"{_named(rows, refusal.content.plate_id)}: {refusal.error.message}"


def _named(rows: dict[str, PlateRow], token: str) -> str:
    plate = rows[token]
    return f"{plate.code} {plate.standard_text}"


@lru_cache(maxsize=1)
def fonts_of(path: Path | None) -> Fonts:
    """The fonts of this process: opened once, because what is drawn with them is remembered."""
    return find_fonts(path)

"""Prints files of plates; every QR code is read back before its file is written."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from qr.archive import Form, write_zip
from qr.fonts import Fonts
from qr.imposition import Sheet
from qr.layout import LayoutRefusal, PlateSpec, Series, measure_series
from qr.production import Press, print_volumes
from qr.proof import read_pdf, read_png
from service.core.faults import EnvironmentFault
from service.core.sheets import whole_file
from service.divisions.imprints import Imprint
from service.plates.payload_host import require_public_host
from service.plates.print_content import NO_IMPRINT, blank_spec_of, spec_of
from service.plates.queries import BlankRow, PlateRow

Advance = Callable[[int], None]
Printable = PlateRow | BlankRow


@dataclass
class Printed:
    """The result: the files, the tokens in them in order, and the plates left out."""

    files: list[Path] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    refused: list[LayoutRefusal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """Print options: folder, fonts, authority, sheets.

    ``imprint_of`` returns the imprint of a division by its id; ``series`` is the result of
    ``measure_numbers`` for all plates printed together. With ``for_trial`` every plate bears 试印,
    as those of a trial batch do anyway.
    """

    folder: Path
    fonts: Fonts
    authority: str = ""
    per_file: int = 1000
    sheet: Sheet | None = None
    marks: bool = False
    imprint_of: Callable[[int], Imprint] = lambda _: NO_IMPRINT
    series: Series = field(default_factory=dict)
    for_trial: bool = False


def measure_numbers(plates: Iterable[Printable], fonts: Fonts) -> Series:
    """The widest number of each street, which sets the size of all numbers on it."""
    orders = (spec_of(plate, authority="") for plate in plates if isinstance(plate, PlateRow))
    return measure_series(orders, fonts)


def print_pdf(
    plates: Iterable[Printable], order: PrintOrder, advance: Advance = lambda _: None
) -> Printed:
    """Write PDF volumes, one plate per page or imposed on the maker's sheet.

    A plate that cannot be laid out or read back is left out and reported.

    Raises:
        EnvironmentFault: the folder cannot be created.
        SheetFault: a file cannot be written.
        DeadHost: the public could not open the QR code of a plate that is not for trial.
    """
    press = Press(order.fonts, order.per_file, order.sheet, order.marks, order.series)
    done = Printed()
    for volume in print_volumes(_orders(plates, order), press):
        done.refused += volume.refused
        if volume.data:
            path = order.folder / f"plates-{volume.number:04d}.pdf"
            save(path, volume.data)
            done.files.append(path)
            done.tokens += [plate.content.plate_id for plate in volume.plates]
        advance(len(volume.plates) + len(volume.refused))
    return done


def print_zip(plates: Iterable[Printable], order: PrintOrder, form: Form) -> Printed:
    """Write one ZIP with a file per plate (pdf, png, svg or dxf), named by token, and its lists.

    Raises: as ``print_pdf``.
    """
    path = order.folder / f"plates-{form}.zip"
    _make_folder(order.folder)
    with whole_file(path) as part, part.open("wb") as target:
        contents = write_zip(target, _orders(plates, order), order.fonts, form, order.series)
    return Printed([path], list(contents.plates), list(contents.refused))


def read_payloads(path: Path) -> tuple[str, ...]:
    """The payloads of the QR codes in a PDF or PNG file."""
    data = path.read_bytes()
    return read_pdf(data) if data.startswith(b"%PDF") else read_png(data)


def _orders(plates: Iterable[Printable], order: PrintOrder) -> Iterator[PlateSpec]:
    for row in plates:
        plate = replace(row, is_trial=row.is_trial or order.for_trial)
        require_public_host(plate.payload_prefix, is_trial=plate.is_trial)
        if isinstance(plate, BlankRow):
            yield blank_spec_of(plate, authority=order.authority)
        else:
            imprint = order.imprint_of(plate.division_id)
            yield spec_of(plate, authority=order.authority, imprint=imprint)


def save(path: Path, data: bytes) -> Path:
    """Write a file atomically, creating its folder if needed; return its path.

    Raises:
        EnvironmentFault: the folder cannot be created.
        SheetFault: the file cannot be written.
    """
    _make_folder(path.parent)
    with whole_file(path) as part:
        part.write_bytes(data)
    return path


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault(
            f"{folder} cannot be created: {error.strerror or error}",
            hint="choose another folder with --out: a new one, or one that this user can write to",
        ) from error

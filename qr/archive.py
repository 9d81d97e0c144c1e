"""A ZIP with one proven file per plate, and lists of the plates included and refused."""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import BinaryIO, Literal
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from qr.dxf import draw_dxf
from qr.errors import FileNameRefused, PlateError, SymbolUnproven
from qr.fonts import Fonts
from qr.inspect import inspect_symbol
from qr.layout import ALONE, LaidOutPlate, LayoutRefusal, PlateSpec, Series, lay_out_all
from qr.pdf import draw_pdf
from qr.png import draw_png
from qr.proof import Proof, prove_book, prove_drawing, prove_picture
from qr.svg import draw_svg

Form = Literal["pdf", "png", "svg", "dxf"]

_EPOCH = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16
_SAMPLE = 10
"""Every n-th SVG or DXF file, from the first, is read back: reading is slow."""

_NAME = re.compile(r"[0-9A-Za-z_-]{1,64}")
_COLUMNS = (
    "file", "plate", "name", "number", "code", "payload", "design", "width_mm", "height_mm",
    "module_mm", "quiet_zone_mm", "distance_m", "version", "level",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contents:
    """The plates in an archive, by token, and those refused."""

    plates: tuple[str, ...]
    refused: tuple[LayoutRefusal, ...]


def write_zip(
    target: BinaryIO, orders: Iterable[PlateSpec], fonts: Fonts, form: Form, series: Series = ALONE
) -> Contents:
    """Write one file for each plate, named by its token, and close the archive, not the target.

    ``manifest.csv`` lists the files, ``refused.csv`` the plates that cannot be made or did not
    read back; the others are written all the same. The same input gives the same bytes. Memory
    holds one plate and the lists.
    """
    lines: list[Sequence[object]] = [_COLUMNS]
    refused: list[LayoutRefusal] = []
    written: dict[str, None] = {}
    with ZipFile(target, "w") as archive:
        for laid in lay_out_all(orders, fonts, series):
            if isinstance(laid, LayoutRefusal):
                refused.append(laid)
                continue
            try:
                plate_id = laid.content.plate_id
                if not _NAME.fullmatch(plate_id):
                    raise FileNameRefused(
                        f"{plate_id!r} cannot name a file; use letters, digits, - and _"
                    )
                if plate_id in written:
                    raise FileNameRefused("the token occurs twice in this order; print it once")
                name = f"{plate_id}.{form}"
                data = _make(laid, fonts, form, proven=len(written) % _SAMPLE == 0)
            except PlateError as error:
                refused.append(LayoutRefusal(laid.content, error.on(laid.content.plate_id)))
                continue
            _add(archive, name, data)
            written[laid.content.plate_id] = None
            lines.append(_line(name, laid))
        _add(archive, "manifest.csv", _table(lines))
        if refused:
            reasons = [(refusal.content.plate_id, refusal.error.message) for refusal in refused]
            _add(archive, "refused.csv", _table([("plate", "reason"), *reasons]))
    return Contents(tuple(written), tuple(refused))


def _make(plate: LaidOutPlate, fonts: Fonts, form: Form, *, proven: bool) -> bytes:
    draw: dict[Form, Callable[[LaidOutPlate, Fonts], bytes]]
    draw = {"pdf": draw_pdf, "png": draw_png, "svg": draw_svg, "dxf": draw_dxf}
    data = draw[form](plate, fonts)
    proof: Proof | None
    if form == "pdf":
        proof = prove_book(data, [plate])
    elif form == "png":
        proof = prove_picture(data, plate)
    else:
        proof = prove_drawing(data, plate) if proven else None
    if proof and not proof.passed:
        raise SymbolUnproven(proof.failures[0].reason)
    return data


def _add(archive: ZipFile, name: str, data: bytes) -> None:
    entry = ZipInfo(name, _EPOCH)
    entry.compress_type = ZIP_STORED if name.endswith((".png", ".pdf")) else ZIP_DEFLATED
    entry.external_attr = _READABLE
    archive.writestr(entry, data)


def _line(name: str, plate: LaidOutPlate) -> tuple[object, ...]:
    content, design = plate.content, plate.design
    found = inspect_symbol(plate.symbol, design.symbol.box.width)
    texts = (name, content.plate_id, content.name, content.full_number, content.grouped_code)
    return (
        *texts, content.payload, design.name, f"{design.face.width:g}", f"{design.face.height:g}",
        f"{found.module:.3f}", f"{found.quiet_zone:.2f}", f"{found.distance:.2f}",
        found.version, found.level,
    )  # fmt: skip


def _table(lines: Iterable[Sequence[object]]) -> bytes:
    """CSV with a byte order mark, as Chinese spreadsheets expect; no cell is a formula."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    for line in lines:
        cells = [str(cell) for cell in line]
        writer.writerow(
            [f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell for cell in cells]
        )
    return buffer.getvalue().encode("utf-8-sig")

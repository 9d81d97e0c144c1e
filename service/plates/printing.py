"""Makes the files of plates: what stands on each, one PDF for all or one PNG each, all proven."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from address_model.pinyin import spell_name
from qr.content import PlateContent
from qr.designs import Design, get_design
from qr.fonts import Fonts
from qr.payload import Case, make_payload
from qr.pdf import write_pdf
from qr.png import write_png
from qr.proof import Proof, prove_pdf, prove_png, read_pdf, read_png
from service.core.errors import PlateUnreadable
from service.core.faults import EnvironmentFault
from service.plates.queries import PlateRow


@dataclass(frozen=True, slots=True)
class Printed:
    """One file for the plate maker and the plates in it, in order."""

    path: Path
    tokens: tuple[str, ...]


def content_of(plate: PlateRow, *, authority: str) -> PlateContent:
    """What stands on a plate: the street's name, the number with its quantifier, code and QR."""
    elements = plate.elements
    numbered = elements.number or elements.building or elements.room
    lanes = "".join(map(str, elements.lanes))
    group = str(elements.group) if elements.group else ""
    name = elements.street + (lanes or group)
    return PlateContent(
        plate_id=plate.token,
        payload=plate.payload,
        name=name,
        pinyin=spell_name(elements.street).upper() if elements.street else "",
        number=f"{numbered.prefix}{numbered.number}" if numbered else "",
        suffix=numbered.suffix if numbered else "",
        quantifier=numbered.quantifier if numbered else "",
        code=plate.code,
        authority=authority,
        note="示例数据" if plate.is_sample else "",
    )


def print_pdf(
    plates: Iterable[PlateRow],
    folder: Path,
    fonts: Fonts,
    *,
    authority: str,
    advance: Callable[[int], None] = lambda _: None,
    per_file: int = 500,
) -> list[Printed]:
    """Write PDFs of one plate a page, up to ``per_file`` plates each; every plate is read back.

    Raises:
        PlateError: a plate cannot be drawn; it is named.
        PlateUnreadable: a plate does not read back; it is named, and its file is not written.
        EnvironmentFault: the folder cannot be written to.
    """
    done: list[Printed] = []
    for number, group in enumerate(_groups(plates, per_file), start=1):
        design = get_design(group[0].design)
        contents = [content_of(plate, authority=authority) for plate in group]
        data = write_pdf(design, contents, fonts=fonts)
        _require(prove_pdf(data, [content.payload for content in contents]), group)
        path = folder / f"plates-{number:04d}.pdf"
        _write(path, data)
        done.append(Printed(path, tuple(plate.token for plate in group)))
        advance(len(group))
    return done


def print_png(
    plates: Iterable[PlateRow],
    folder: Path,
    fonts: Fonts,
    *,
    authority: str,
    advance: Callable[[int], None] = lambda _: None,
) -> list[Printed]:
    """Write one PNG (300 dpi) a plate, named by its token; every plate is read back."""
    done: list[Printed] = []
    designs: dict[str, Design] = {}
    for plate in plates:
        design = designs.setdefault(plate.design, get_design(plate.design))
        content = content_of(plate, authority=authority)
        data = write_png(design, content, fonts=fonts)
        _require(prove_png(data, content.payload), [plate])
        path = folder / f"{plate.token}.png"
        _write(path, data)
        done.append(Printed(path, (plate.token,)))
        advance(1)
    return done


def payload_prefix(public_url: str, case: Case) -> str:
    """What every QR code of a batch begins with: scheme and host of the public URL."""
    token = "0" * 10
    return make_payload(public_url, token, case).removesuffix(token)


def read_payloads(path: Path) -> tuple[str, ...]:
    """What the QR codes of a finished file say."""
    data = path.read_bytes()
    return read_pdf(data) if data.startswith(b"%PDF") else read_png(data)


def _require(proof: Proof, plates: list[PlateRow]) -> None:
    if not proof.passed:
        failure = proof.failures[0]
        named = plates[failure.place - 1].token if failure.place <= len(plates) else "?"
        raise PlateUnreadable(f"plate {named}: {failure.reason}", mend="nothing was written")


def _groups(plates: Iterable[PlateRow], size: int) -> Iterator[list[PlateRow]]:
    """Plates of one design after another, in groups."""
    group: list[PlateRow] = []
    for plate in plates:
        if group and (len(group) == size or plate.design != group[0].design):
            yield group
            group = []
        group.append(plate)
    if group:
        yield group


def _write(path: Path, data: bytes) -> None:
    """Write a file beside its place and rename it, so that no half of it is ever seen."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".menpai-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise EnvironmentFault(
            f"cannot write {path}: {error.strerror}",
            mend="choose another folder with --out, or make room on the disk",
        ) from error

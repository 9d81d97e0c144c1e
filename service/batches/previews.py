"""Previews of plates before they are made: the real layout, with a sample token."""

from dataclasses import dataclass
from pathlib import Path

from qr.designs import get_design, list_designs
from qr.errors import PlateError
from qr.gallery import list_samples
from qr.layout import PlateSpec
from qr.png import write_png
from service.batches.queries.batch_list import find_listed, list_first_places
from service.batches.queries.batches import BatchRow
from service.batches.rendered_file import fonts_of
from service.batches.request import PrintOptions
from service.core.database import Session
from service.core.errors import BadRequest, NotFound
from service.core.pool import STAFF
from service.divisions.queries import Imprints
from service.plates.faces import design_name
from service.plates.print_content import AUTO, spec_of

WIDTH = 640
"""The longer side of a preview, in pixels."""

_MM_PER_INCH = 25.4


class PreviewNotFound(NotFound):
    """The batch has no such address, or there is no such design."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The first plate of a design in a batch: its place in the list, and its address."""

    place: int
    design: str
    text: str


def list_previews(session: Session, batch: BatchRow) -> list[Preview]:
    """The first plate of each design in the current list of a batch.

    The design follows from the elements that an address has, so one address per combination is
    read.
    """
    places = list_first_places(session, batch.id)
    found: dict[str, Preview] = {}
    for place, plate in find_listed(session, batch, places).items():
        design = design_name(plate.elements) if batch.design == AUTO else batch.design
        found.setdefault(design, Preview(place, design, plate.standard_text))
    return list(found.values())


def draw_preview(session: Session, batch: BatchRow, place: int, font: Path | None) -> bytes:
    """The PNG of the plate at a place in a batch's list; its QR code belongs to no plate.

    Raises:
        PreviewNotFound: the list has no such place.
        BadRequest: the plate cannot be laid out.
    """
    plate = find_listed(session, batch, [place]).get(place)
    if plate is None:
        raise PreviewNotFound(
            f"the list of batch {batch.id} has no place {place}", zh="名单里没有这一行。"
        )
    authority = PrintOptions(**batch.print_options).authority  # type: ignore[arg-type]
    imprint = Imprints(session).of(plate.division_id)
    order = spec_of(plate, authority=authority, imprint=imprint)
    return _picture(STAFF.compute(_draw, order, font))


def draw_design(name: str, font: Path | None) -> bytes:
    """The PNG of a design with the shortest of its sample texts.

    Raises:
        PreviewNotFound: there is no such design.
    """
    if name not in list_designs():
        raise PreviewNotFound(f"no design is named {name!r}", zh="没有这种样式。")
    design = get_design(name)
    content = next(iter(list_samples(design).values()))
    return _picture(STAFF.compute(_draw, PlateSpec(design, content), font))


def _picture(drawn: bytes | str) -> bytes:
    if isinstance(drawn, str):
        raise BadRequest(drawn, hint="correct the address or leave it out", zh=drawn)
    return drawn


def _draw(order: PlateSpec, font: Path | None) -> bytes | str:
    """The PNG, or why it cannot be drawn; runs in a process of the pool."""
    face = order.design.face
    dpi = round(WIDTH * _MM_PER_INCH / max(face.width, face.height))
    try:
        return write_png(order.design, order.content, dpi=dpi, fonts=fonts_of(font))
    except PlateError as error:
        return str(error)

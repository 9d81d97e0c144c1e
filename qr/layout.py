"""A plate as a display list: design and content become places in millimetres."""

from dataclasses import dataclass

from qr.content import PlateContent
from qr.designs.specification import Design, Slot
from qr.errors import PayloadTooLong
from qr.fonts import Fonts
from qr.symbol import Symbol, make_symbol
from qr.typesetting import TextRun, set_line


@dataclass(frozen=True, slots=True)
class Plate:
    """One plate laid out: what every writer draws, and nothing it has to decide."""

    design: Design
    content: PlateContent
    symbol: Symbol
    runs: tuple[TextRun, ...]

    @property
    def module(self) -> float:
        """The width of one module of the symbol in mm."""
        return self.symbol.module_size(self.design.symbol.box.width)


def lay_out(design: Design, content: PlateContent, fonts: Fonts) -> Plate:
    """Place every text and the symbol of a plate.

    Raises TextTooLong, GlyphMissing or PayloadTooLong, each naming the plate.
    """
    runs: list[TextRun] = []
    for slot in design.slots:
        if _is_used(slot, content):
            text = slot.prefix + getattr(content, slot.text)
            runs += set_line(slot, text, fonts, plate_id=content.plate_id)
    return Plate(design, content, _fitting_symbol(design, content), tuple(runs))


def _is_used(slot: Slot, content: PlateContent) -> bool:
    wanted = not slot.present or getattr(content, slot.present)
    hindered = slot.absent and getattr(content, slot.absent)
    return bool(getattr(content, slot.text) and wanted and not hindered)


def _fitting_symbol(design: Design, content: PlateContent) -> Symbol:
    place = design.symbol
    symbol = make_symbol(content.payload, place.level)
    module = symbol.module_size(place.box.width)
    if module < place.smallest_module:
        raise PayloadTooLong(
            f"payload {content.payload!r} needs modules of {module:.2f} mm on design "
            f"{design.name}, at least {place.smallest_module:g} are read outdoors; "
            f"use a shorter host or a larger design",
            plate_id=content.plate_id,
        )
    return symbol

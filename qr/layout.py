"""Lays out plates: design and content become a display list in millimetres."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from qr.content import PlateContent
from qr.designs.specification import Design, Slot
from qr.errors import PlateError
from qr.fonts import Fonts
from qr.inspect import check_symbol
from qr.symbol import Symbol, make_symbol
from qr.symbol_series import make_symbols
from qr.trial_mark import mark_trial
from qr.typesetting import Setter, TextRun, set_text, text_width

_CHUNK = 512
_LONGEST = 1000
"""Payload bytes that fit some version at every level."""


@dataclass(frozen=True, slots=True)
class LaidOutPlate:
    """A laid-out plate: a writer draws it and decides nothing."""

    design: Design
    content: PlateContent
    symbol: Symbol
    runs: tuple[TextRun, ...]

    @property
    def module(self) -> float:
        """The width of one module of the symbol in mm."""
        return self.symbol.module_size(self.design.symbol.box.width)

    @property
    def borrowed(self) -> set[str]:
        """The characters that the first face lacks and another, mostly lighter, one sets."""
        return {character for run in self.runs if run.face for character in run.text}


@dataclass(frozen=True, slots=True)
class PlateSpec:
    """A requested plate: content and design."""

    design: Design
    content: PlateContent


@dataclass(frozen=True, slots=True)
class LayoutRefusal:
    """A requested plate that cannot be made."""

    content: PlateContent
    error: PlateError


Series = Mapping[tuple[str, str], str]
"""The widest number by design and street name: plates of one street match in size."""

ALONE: Series = MappingProxyType({})
"""No series: every plate takes the size of its design's reference number."""


def measure_series(orders: Iterable[PlateSpec], fonts: Fonts) -> Series:
    """Find the widest number of each street in each design, whatever the order of plates.

    A plate reprinted alone matches its street unless a number there is wider than the
    ``reference`` of the design.
    """
    widest: dict[tuple[str, str], str] = {}
    for order in orders:
        slot = order.design.number_slot
        text = _text_of(slot, order.content) if slot else ""
        if slot and text:
            key = (order.design.name, order.content.name)
            known = widest.get(key, "")
            texts = [text, known] if known else [text]
            widest[key] = max(texts, key=lambda one: (text_width(slot, one, fonts), one))
    return widest


def lay_out(
    design: Design,
    content: PlateContent,
    fonts: Fonts,
    *,
    symbol: Symbol | None = None,
    series: Series = ALONE,
) -> LaidOutPlate:
    """Place every text and the symbol of a plate; a given ``symbol`` is not made again.

    Raises TextTooLong, GlyphMissing or PayloadTooLong, each naming the plate.
    """
    widest = series.get((design.name, content.name), "")
    try:
        made = symbol or make_symbol(content.payload, design.symbol.level)
        check_symbol(made, design.symbol, content.payload)
        runs: list[TextRun] = []
        for slot in design.slots:
            text = _text_of(slot, content)
            if text:
                setter = Setter(
                    fonts,
                    design.ground_under(slot.box),
                    content.parts_of(slot.text),
                    widest if slot.reference else "",
                )
                runs += set_text(slot, text, setter)
        if content.is_trial:
            runs += mark_trial(design, runs, fonts)
    except PlateError as error:
        raise error.on(content.plate_id) from None
    return LaidOutPlate(design, content, made, tuple(runs))


def lay_out_all(
    orders: Iterable[PlateSpec], fonts: Fonts, series: Series = ALONE
) -> Iterator[LaidOutPlate | LayoutRefusal]:
    """Lay out many plates in order; one that cannot be made is refused without affecting others."""
    waiting = iter(orders)
    while chunk := list(islice(waiting, _CHUNK)):
        # None for a payload too long for any symbol, which ``lay_out`` then refuses.
        made: list[Symbol | None] = [None] * len(chunk)
        for level in {order.design.symbol.level for order in chunk}:
            places = [
                place
                for place, order in enumerate(chunk)
                if order.design.symbol.level == level
                and len(order.content.payload.encode()) <= _LONGEST
            ]
            symbols = make_symbols([chunk[place].content.payload for place in places], level)
            for place, symbol in zip(places, symbols, strict=True):
                made[place] = symbol
        for order, given in zip(chunk, made, strict=True):
            try:
                yield lay_out(order.design, order.content, fonts, symbol=given, series=series)
            except PlateError as error:
                yield LayoutRefusal(order.content, error)


def _text_of(slot: Slot, content: PlateContent) -> str:
    wanted = all(getattr(content, name) for name in slot.present.split())
    if not wanted or any(getattr(content, name) for name in slot.absent.split()):
        return ""
    text: str = slot.label or getattr(content, slot.text)
    return slot.prefix + text if text else ""

"""Reads design files (TOML): every field is checked, every fault names its field."""

import tomllib
from collections.abc import Mapping

from qr.content import PlateContent
from qr.designs.fields import Table, get_field, read_numbers, read_record, refuse_unknown
from qr.designs.specification import (
    Box,
    Colour,
    Colours,
    Design,
    FaceSize,
    Material,
    Panel,
    PlateBorder,
    Slot,
    SymbolPlace,
)
from qr.errors import DesignInvalid

_NO_TEXTS = {"payload", "name_parts", "address_parts", "parts_of", "is_trial"}
_TEXTS = {name for name in dir(PlateContent) if not name.startswith("_")} - _NO_TEXTS
_TOP = {"title", "source", "family", "face", "material", "border", "colours", "zones", "symbol"}
_LISTS = {"panel", "slot"}


def read_design(name: str, text: str) -> Design:
    """Read a design file that extends no other.

    Raises DesignInvalid naming the design, the field and the hint.
    """
    return build_design(name, parse_table(name, text))


def parse_table(name: str, text: str) -> Table:
    """Parse a design file without checking its fields; raises DesignInvalid."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DesignInvalid(f"design {name}: {error}") from error


def build_design(name: str, table: Table) -> Design:
    """Check a parsed design and build it; raises DesignInvalid as ``read_design`` does."""
    try:
        refuse_unknown("design", table, _TOP | _LISTS)
        face = read_record(FaceSize, "face", get_field(table, "face"))
        zones = {key: _zone(key, parts, face) for key, parts in table.get("zones", {}).items()}
        zones = {"face": face.box, **zones}
        colours = {key: _colour(key, value) for key, value in get_field(table, "colours").items()}
        border = table.get("border")
        design = Design(
            name=name,
            title=get_field(table, "title"),
            source=get_field(table, "source"),
            family=table.get("family", ""),
            face=face,
            material=read_record(Material, "material", get_field(table, "material")),
            colours=read_record(Colours, "colours", colours),
            symbol=read_record(
                SymbolPlace, "symbol", _placed("symbol", get_field(table, "symbol"), zones)
            ),
            slots=tuple(_slot(slot, zones) for slot in table.get("slot", [])),
            panels=tuple(
                read_record(Panel, "panel", _placed("panel", panel, zones))
                for panel in table.get("panel", [])
            ),
            border=None if border is None else read_record(PlateBorder, "border", border),
        )
        _check_places(design)
    except (TypeError, ValueError, AttributeError) as error:
        raise DesignInvalid(f"design {name}: {error}") from error
    return design


def _slot(table: Table, zones: Mapping[str, Box]) -> Slot:
    name = f"slot {table.get('text') or table.get('label', '?')}"
    slot = read_record(Slot, name, _placed(name, table, zones))
    if bool(slot.text) == bool(slot.label):
        raise ValueError(f"{name}: either a text or a label must be given")
    for text in filter(None, (slot.text, *slot.present.split(), *slot.absent.split())):
        if text not in _TEXTS:
            raise ValueError(f"{name}: no text {text!r}; known are {', '.join(sorted(_TEXTS))}")
    if not 0 < slot.smallest <= slot.height <= slot.box.height:
        raise ValueError(f"{name}: 0 < smallest ≤ height ≤ height of the box must hold")
    if not (0.3 <= slot.narrowest <= 1 and slot.lines in (1, 2)):
        raise ValueError(f"{name}: narrowest must be 0.3 … 1, lines 1 or 2")
    return slot


def _placed(name: str, table: Table, zones: Mapping[str, Box]) -> Table:
    """Replace zone and box of a table by one box measured from the corner of the face."""
    zone = zones.get(get_field(table, "zone", name))
    if zone is None:
        raise ValueError(f"{name}: no zone {table['zone']!r}; known are {', '.join(zones)}")
    x, y, width, height = read_numbers(f"{name}.box", get_field(table, "box", name), 4)
    box = Box(zone.x + x, zone.y + y, width, height)
    if min(x, y) < 0 or not zone.holds(box):
        raise ValueError(f"{name}: box leaves its zone {table['zone']!r}; make it smaller")
    return {**{key: value for key, value in table.items() if key != "zone"}, "box": box}


def _check_places(design: Design) -> None:
    """Refuse a symbol that is not square, text under the symbol and a second reference."""
    side = design.symbol.box
    if abs(side.width - side.height) > 1e-9:
        raise ValueError("symbol: box must be square")
    for slot in design.slots:
        if slot.box.overlaps(side):
            raise ValueError(f"slot {slot.title}: box overlaps the symbol")
    if len([slot for slot in design.slots if slot.reference]) > 1:
        raise ValueError("slot: only one, that of the number, may have a reference")


def _zone(name: str, parts: object, face: FaceSize) -> Box:
    left, top, right, bottom = read_numbers(f"zones.{name}", parts, 4)
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise ValueError(f"zones.{name}: must be [left, top, right, bottom] within 0 … 1")
    width, height = (right - left) * face.width, (bottom - top) * face.height
    return Box(left * face.width, top * face.height, width, height)


def _colour(name: str, table: Table) -> Colour:
    refuse_unknown(f"colours.{name}", table, {"rgb", "cmyk", "spot"})
    rgb = bytes.fromhex(str(get_field(table, "rgb", f"colours.{name}")).removeprefix("#"))
    if len(rgb) != 3:
        raise ValueError(f"colours.{name}.rgb: #RRGGBB expected, found {table['rgb']!r}")
    process = get_field(table, "cmyk", f"colours.{name}")
    cyan, magenta, yellow, black = read_numbers(f"colours.{name}.cmyk", process, 4)
    return Colour((rgb[0], rgb[1], rgb[2]), (cyan, magenta, yellow, black), table.get("spot", ""))

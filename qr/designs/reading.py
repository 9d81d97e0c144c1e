"""Design files (TOML) into designs: every field checked, every fault named."""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from qr.content import PlateContent
from qr.designs.specification import (
    Border,
    Box,
    Colour,
    Colours,
    Design,
    Face,
    Material,
    Slot,
    SymbolPlace,
)
from qr.errors import DesignInvalid

Record = TypeVar("Record")
Table = Mapping[str, Any]

_TEXTS = {name for name in dir(PlateContent) if not name.startswith("_")} - {"plate_id", "payload"}
_TOP = {"title", "source", "face", "material", "border", "colours", "zones", "symbol", "slot"}


def read_design(name: str, text: str) -> Design:
    """Read a design file; raises DesignInvalid naming the design, the field and the mend."""
    try:
        return _design(name, tomllib.loads(text))
    except (tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise DesignInvalid(f"design {name}: {error}") from error


def _design(name: str, table: Table) -> Design:
    _refuse_unknown("design", table, _TOP)
    face = _record(Face, "face", _need(table, "face"))
    zones = {key: _zone(key, parts, face) for key, parts in table.get("zones", {}).items()}
    colours = {key: _colour(key, value) for key, value in _need(table, "colours").items()}
    design = Design(
        name=name,
        title=_need(table, "title"),
        source=_need(table, "source"),
        face=face,
        material=_record(Material, "material", _need(table, "material")),
        colours=_record(Colours, "colours", colours),
        symbol=_record(SymbolPlace, "symbol", _placed("symbol", _need(table, "symbol"), zones)),
        slots=tuple(_slot(slot, zones) for slot in table.get("slot", [])),
        border=_record(Border, "border", table["border"]) if "border" in table else None,
    )
    _check_places(design)
    return design


def _slot(table: Table, zones: Mapping[str, Box]) -> Slot:
    name = f"slot {table.get('text', '?')}"
    slot = _record(Slot, name, _placed(name, table, zones))
    for text in (slot.text, slot.present or slot.text, slot.absent or slot.text):
        if text not in _TEXTS:
            raise ValueError(f"{name}: no text {text!r}; known are {', '.join(sorted(_TEXTS))}")
    if not 0 < slot.smallest <= slot.height <= slot.box.height:
        raise ValueError(f"{name}: 0 < smallest ≤ height ≤ height of the box must hold")
    return slot


def _placed(name: str, table: Table, zones: Mapping[str, Box]) -> Table:
    """Replace zone and box of a table by one box from the corner of the face."""
    zone = zones.get(_need(table, "zone", name))
    if zone is None:
        raise ValueError(f"{name}: no zone {table['zone']!r}; known are {', '.join(zones)}")
    x, y, width, height = _numbers(f"{name}.box", _need(table, "box", name), 4)
    box = Box(zone.x + x, zone.y + y, width, height)
    if min(x, y) < 0 or box.right > zone.right + 1e-9 or box.bottom > zone.bottom + 1e-9:
        raise ValueError(f"{name}: box leaves its zone {table['zone']!r}; make it smaller")
    return {**{key: value for key, value in table.items() if key != "zone"}, "box": box}


def _check_places(design: Design) -> None:
    """Refuse texts under the symbol: what a symbol covers nobody reads."""
    side = design.symbol.box
    if abs(side.width - side.height) > 1e-9:
        raise ValueError("symbol: box must be square")
    for slot in design.slots:
        box = slot.box
        beside = box.right <= side.x or box.x >= side.right
        if not (beside or box.bottom <= side.y or box.y >= side.bottom):
            raise ValueError(f"slot {slot.text}: box overlaps the symbol")


def _zone(name: str, parts: object, face: Face) -> Box:
    left, top, right, bottom = _numbers(f"zones.{name}", parts, 4)
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise ValueError(f"zones.{name}: must be [left, top, right, bottom] within 0 … 1")
    width, height = (right - left) * face.width, (bottom - top) * face.height
    return Box(left * face.width, top * face.height, width, height)


def _colour(name: str, table: Table) -> Colour:
    _refuse_unknown(f"colours.{name}", table, {"rgb", "cmyk", "spot"})
    rgb = bytes.fromhex(str(_need(table, "rgb", f"colours.{name}")).removeprefix("#"))
    cyan, magenta, yellow, black = _numbers(f"colours.{name}.cmyk", _need(table, "cmyk"), 4)
    return Colour((rgb[0], rgb[1], rgb[2]), (cyan, magenta, yellow, black), table.get("spot", ""))


def _record(kind: type[Record], name: str, table: Table) -> Record:
    """Build a dataclass from a table: no unknown, no missing field, numbers for lengths."""
    known = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]
    _refuse_unknown(name, table, set(known))
    for key, item in known.items():
        if key not in table and item.default is MISSING:
            raise ValueError(f"{name}: field {key!r} is missing")
        if key in table and item.type is float:
            _numbers(f"{name}.{key}", [table[key]], 1)
    return kind(**table)


def _numbers(name: str, value: object, count: int) -> tuple[float, ...]:
    numeric = isinstance(value, list) and all(type(item) in (int, float) for item in value)
    if not numeric or not isinstance(value, list) or len(value) != count:
        raise ValueError(f"{name}: {count} number(s) expected, found {value!r}")
    return tuple(float(item) for item in value)


def _need(table: Table, key: str, name: str = "design") -> Any:
    if key not in table:
        raise ValueError(f"{name}: field {key!r} is missing")
    return table[key]


def _refuse_unknown(name: str, table: Table, known: set[str]) -> None:
    unknown = set(table) - known
    if unknown:
        raise ValueError(f"{name}: unknown field {sorted(unknown)[0]!r}; known are {sorted(known)}")

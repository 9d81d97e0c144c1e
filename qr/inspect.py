"""The readability of a symbol on a plate: module size, quiet zone, reading distance."""

from dataclasses import dataclass

from qr.designs.specification import SymbolPlace
from qr.errors import PayloadTooLong
from qr.symbol import QUIET_ZONE, Level, Symbol, make_symbol

REACH = 0.349
"""Reading distance of a phone in metres per mm of module width.

A preview of 1,920 pixels over 69° (a 26 mm lens in 35 mm terms) shows one mm at one metre on 1.397
pixels; four pixels per module are required, as in the proof. This agrees with the makers' rule that
a symbol reads from ten times its own width.
"""

_ANY_TOKEN = "0" * 10
"""All tokens take the same space: ten characters in alphanumeric mode."""

LEVELS: tuple[Level, ...] = ("L", "M", "Q", "H")


@dataclass(frozen=True, slots=True)
class Inspection:
    """A symbol at a size: ``module`` and ``quiet_zone`` in mm, ``distance`` in metres."""

    version: int
    level: Level
    mask: int
    size: int
    module: float
    quiet_zone: float
    distance: float


def inspect_symbol(symbol: Symbol, side: float) -> Inspection:
    """Describe a symbol whose side, quiet zone included, measures ``side`` mm."""
    module = symbol.module_size(side)
    return Inspection(
        version=symbol.version,
        level=symbol.level,
        mask=symbol.mask,
        size=symbol.size,
        module=module,
        quiet_zone=module * QUIET_ZONE,
        distance=module * REACH,
    )


def list_inspections(payload: str, side: float) -> tuple[Inspection, ...]:
    """Describe a payload at every level of error correction."""
    return tuple(inspect_symbol(make_symbol(payload, level), side) for level in LEVELS)


def check_symbol(symbol: Symbol, place: SymbolPlace, payload: str) -> None:
    """Refuse a symbol that is not readable on its plate.

    Raises PayloadTooLong when its modules are smaller than the design allows, or when it is not
    readable from the distance the design requires.
    """
    found = inspect_symbol(symbol, place.box.width)
    hint = "use a shorter host or a larger design"
    if found.module < place.smallest_module:
        raise PayloadTooLong(
            f"payload {payload!r} needs modules of {found.module:.2f} mm in "
            f"{place.box.width:g} mm, at least {place.smallest_module:g} are read outdoors; {hint}"
        )
    if found.distance < place.distance:
        raise PayloadTooLong(
            f"payload {payload!r} is read from {found.distance:.2f} m (modules of "
            f"{found.module:.2f} mm), the design requires {place.distance:g} m; {hint}"
        )


def inspect_prefix(prefix: str, place: SymbolPlace) -> Inspection:
    """Describe the symbols of all plates of a host; their payloads begin with ``prefix``.

    Raises PayloadTooLong when no version holds them.
    """
    return inspect_symbol(make_symbol(prefix + _ANY_TOKEN, place.level), place.box.width)


def check_prefix(prefix: str, place: SymbolPlace) -> None:
    """Refuse a host whose symbols are not readable on their plates; see ``check_symbol``."""
    payload = prefix + _ANY_TOKEN
    check_symbol(make_symbol(payload, place.level), place, payload)

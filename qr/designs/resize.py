"""Designs of another size: a file that ``extends`` a design is that one, stretched to its face."""

from collections.abc import Mapping
from typing import Any

from qr.designs.fields import Table, get_field, read_numbers

_HEIGHTS = ("height", "smallest")


def stretch(base: Table, own: Table) -> Table:
    """Return the table of a design that extends another.

    Tables and fields the design gives itself win, inside ``face``, ``colours``, ``material``,
    ``border``, ``symbol`` and ``zones`` field by field. Boxes of slots and panels of the base are
    stretched with the face, heights of texts by the smaller factor. A list of slots or panels of
    its own replaces the base's. Raises ValueError or TypeError naming the field.
    """
    across, down = _factors(base, own)
    merged: dict[str, Any] = {key: _merged(base[key], own.get(key)) for key in base}
    merged.update({key: value for key, value in own.items() if key not in base})
    merged.pop("extends", None)
    for key in ("slot", "panel"):
        if key in base and key not in own:
            merged[key] = [_stretched(item, across, down) for item in base[key]]
    if "box" not in own.get("symbol", {}) and (across, down) != (1, 1):
        raise ValueError("symbol: a design of another size must give its own box")
    return merged


def _factors(base: Table, own: Table) -> tuple[float, float]:
    """How much wider and higher the face is than that of the base."""
    face = {**get_field(base, "face"), **own.get("face", {})}
    sizes = [
        read_numbers(f"face.{key}", [table.get(key)], 1)[0]
        for key in ("width", "height")
        for table in (face, base["face"])
    ]
    return sizes[0] / sizes[1], sizes[2] / sizes[3]


def _merged(base: Any, own: Any) -> Any:
    if own is None:
        return base
    return {**base, **own} if isinstance(base, Mapping) and isinstance(own, Mapping) else own


def _stretched(item: Table, across: float, down: float) -> Table:
    x, y, width, height = read_numbers("box", item.get("box"), 4)
    size = min(across, down)
    heights = {key: item[key] * size for key in _HEIGHTS if key in item}
    corner = {"corner": item["corner"] * size} if "corner" in item else {}
    box = [x * across, y * down, width * across, height * down]
    return {**item, **heights, **corner, "box": box}

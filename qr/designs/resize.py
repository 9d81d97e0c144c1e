"""Designs of another size: a file that ``extends`` a design stretches it to its own face."""

from collections.abc import Mapping
from typing import Any

from qr.designs.fields import Table, get_field, read_numbers

_HEIGHTS = ("height", "smallest")


def stretch(base: Table, own: Table) -> Table:
    """Merge the table of a design with the one it extends.

    The design's own values win: field by field inside ``face``, ``colours``, ``material``,
    ``border``, ``symbol`` and ``zones``; a list of slots or panels replaces that of the base.
    Boxes of inherited slots and panels stretch with the face, text heights by the smaller factor.
    Raises ValueError or TypeError naming the field.
    """
    face = {**get_field(base, "face"), **own.get("face", {})}
    sizes = [
        read_numbers(f"face.{key}", [table.get(key)], 1)[0]
        for key in ("width", "height")
        for table in (face, base["face"])
    ]
    across, down = sizes[0] / sizes[1], sizes[2] / sizes[3]
    merged: dict[str, Any] = {key: _merged(base[key], own.get(key)) for key in base}
    merged.update({key: value for key, value in own.items() if key not in base})
    merged.pop("extends", None)
    for key in ("slot", "panel"):
        if key in base and key not in own:
            merged[key] = [_stretched(item, across, down) for item in base[key]]
    if "box" not in own.get("symbol", {}) and (across, down) != (1, 1):
        raise ValueError("symbol: a design of another size must give its own box")
    return merged


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

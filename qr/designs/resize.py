"""Designs of another size: a file that ``extends`` a design stretches it to its own face."""

from collections.abc import Mapping
from typing import Any

from qr.designs.fields import Table, get_field, read_numbers

_SCALED = ("height", "smallest", "corner")


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
    merged: dict[str, Any] = {**base, **own}
    for key, value in base.items():
        if isinstance(value, Mapping) and isinstance(own.get(key), Mapping):
            merged[key] = {**value, **own[key]}
    merged.pop("extends", None)
    size = min(across, down)
    for key in ("slot", "panel"):
        if key not in base or key in own:
            continue
        merged[key] = []
        for item in base[key]:
            x, y, width, height = read_numbers("box", item.get("box"), 4)
            lengths = {name: item[name] * size for name in _SCALED if name in item}
            box = [x * across, y * down, width * across, height * down]
            merged[key].append({**item, **lengths, "box": box})
    if "box" not in own.get("symbol", {}) and (across, down) != (1, 1):
        raise ValueError("symbol: a design of another size must give its own box")
    return merged

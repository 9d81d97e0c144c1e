"""What a changed address means for the addresses that lie in it: its rooms get its new number.

A room repeats the elements of its unit, building and door. Where it repeats an element that was
changed, it takes the new one; an element of its own stays.
"""

from typing import Any

from address_model.elements import Elements, Numbered
from address_model.places import fold_numbered

_GATE = ("thoroughfare", "lanes", "number")
"""Together they name a door: a building with another gate of its estate keeps that."""

_ALONE = (
    "province",
    "city",
    "county",
    "township",
    "community",
    "devzone",
    "parent_place",
    "natural_village",
    "group",
    "estate",
)
_INSIDE = ("building", "unit", "floor", "room", "thing")


def follow_parent(child: Elements, before: Elements, after: Elements) -> Elements:
    """The elements of an address after the one it lies in was changed from ``before`` to ``after``.

    Writings of one number count as equal (1幢, 1栋). A level that the change adds (2号 becomes
    2号1幢) is taken by what lies deeper than that level.
    """
    taken: dict[str, Any] = {}
    for fields in (_GATE, *((name,) for name in (*_ALONE, *_INSIDE))):
        is_changed = any(getattr(before, name) != getattr(after, name) for name in fields)
        repeats = all(_folded(child, name) == _folded(before, name) for name in fields)
        is_added = fields[0] in _INSIDE and getattr(before, fields[0]) is None
        deeper = _INSIDE[_INSIDE.index(fields[0]) + 1 :] if is_added else ()
        may_take = not is_added or any(getattr(child, level) is not None for level in deeper)
        if is_changed and repeats and may_take:
            taken |= {name: getattr(after, name) for name in fields}
    return child._replace(**taken)


def _folded(elements: Elements, name: str) -> Any:
    """An element as it is compared."""
    value = getattr(elements, name)
    if isinstance(value, Numbered):
        return fold_numbered(value)
    return tuple(map(fold_numbered, value)) if isinstance(value, tuple) else value or ""

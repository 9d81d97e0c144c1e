"""Elements to and from the plain values that JSON holds."""

from collections.abc import Mapping
from typing import Any

from address_model.elements import Elements, Numbered

_NUMBERED = ("group", "number", "building", "unit", "floor", "room", "thing")
_TEXTS = tuple(name for name in Elements._fields if name not in (*_NUMBERED, "lanes"))


def elements_to_plain(elements: Elements) -> dict[str, object]:
    """Elements as JSON values; absent elements are left out.

    A numbered element is a list ``[number, quantifier, prefix, suffix]``, shortened from the end.
    """
    plain: dict[str, object] = {
        name: getattr(elements, name) for name in _TEXTS if getattr(elements, name)
    }
    if elements.lanes:
        plain["lanes"] = [_to_list(lane) for lane in elements.lanes]
    for name in _NUMBERED:
        value = getattr(elements, name)
        if value is not None:
            plain[name] = _to_list(value)
    return plain


def elements_from_plain(plain: Mapping[str, Any]) -> Elements:
    """Elements from what ``elements_to_plain`` made; unknown names are ignored."""
    values: dict[str, Any] = {name: plain[name] for name in _TEXTS if name in plain}
    values |= {name: Numbered(*plain[name]) for name in _NUMBERED if plain.get(name)}
    values["lanes"] = tuple(Numbered(*lane) for lane in plain.get("lanes", ()))
    return Elements(**values)


def _to_list(value: Numbered) -> list[str]:
    parts = [value.number, value.quantifier, value.prefix, value.suffix]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return parts

"""Converts elements to and from plain JSON values."""

from collections.abc import Mapping
from typing import Any

from address_model.elements import Elements, Numbered

_NUMBERED = ("group", "number", "building", "unit", "floor", "room", "thing")
_TEXTS = tuple(name for name in Elements._fields if name not in (*_NUMBERED, "lanes"))


def elements_to_plain(elements: Elements) -> dict[str, object]:
    """Elements as JSON values; absent elements are left out.

    A numbered element is a list ``[number, quantifier, prefix, suffix]``, shortened from the end.
    """
    plain: dict[str, object] = {}
    for name, value in zip(Elements._fields, elements, strict=True):
        if not value:
            continue
        if isinstance(value, str):
            plain[name] = value
        elif isinstance(value, Numbered):
            plain[name] = _to_list(value)
        else:
            plain[name] = [_to_list(lane) for lane in value]
    return plain


def elements_from_plain(plain: Mapping[str, Any]) -> Elements:
    """Elements from the result of ``elements_to_plain``; unknown names are ignored."""
    values: dict[str, Any] = {name: plain[name] for name in _TEXTS if name in plain}
    values |= {name: Numbered(*plain[name]) for name in _NUMBERED if plain.get(name)}
    values["lanes"] = tuple(Numbered(*lane) for lane in plain.get("lanes", ()))
    return Elements(**values)


def _to_list(value: Numbered) -> list[str]:
    number, quantifier, prefix, suffix = value
    if suffix:
        return [number, quantifier, prefix, suffix]
    if prefix:
        return [number, quantifier, prefix]
    return [number, quantifier] if quantifier else [number]

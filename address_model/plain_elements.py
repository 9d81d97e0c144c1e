"""Converts elements to and from plain JSON values."""

from collections.abc import Mapping
from typing import Any

from address_model.elements import Elements, Numbered

_NUMBERED = ("group", "number", "building", "unit", "floor", "room", "thing")
_TEXTS = tuple(name for name in Elements._fields if name not in (*_NUMBERED, "lanes"))


def elements_to_plain(elements: Elements) -> dict[str, object]:
    """Elements as JSON values; absent elements are left out.

    A numbered element is an object of the parts of ``Numbered`` that are not empty, in the order in
    which PostgreSQL's ``jsonb`` keeps them.
    """
    plain: dict[str, object] = {}
    for name, value in zip(Elements._fields, elements, strict=True):
        if not value:
            continue
        if isinstance(value, str):
            plain[name] = value
        elif isinstance(value, Numbered):
            plain[name] = _numbered_to_plain(value)
        else:
            plain[name] = [_numbered_to_plain(lane) for lane in value]
    return plain


def elements_from_plain(plain: Mapping[str, Any]) -> Elements:
    """Elements from the result of ``elements_to_plain``; unknown names are ignored.

    Before migration 0043 a numbered element was a list of its parts; rows that an import left
    waiting, and migrations, still hold such lists.
    """
    values: dict[str, Any] = {name: plain[name] for name in _TEXTS if name in plain}
    values |= {name: numbered_from_plain(plain[name]) for name in _NUMBERED if plain.get(name)}
    values["lanes"] = tuple(numbered_from_plain(lane) for lane in plain.get("lanes", ()))
    return Elements(**values)


def numbered_from_plain(plain: Any) -> Numbered:
    """A numbered element from its JSON value."""
    return Numbered(**plain) if isinstance(plain, dict) else Numbered(*plain)


def _numbered_to_plain(value: Numbered) -> dict[str, str]:
    number, quantifier, prefix, suffix = value
    plain = {"number": number}
    if prefix:
        plain["prefix"] = prefix
    if suffix:
        plain["suffix"] = suffix
    if quantifier:
        plain["quantifier"] = quantifier
    return plain

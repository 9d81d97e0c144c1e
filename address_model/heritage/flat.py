"""Converts entries to and from flat table rows: one column per value, lists as JSON."""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from address_model.heritage.catalogue import CatalogueEntry, PlaceNameRecord
from address_model.heritage.plain import EARLIER, entry_from_plain, entry_to_plain
from address_model.written_numbers import plain_number

_LISTS = ("claims", "recognitions", "relations", "media", "links")
_FORMS = "forms"
_NUMBERS = ("settlement_since", "name_since")
_FLAGS = ("needs_review", "is_division")
_OWN = tuple(f.name for f in fields(CatalogueEntry) if f.name not in ("id", "place", *_LISTS))
_PLACE = tuple(f.name for f in fields(PlaceNameRecord) if f.name != _FORMS)
_JSON = (_FORMS, *_LISTS, *EARLIER)
COLUMNS = ("id", *_PLACE, *_OWN, _FORMS, *_LISTS)
"""The columns of a table of entries, in order."""


def entry_to_row(entry: CatalogueEntry) -> dict[str, str | int]:
    """An entry as the cells of a row; empty values are left out."""
    plain = entry_to_plain(entry)
    place = plain.pop("place")
    row: dict[str, str | int] = {}
    for name, value in (place | plain).items():
        if isinstance(value, list):
            row[name] = json.dumps(value, ensure_ascii=False)
        else:
            row[name] = "yes" if value is True else value
    return row


def entry_from_row(cells: Mapping[str, str]) -> CatalogueEntry:
    """The entry of a row; missing or empty columns take their default.

    Raises:
        ValueError: a cell cannot be read; the text names its column.
    """
    values: dict[str, Any] = {}
    for name in (*COLUMNS, *EARLIER):
        cell = cells.get(name)
        if not cell:
            continue
        try:
            if name in _NUMBERS:
                values[name] = int(plain_number(cell))
            elif name in _FLAGS:
                values[name] = cell == "yes"
            elif name == "division":
                values[name] = plain_number(cell)
            else:
                values[name] = json.loads(cell) if name in _JSON else cell
        except (ValueError, RecursionError) as error:
            raise ValueError(f"column {name}: {cell[:40]!r} cannot be read") from error
    place = {name: values[name] for name in (*_PLACE, _FORMS) if name in values}
    place.setdefault("number", cells.get("id", ""))
    own = {name: values[name] for name in ("id", *_OWN, *_LISTS, *EARLIER) if name in values}
    return entry_from_plain(own | {"place": place})

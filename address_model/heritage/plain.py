"""Converts entries to and from plain JSON values without loss."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from address_model.heritage.catalogue import (
    CatalogueEntry,
    Listing,
    MediaItem,
    NameForm,
    PlaceNameRecord,
    Relation,
)
from address_model.heritage.claims import Citation, Claim
from address_model.heritage.earlier_exports import claims_of_earlier

_LISTED: dict[str, Any] = {
    "claims": Claim,
    "recognitions": Listing,
    "relations": Relation,
    "media": MediaItem,
}
"""What the lists of an entry hold. Claims hold citations."""
EARLIER = ("attestations", "accounts", "sources")
"""The lists of exports from before claims."""


def entry_to_plain(entry: CatalogueEntry) -> dict[str, Any]:
    """An entry as JSON values; empty values are left out."""
    plain: dict[str, Any] = _compact(asdict(entry))
    return plain


def entry_from_plain(plain: Mapping[str, Any]) -> CatalogueEntry:
    """An entry from the result of ``entry_to_plain``.

    Raises:
        ValueError: a field is missing or of the wrong type; the message names it.
    """
    try:
        place = _read(PlaceNameRecord, plain["place"])
        place["forms"] = tuple(NameForm(**_read(NameForm, one)) for one in place.get("forms", ()))
        values = _read(CatalogueEntry, plain) | {"place": PlaceNameRecord(**place)}
        for name, kind in _LISTED.items():
            listed = [_read(kind, one) for one in plain.get(name, ())]
            for one in listed:
                if "citations" in one:
                    one["citations"] = tuple(_citation(cited) for cited in one["citations"])
                if kind is Listing and one.get("published"):
                    one["published"] = date.fromisoformat(one["published"])
            values[name] = tuple(kind(**one) for one in listed)
        if "claims" not in plain and any(name in plain for name in EARLIER):
            values["claims"] = claims_of_earlier(plain)
        values["links"] = tuple(str(one) for one in plain.get("links", ()))
        entry = CatalogueEntry(**values)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"entry {plain.get('id', '?')}: {error}") from error
    return entry


def _citation(plain: Mapping[str, Any]) -> Citation:
    values = _read(Citation, plain)
    if values.get("read_on"):
        values["read_on"] = date.fromisoformat(values["read_on"])
    return Citation(**values)


def _read(kind: Any, plain: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a dataclass's fields; others are ignored."""
    names = {one.name for one in fields(kind)}
    return {name: value for name, value in plain.items() if name in names}


def _compact(value: Any) -> Any:
    if isinstance(value, dict):
        found = {name: _compact(one) for name, one in value.items()}
        return {name: one for name, one in found.items() if one not in ("", None, [], False)}
    if isinstance(value, list | tuple):
        return [_compact(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return value

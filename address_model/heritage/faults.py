"""Validates an entry read from a file: only what can be stored is accepted."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from address_model.heritage.catalogue import STATUSES, CatalogueEntry
from address_model.heritage.claims import ACCOUNT_KINDS, SEEN_AS, SOURCE_KINDS, SUBJECTS, Claim
from address_model.heritage.geometry import checked_wkt
from address_model.heritage.precision import PRECISIONS
from address_model.heritage.years import is_year

FORM_KINDS = ("former", "alias", "variant", "dialect")
REVIEW_STATES = ("imported", "doubtful", "reviewed")
_ID = re.compile(r"[A-Za-z]{2,6}-?[A-Za-z0-9-]{1,16}")
_WORD = re.compile(r"[a-z0-9_]{1,32}")
_LONGEST_TEXT = 20_000
_SHORT = {
    "place_code": 20, "kind_code": 5, "precision": 24, "scheme_code": 24, "kind": 24,
    "settlement_precision": 12, "name_precision": 12, "dynasty": 12, "confidence": 16,
    "language": 8, "level": 24, "status": 16,
}  # fmt: skip
"""Maximum length of some fields, in characters."""


def list_faults(entry: CatalogueEntry) -> list[str]:
    """All faults that prevent storing an entry, in words; empty without any."""
    found = list(_words(entry))
    try:
        checked_wkt(str(entry.place.geometry or ""))
    except ValueError as error:
        found.append(str(error))
    return [*dict.fromkeys(found), *dict.fromkeys(_texts(entry, "entry"))]


def _words(entry: CatalogueEntry) -> Iterator[str]:
    place = entry.place
    if not (isinstance(entry.id, str) and _ID.fullmatch(entry.id) and place.number == entry.id):
        yield f"id {entry.id!r}: letters, a hyphen and figures, as in ZJH-0001"
    if not isinstance(place.standard_name, str) or not 1 <= len(place.standard_name.strip()) <= 60:
        yield "standard_name is missing or too long"
    if not isinstance(place.division, str) or not re.fullmatch(r"\d{2,12}", place.division):
        yield f"division {place.division!r} is not a division code"
    for name, word in (("kind", place.kind), ("heritage_class", entry.heritage_class)):
        if not isinstance(word, str) or not _WORD.fullmatch(word):
            yield f"{name} {word!r} is not a word in lower case"
    yield from _chosen("precision", place.precision, tuple(PRECISIONS))
    yield from _chosen("status of the name", place.status, ("current", "historical"))
    yield from _chosen("review_state", entry.review_state, REVIEW_STATES)
    for form in place.forms:
        yield from _chosen("kind of a name", form.kind, FORM_KINDS)
    for listing in entry.recognitions:
        yield from _chosen("status of a recognition", listing.status, tuple(STATUSES))
    for claim in entry.claims:
        yield from _claim(claim)
    for item in entry.media:
        yield from _chosen("kind of media", item.kind, ("image", "audio"))
        if not item.licence or not item.alt:
            yield "media without a licence or without alternative text"


def _claim(claim: Claim) -> Iterator[str]:
    yield from _chosen("subject of a claim", claim.subject, SUBJECTS)
    kinds = ACCOUNT_KINDS if claim.subject == "origin" else ("",)
    yield from _chosen("kind of an account", claim.kind, kinds)
    if len(str(claim.precision)) > 12:
        yield f"precision {claim.precision!r} of a claim is longer than 12 characters"
    for one in claim.citations:
        yield from _chosen("kind of a source", one.kind, ("", *SOURCE_KINDS))
        yield from _chosen("seen_as of a citation", one.seen_as, SEEN_AS)
        if not isinstance(one.title, str) or not one.title.strip():
            yield "a citation without a title"


def _chosen(what: str, word: object, allowed: tuple[str, ...]) -> Iterator[str]:
    if word not in allowed:
        yield f"{what} {word!r} is none of {', '.join(allowed)}"


def _texts(value: Any, name: str) -> Iterator[str]:
    """Faults of every text and year in a value, recursively."""
    if is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name), field.name)
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one, name)
    elif isinstance(value, str):
        longest = _SHORT.get(name, _LONGEST_TEXT)
        if "\x00" in value or len(value) > longest:
            yield f"{name} holds a NUL or more than {longest} characters"
    elif name in ("year", "year_from", "year_to", "settlement_since", "name_since"):
        if value is not None and not (isinstance(value, int) and is_year(value)):
            yield f"{name} {value!r} is not a year"
    elif value is not None and not isinstance(value, int) and name not in ("published", "read_on"):
        yield f"{name} {value!r} is not a text"

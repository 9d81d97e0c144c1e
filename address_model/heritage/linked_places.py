"""Entries to and from Linked Places Format 1.3 (LinkedPasts/linked-places-format).

What the format has no place for (recognitions, grades, review) travels under ``menpai``, so that
our own files come back as they were; a file of others is read by the format's own fields.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from address_model.heritage.catalogue import (
    CatalogueEntry,
    MediaItem,
    PlaceNameRecord,
    Relation,
)
from address_model.heritage.foreign_places import OURS, ForeignPlace, read_foreign
from address_model.heritage.geometry import geometry_of
from address_model.heritage.plain import entry_from_plain, entry_to_plain
from address_model.heritage.precision import precision_of
from address_model.heritage.years import iso_year

CONTEXT = (
    "https://raw.githubusercontent.com/LinkedPasts/linked-places/master/"
    "linkedplaces-context-v1.1.jsonld"
)
_LINKS = {
    "tgaz": "https://maps.cga.harvard.edu/tgaz/placename/",
    "geonames": "https://www.geonames.org/",
}
PREFIX = "urn:zjh:"
_RELATIONS = {"part_of": "gvp:broaderPartitive", "contains": "gvp:narrowerPartitive"}
_YEAR = re.compile(r"(?:1[0-9]|20)[0-9]{2}")
_TYPES = {
    "county": ("aat:300000771", "county"),
    "township": ("aat:300008375", "town"),
    "village": ("aat:300008372", "village"),
    "street": ("aat:300008247", "street"),
    "bridge": ("aat:300007836", "bridge"),
    "gate": ("aat:300006934", "city gate"),
}


def to_linked_places(entries: Iterable[CatalogueEntry], base: str = PREFIX) -> dict[str, Any]:
    """The entries as a FeatureCollection of Linked Places Format 1.3.

    ``base`` stands before the id of an entry and makes it the address of its page.
    """
    features = [to_feature(entry, base) for entry in entries]
    return {"type": "FeatureCollection", "@context": CONTEXT, "features": features}


def from_linked_places(collection: Mapping[str, Any]) -> list[CatalogueEntry]:
    """The entries of a FeatureCollection.

    Raises:
        ValueError: it is none, or a feature lacks what the format asks for; the text says which.
    """
    features = collection.get("features")
    if collection.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise ValueError("this is no FeatureCollection of Linked Places Format")
    read = []
    for number, feature in enumerate(features, start=1):
        try:
            read.append(read_feature(feature).entry)
        except ValueError as error:
            raise ValueError(f"feature {number}: {error}") from error
    return read


def read_feature(feature: Any) -> ForeignPlace:
    """One feature of a file: ours whole, that of others with what is left out.

    Raises:
        ValueError: it is no feature, or lacks what the format asks for; the text says what.
    """
    if not isinstance(feature, Mapping):
        raise ValueError("it is no object")  # noqa: TRY004 - a fault of the file, as the others
    if isinstance(feature.get("menpai"), Mapping):
        return ForeignPlace(entry_from_plain(feature["menpai"]), ())
    try:
        key = str(feature["@id"]).removeprefix(PREFIX).rstrip("/").rsplit("/", 1)[-1]
        return read_foreign(feature, key)
    except KeyError as error:
        raise ValueError(f"{error} is missing") from error
    except (AttributeError, TypeError, IndexError) as error:
        raise ValueError(f"it is not as the format says: {error}") from error


def to_feature(entry: CatalogueEntry, base: str = PREFIX) -> dict[str, Any]:
    """One entry as a feature."""
    place = entry.place
    feature: dict[str, Any] = {
        "@id": base + entry.id,
        "type": "Feature",
        "properties": {"title": place.standard_name, "ccodes": ["CN"], "fclasses": ["P"]},
        "names": _names(entry),
        "types": [_type(entry)],
        "links": [_link(one) for one in entry.links if not one.startswith(OURS)],
        "relations": [_relation(one, base) for one in entry.relations if one.to_entry],
        "descriptions": _descriptions(entry),
        "depictions": [_depiction(one) for one in entry.media if one.kind == "image"],
        "geometry": _geometry(place),
        "menpai": entry_to_plain(entry),
    }
    years = [one.year for one in entry.attestations if one.year is not None]
    if years:
        feature["when"] = _when(min(years), None)
    return feature


def _names(entry: CatalogueEntry) -> list[dict[str, Any]]:
    place = entry.place
    names: list[dict[str, Any]] = [
        {"toponym": place.standard_name, "lang": "zh-Hans", "citations": _citations(entry)}
    ]
    if place.pinyin:
        names.append({"toponym": place.pinyin, "lang": "zh-Latn-pinyin"})
    for form in place.forms:
        name: dict[str, Any] = {"toponym": form.text, "lang": "zh-Hans"}
        if form.year_from is not None or form.year_to is not None:
            name["when"] = _when(form.year_from, form.year_to)
        if form.citation:
            name["citations"] = [{"label": form.citation}]
        names.append(name)
    return names


def _citations(entry: CatalogueEntry) -> list[dict[str, Any]]:
    """Who says the name: evidence first, then lists with their year, then what else was read.

    The format wants a "when" or a citation with its year; what nobody has dated is cited from
    the compilation it was taken from, and that has a year.
    """
    cited: list[dict[str, Any]] = [
        {"label": one.source.title} for one in entry.attestations if one.source
    ]
    for listing in entry.recognitions:
        told: dict[str, Any] = {"label": listing.list_name}
        if listing.year is not None:
            told["year"] = listing.year
        if listing.document:
            told["@id"] = listing.document
        cited.append(told)
    if not cited or not any("year" in one for one in cited):
        source = entry.place.source or "Menpai"
        year = _YEAR.search(source)
        cited.append({"label": source} | ({"year": int(year[0])} if year else {}))
    return cited


def _relation(one: Relation, base: str) -> dict[str, str]:
    kind = _RELATIONS.get(one.kind, "gvp:tgn3000_related_to")
    label = one.note or f"{one.kind} {one.to_name}"
    return {"relationType": kind, "relationTo": base + one.to_entry, "label": label}


def _depiction(one: MediaItem) -> dict[str, str]:
    return {"@id": one.file, "title": one.title or one.alt, "license": one.licence}


def _when(first: int | None, last: int | None) -> dict[str, Any]:
    start = {"in": iso_year(first)} if first is not None else {"latest": iso_year(last or 1)}
    span: dict[str, Any] = {"start": start}
    if last is not None:
        span["end"] = {"in": iso_year(last)}
    return {"timespans": [span]}


def _type(entry: CatalogueEntry) -> dict[str, Any]:
    identifier, label = _TYPES.get(entry.place.kind, ("aat:300008346", "place"))
    local = {"label": entry.class_name or entry.place.kind, "lang": "zh"}
    return {"identifier": identifier, "label": label, "sourceLabels": [local]}


def _link(link: str) -> dict[str, str]:
    scheme, _, key = link.partition(":")
    return {"type": "closeMatch", "identifier": _LINKS.get(scheme, f"{scheme}:") + key}


def _descriptions(entry: CatalogueEntry) -> list[dict[str, str]]:
    told = [{"value": entry.summary, "lang": "zh-Hans"}] if entry.summary else []
    return told + ([{"value": entry.story_en, "lang": "en"}] if entry.story_en else [])


def _geometry(place: PlaceNameRecord) -> dict[str, Any] | None:
    geometry = geometry_of(place.geometry)
    if geometry is None:
        return None
    certain = "uncertain" if precision_of(place.precision).is_estimate else "less-certain"
    return geometry | {"certainty": certain}

"""Converts entries to and from Linked Places Format 1.3 (LinkedPasts/linked-places-format).

Data without a field in the format (recognitions, claims, review) is stored under ``menpai``, so
that our own files round-trip; other files are read by the format's own fields.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from address_model.heritage.catalogue import CatalogueEntry
from address_model.heritage.claims import Citation
from address_model.heritage.foreign_places import OURS, ForeignPlace, read_foreign
from address_model.heritage.geometry import geometry_of
from address_model.heritage.plain import entry_from_plain, entry_to_plain
from address_model.heritage.precision import precision_of
from address_model.heritage.years import iso_year

CONTEXT = (
    "https://raw.githubusercontent.com/LinkedPasts/linked-places/master/"
    "linkedplaces-context-v1.1.jsonld"
)
TGAZ = "https://chgis.hudci.org/tgaz/placename/"
"""Where the places of CHGIS are, by their numbers."""
_LINKS = {
    "tgaz": TGAZ,
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

    ``base`` is the URL prefix of the entries' pages.
    """
    features = [to_feature(entry, base) for entry in entries]
    return {"type": "FeatureCollection", "@context": CONTEXT, "features": features}


def from_linked_places(collection: Mapping[str, Any]) -> list[CatalogueEntry]:
    """The entries of a FeatureCollection.

    Raises:
        ValueError: it is not one, or a feature lacks a required field; the message says which.
    """
    features = collection.get("features")
    if collection.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise ValueError("this is not a FeatureCollection of Linked Places Format")
    read = []
    for number, feature in enumerate(features, start=1):
        try:
            read.append(read_feature(feature).entry)
        except ValueError as error:
            raise ValueError(f"feature {number}: {error}") from error
    return read


def read_feature(feature: Any) -> ForeignPlace:
    """One feature of a file: our own in full, others with a list of what is left out.

    Raises:
        ValueError: it is not a feature, or lacks a required field; the message says which.
    """
    if not isinstance(feature, Mapping):
        raise ValueError("it is not an object")  # noqa: TRY004 - a fault in the file, like the others
    if isinstance(feature.get("menpai"), Mapping):
        return ForeignPlace(entry_from_plain(feature["menpai"]), ())
    try:
        key = str(feature["@id"]).removeprefix(PREFIX).rstrip("/").rsplit("/", 1)[-1]
        return read_foreign(feature, key)
    except KeyError as error:
        raise ValueError(f"{error} is missing") from error
    except (AttributeError, TypeError, IndexError) as error:
        raise ValueError(f"it does not follow the format: {error}") from error


def to_feature(entry: CatalogueEntry, base: str = PREFIX) -> dict[str, Any]:
    """One entry as a feature."""
    place = entry.place
    identifier, label = _TYPES.get(place.kind, ("aat:300008346", "place"))
    local = {"label": entry.class_name or place.kind, "lang": "zh"}
    geometry = geometry_of(place.geometry)
    if geometry is not None:
        is_estimate = precision_of(place.precision).is_estimate
        geometry = geometry | {"certainty": "uncertain" if is_estimate else "less-certain"}
    feature: dict[str, Any] = {
        "@id": base + entry.id,
        "type": "Feature",
        "properties": {"title": place.standard_name, "ccodes": ["CN"], "fclasses": ["P"]},
        "names": _names(entry),
        "types": [{"identifier": identifier, "label": label, "sourceLabels": [local]}],
        "links": [_link(one) for one in entry.links if not one.startswith(OURS)],
        "relations": [
            {
                "relationType": _RELATIONS.get(one.kind, "gvp:tgn3000_related_to"),
                "relationTo": base + one.to_entry,
                "label": one.note or f"{one.kind} {one.to_name}",
            }
            for one in entry.relations
            if one.to_entry
        ],
        "descriptions": list(_descriptions(entry)),
        "depictions": [
            {"@id": one.file, "title": one.title or one.alt, "license": one.licence}
            for one in entry.media
            if one.kind == "image"
        ],
        "geometry": geometry,
        "menpai": entry_to_plain(entry),
    }
    dated = [(one.year, one.not_after) for one in entry.attestations if one.year is not None]
    if dated:
        first, is_limit = min(dated)
        start = {"latest" if is_limit else "in": iso_year(first)}
        feature["when"] = {"timespans": [{"start": start}]}
    return feature


def _descriptions(entry: CatalogueEntry) -> Iterator[dict[str, str]]:
    """The summary, the other accounts of the origin, and the story in English."""
    told = {one.value: one for one in entry.accounts if one.value}
    for text in dict.fromkeys(filter(None, (entry.summary, *told))):
        pages = [one.url for one in told[text].bearing if one.url] if text in told else []
        yield {"value": text, "lang": "zh-Hans"} | ({"@id": pages[0]} if pages else {})
    if entry.story_en:
        yield {"value": entry.story_en, "lang": "en"}


def _citation(one: Citation) -> dict[str, Any]:
    cited: dict[str, Any] = {"label": one.text}
    if one.published.isdigit():
        cited["year"] = int(one.published)
    if one.url:
        cited["@id"] = one.url
    return cited


def _names(entry: CatalogueEntry) -> list[dict[str, Any]]:
    place = entry.place
    # The name's sources: evidence first, then lists with their year. The format requires a "when"
    # or a dated citation; failing both, the compilation is cited, which has a year.
    bearing = [one for claim in entry.attestations for one in claim.bearing]
    cited = list(map(_citation, dict.fromkeys(bearing)))
    for listing in entry.recognitions:
        citation: dict[str, Any] = {"label": listing.list_name}
        if listing.year is not None:
            citation["year"] = listing.year
        if listing.document:
            citation["@id"] = listing.document
        cited.append(citation)
    if not cited or not any("year" in one for one in cited):
        source = place.source or "Menpai"
        year = _YEAR.search(source)
        cited.append({"label": source} | ({"year": int(year[0])} if year else {}))
    names: list[dict[str, Any]] = [
        {"toponym": place.standard_name, "lang": "zh-Hans", "citations": cited}
    ]
    if place.pinyin:
        names.append({"toponym": place.pinyin, "lang": "zh-Latn-pinyin"})
    for form in place.forms:
        name: dict[str, Any] = {"toponym": form.text, "lang": "zh-Hans"}
        if form.year_from is not None or form.year_to is not None:
            name["when"] = _when(form.year_from, form.year_to)
        borne = [
            one
            for claim in entry.claims
            if claim.subject == "former_name" and form.text in claim.value
            for one in claim.bearing
        ]
        if borne:
            name["citations"] = list(map(_citation, dict.fromkeys(borne)))
        elif form.citation:
            name["citations"] = [{"label": form.citation}]
        names.append(name)
    return names


def _when(first: int | None, last: int | None) -> dict[str, Any]:
    start = {"in": iso_year(first)} if first is not None else {"latest": iso_year(last or 1)}
    span: dict[str, Any] = {"start": start}
    if last is not None:
        span["end"] = {"in": iso_year(last)}
    return {"timespans": [span]}


def _link(link: str) -> dict[str, str]:
    scheme, _, key = link.partition(":")
    return {"type": "closeMatch", "identifier": _LINKS.get(scheme, f"{scheme}:") + key}

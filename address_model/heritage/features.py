"""Entries as plain GeoJSON for maps: points are rounded to their precision."""

from collections.abc import Iterable
from typing import Any

from address_model.heritage.catalogue import CatalogueEntry
from address_model.heritage.geometry import geometry_of
from address_model.heritage.plain import entry_to_plain
from address_model.heritage.precision import decimals_of, precision_of


def to_geojson(entries: Iterable[CatalogueEntry], *, whole: bool = False) -> dict[str, Any]:
    """The entries as a FeatureCollection (RFC 7946).

    ``whole`` adds the full entry as ``menpai``, so that the file can be read back without loss;
    without it a feature has only what a map shows.
    """
    features = []
    for entry in entries:
        place, known = entry.place, precision_of(entry.place.precision)
        recognised = [one for one in entry.recognitions if one.status == "recognized"]
        properties: dict[str, Any] = {
            "name": place.standard_name,
            "pinyin": place.pinyin,
            "former_names": [form.text for form in place.forms],
            "class": entry.heritage_class,
            "division": place.division,
            "settlement_since": entry.settlement_since,
            "name_since": entry.name_since,
            "story_zh": entry.story_zh,
            "story_en": entry.story_en,
            "recognised": [one.list_name for one in recognised],
            "sources": [one.text for one in entry.sources],
            "review_state": entry.review_state,
            "precision": place.precision,
            "accuracy_m": known.metres or None,
            "is_estimate": known.is_estimate,
        }
        feature = {
            "type": "Feature",
            "id": entry.id,
            "geometry": geometry_of(place.geometry, decimals_of(place.precision)),
            "properties": properties,
        }
        if whole:
            feature["menpai"] = entry_to_plain(entry)
        features.append(feature)
    return {"type": "FeatureCollection", "features": features}

"""An entry as schema.org JSON-LD, for search engines and other catalogues."""

import json

from markupsafe import Markup

from address_model.coordinates import Point
from address_model.heritage.catalogue import CatalogueEntry
from address_model.heritage.linked_places import TGAZ
from address_model.heritage.precision import precision_of
from address_model.heritage.years import iso_year
from service.heritage.citations import safe_link

_LINKS = {
    "tgaz": TGAZ,
    "geonames": "https://sws.geonames.org/",
    "wikidata": "https://www.wikidata.org/entity/",
}
_ESCAPES = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def write_json_ld(
    entry: CatalogueEntry, address: str, containing: str, point: Point | None
) -> Markup:
    """The JSON-LD block of an entry's page, escaped so that it cannot close its script element.

    An estimated position is left out, as consumers would take it for an exact one.
    """
    place = entry.place
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Place",
        "@id": address,
        "identifier": entry.id,
        "name": place.standard_name,
        "alternateName": [form.text for form in place.forms],
        "description": entry.story_zh or entry.summary,
        "inLanguage": "zh-CN",
        "containedInPlace": {"@type": "AdministrativeArea", "name": containing},
        "sameAs": [link for link in map(_same_as, entry.links) if link],
        "subjectOf": [
            {"@type": "CreativeWork", "name": one.text, "url": safe_link(one.url)}
            for one in entry.sources
        ],
        "award": [f"{one.list_name} {one.year or ''}".strip() for one in entry.recognitions
                  if one.status == "recognized"],
    }  # fmt: skip
    if entry.name_since is not None:
        data["temporalCoverage"] = f"{iso_year(entry.name_since)}/.."
    if point and not precision_of(place.precision).is_estimate:
        middle = {"latitude": round(point.lat, 5), "longitude": round(point.lon, 5)}
        data["geo"] = {
            "@type": "GeoCircle",
            "geoMidpoint": {"@type": "GeoCoordinates"} | middle,
            "geoRadius": precision_of(place.precision).metres,
        }
    filled = {key: value for key, value in data.items() if value}
    text = json.dumps(filled, ensure_ascii=False, separators=(",", ":"))
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return Markup(text)  # noqa: S704 - all characters special in HTML are escaped


def _same_as(link: str) -> str:
    scheme, _, value = link.partition(":")
    base = _LINKS.get(scheme, "")
    return base + value if base and value.replace("_", "").isalnum() else ""

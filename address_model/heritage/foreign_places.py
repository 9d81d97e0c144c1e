"""Reads features of other publishers in Linked Places Format, and lists what is left out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from address_model.heritage.catalogue import CatalogueEntry, NameForm, PlaceNameRecord
from address_model.heritage.claims import Citation, Claim
from address_model.heritage.geometry import wkt_of
from address_model.heritage.years import parse_iso_year
from address_model.written_numbers import plain_number

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_OTHER_HAN = ("ja", "ko", "vi")
"""Languages whose names in Chinese characters are not the Chinese ones."""
_SAME_PLACE = ("closeMatch", "exactMatch")
_GAZETTEERS = (
    (re.compile(r"(?:gn:|https?://(?:www\.|sws\.)?geonames\.org/)(\d+)\S*"), "geonames:"),
    (re.compile(r"(?:wd:|https?://www\.wikidata\.org/(?:wiki|entity)/)(Q\d+)"), "wikidata:"),
    (
        re.compile(
            r"https?://(?:maps\.cga\.harvard\.edu|chgis\.hudci\.org)/tgaz/placename/(\w+)/?"
        ),
        "tgaz:",
    ),
)
OURS = ("division:", "was:")
"""Internal links to an entry by a former code or id: never imported or exported."""

Item = Mapping[str, Any]
Span = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class ForeignPlace:
    """An imported entry, doubtful until reviewed, and what was left out of it."""

    entry: CatalogueEntry
    left_out: tuple[str, ...]


def read_foreign(feature: Item, key: str) -> ForeignPlace:
    """The entry of a feature: its first Chinese name, other names as variants, years and links.

    A name in zh-Latn is the pinyin; each timespan of a name makes one form.

    Raises:
        ValueError: it has no name, or a geometry that cannot be stored.
        KeyError: it has no ``@id``.
    """
    source = str(feature["@id"])
    reading = _Reading()
    names = [one for one in reading.items(feature.get("names"), "a name") if _toponym(one)]
    standard = _find_standard(names, reading)
    spelled = [_toponym(one) for one in names if _is_pinyin(one)]
    reading.left_out += [f"the spelling {one}" for one in spelled[1:]]
    geometry = wkt_of(feature.get("geometry"))
    properties = feature.get("properties")
    division = properties.get("division") if isinstance(properties, Mapping) else None
    place = PlaceNameRecord(
        number=key,
        standard_name=_toponym(standard),
        kind="area",
        division=plain_number(str(division or "")),
        pinyin=spelled[0] if spelled else "",
        pinyin_source=source if spelled else "",
        needs_review=bool(spelled),
        geometry=geometry,
        precision="approximate_1km" if geometry else "none",
        source=source,
        forms=tuple(_forms(names, standard, reading)),
    )
    return _complete(place, feature, standard, reading)


def _complete(
    place: PlaceNameRecord, feature: Item, standard: Item, reading: "_Reading"
) -> ForeignPlace:
    described = reading.items(feature.get("descriptions"), "a description")
    texts = [str(one["value"]) for one in described if one.get("value")]
    years = [("unspecified", span) for span in reading.spans(feature.get("when"), "the place")]
    reading.left_out += [f"the place: end {last}" for _, (_, last) in years if last is not None]
    years += [("name", span) for span in reading.spans(standard.get("when"), place.standard_name)]
    links, pages = _links(reading.items(feature.get("links"), "a link"), reading)
    reading.left_out += [name for name in ("relations", "depictions") if feature.get(name)]
    cited = tuple(Citation(label) for label in _cited(standard, reading))
    claims = [Claim(what, year=first) for what, (first, _) in years if first]
    claims += [Claim("origin", text, kind="unsorted") for text in texts]
    if cited or pages:
        claims.append(Claim("unspecified", citations=(*cited, *pages)))
    entry = CatalogueEntry(
        id=place.number,
        place=place,
        heritage_class="area_name",
        summary=texts[0] if texts else "",
        claims=tuple(claims),
        links=links,
        review_state="doubtful",
    )
    return ForeignPlace(entry, tuple(dict.fromkeys(reading.left_out)))


@dataclass(slots=True)
class _Reading:
    """Collects what is left out while a feature is read."""

    left_out: list[str] = field(default_factory=list)

    def items(self, value: Any, what: str) -> list[Item]:
        """The objects of a list, or a single one; anything else is left out."""
        listed = value if isinstance(value, list) else [] if value is None else [value]
        found = [one for one in listed if isinstance(one, Mapping)]
        if len(found) != len(listed):
            self.left_out.append(f"{what} that is no object")
        return found

    def spans(self, when: Any, what: str) -> Iterator[Span]:
        """The first and last years of each span of a ``when``; a span without either is skipped."""
        for one in self.items(when, f"{what}: a when"):
            self.left_out += [
                f"{what}: {name}" for name in ("periods", "duration") if one.get(name)
            ]
            listed = self.items(one.get("timespans"), f"{what}: a timespan")
            if "start" in one or "end" in one:
                listed = [*listed, one]
            for span in listed:
                first = self.year(span.get("start"), f"{what}: start")
                last = self.year(span.get("end"), f"{what}: end")
                if (first, last) != (None, None):
                    yield first, last

    def year(self, limit: Any, what: str) -> int | None:
        """The year of a limit: an object with one or two days, or the day itself."""
        given = limit if isinstance(limit, Mapping) else {"in": limit}
        days = [str(given[word]) for word in ("in", "earliest", "latest") if given.get(word)]
        self.left_out += [f"{what} {one}" for one in days[1:]]
        try:
            return parse_iso_year(plain_number(days[0].strip())) if days else None
        except ValueError:
            self.left_out.append(f"{what} {days[0]}")
            return None


def _find_standard(names: Sequence[Item], reading: _Reading) -> Item:
    """The first Chinese name, else the first that is not pinyin, else the first."""
    if not names:
        raise ValueError("names: it has none")
    others = [one for one in names if not _is_pinyin(one)]
    for one in others:
        if _language(one).split("-")[0] not in _OTHER_HAN and _HAN.search(_toponym(one)):
            return one
    found = (others or names)[0]
    reading.left_out.append(f"a Chinese name: it has none, and is called {_toponym(found)}")
    return found


def _forms(names: Sequence[Item], standard: Item, reading: _Reading) -> Iterator[NameForm]:
    """The other names, one form per timespan; of the standard name, spans that have ended."""
    for one in names:
        if one is standard or _is_pinyin(one):
            continue
        cited = "; ".join(_cited(one, reading))
        for first, last in list(reading.spans(one.get("when"), _toponym(one))) or [(None, None)]:
            if (first, last) != (None, None) or _toponym(one) != _toponym(standard):
                yield NameForm(_toponym(one), "variant", first, last, citation=cited)
    for first, last in _Reading().spans(standard.get("when"), ""):
        if last is not None:
            yield NameForm(_toponym(standard), "former", first, last)


def _links(links: Sequence[Item], reading: _Reading) -> tuple[tuple[str, ...], list[Citation]]:
    """The same place elsewhere, and pages about it."""
    same: list[str] = []
    pages: list[Citation] = []
    for one in links:
        identifier = str(one.get("identifier") or one.get("@id") or "").strip()
        kind = str(one.get("type") or "closeMatch").rsplit(":", 1)[-1]
        if not identifier or identifier.startswith(OURS):
            reading.left_out.append(f"the link {identifier or 'without identifier'}")
        elif kind not in _SAME_PLACE:
            is_address = identifier.startswith(("http://", "https://"))
            pages.append(Citation(identifier, url=identifier if is_address else ""))
        else:
            known = ((scheme, pattern.fullmatch(identifier)) for pattern, scheme in _GAZETTEERS)
            keys = [scheme + found[1] for scheme, found in known if found]
            same.append(keys[0] if keys else identifier)
    return tuple(dict.fromkeys(same)), pages


def _cited(name: Item, reading: _Reading) -> list[str]:
    listed = reading.items(name.get("citations"), f"{_toponym(name)}: a citation")
    labels = [str(one.get("label") or one.get("@id") or "").strip() for one in listed]
    return [label for label in labels if label]


def _toponym(name: Item) -> str:
    return str(name.get("toponym") or "").strip()


def _language(name: Item) -> str:
    return str(name.get("lang") or "").lower()


def _is_pinyin(name: Item) -> bool:
    return _language(name).startswith("zh-latn")

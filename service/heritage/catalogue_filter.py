"""The filter of the catalogue pages, parsed from the query string and written into links."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from urllib.parse import urlencode

from service.heritage.queries.search import EntryFilter

_LONGEST_TEXT = 40


class Show(StrEnum):
    """The three views of the catalogue: the values of ``?show=``."""

    LIST = "list"
    MAP = "map"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class CatalogueFilter:
    """Search text, facets, view, position in the list, and the page's view and language.

    Field names are those of the query parameters; invalid values are ignored.
    """

    q: str = ""
    kind: str = ""
    place: str = ""
    dynasty: str = ""
    scheme: str = ""
    show: Show = Show.LIST
    after: str = ""
    v: str = ""
    lang: str = ""

    @property
    def wanted(self) -> EntryFilter:
        """The filter for the queries."""
        return EntryFilter(self.q, self.kind, self.place, self.dynasty, self.scheme)

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return self.wanted != EntryFilter()

    def link(self, **changes: object) -> str:
        """The URL of the same filter with other values, at its first page."""
        asked = replace(self, after="", **changes)  # type: ignore[arg-type]
        return "/heritage" + asked.query

    @property
    def query(self) -> str:
        """The query string with its question mark, or ""."""
        values = {field.name: str(getattr(self, field.name)) for field in fields(self)}
        given = {k: value for k, value in values.items() if value and value != Show.LIST}
        return "?" + urlencode(given) if given else ""

    @property
    def carried(self) -> str:
        """The query string for links to other pages: view and language only."""
        return CatalogueFilter(v=self.v, lang=self.lang).query


def read_filter(asked: Mapping[str, str], *, elder: bool, english: bool) -> CatalogueFilter:
    """Parse the filter from query parameters."""
    text = " ".join(asked.get("q", "").replace("\x00", "").split())[:_LONGEST_TEXT].rstrip()
    place = asked.get("place", "")
    show = asked.get("show", "")
    return CatalogueFilter(
        q=text,
        kind=_word(asked.get("kind", "")),
        place=place if place.isascii() and place.isdigit() and len(place) in (4, 6) else "",
        dynasty=_word(asked.get("dynasty", "")),
        scheme=_word(asked.get("scheme", "")),
        show=Show(show) if show in list(Show) else Show.LIST,
        after=_word(asked.get("after", "")),
        v="elder" if elder else "",
        lang="en" if english else "",
    )


def _word(text: str) -> str:
    """The value of a facet if valid, else "": at most 24 letters, digits, hyphens, underscores."""
    plain = text.replace("-", "").replace("_", "")
    return text if plain.isalnum() and len(text) <= 24 else ""

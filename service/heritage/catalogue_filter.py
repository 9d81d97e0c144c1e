"""What a visitor of the catalogue asks for, read from a page's address and written into links."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from urllib.parse import urlencode

from service.heritage.queries.search import EntryFilter

_LONGEST_TEXT = 40


class Show(StrEnum):
    """The three ways to look at the catalogue, as ``?show=`` names them."""

    LIST = "list"
    MAP = "map"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class CatalogueFilter:
    """Search text, facets, way of looking and place in the list; view and language are kept on.

    Field names are the names in the address; what is not understood is as if it were not there.
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
        """The filter of the catalogue that this inquiry means."""
        return EntryFilter(self.q, self.kind, self.place, self.dynasty, self.scheme)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for at all."""
        return self.wanted != EntryFilter()

    def link(self, **changes: object) -> str:
        """The address of the same inquiry with other values; it begins again at the first page."""
        asked = replace(self, after="", **changes)  # type: ignore[arg-type]
        return "/heritage" + asked.query

    @property
    def query(self) -> str:
        """The query string with its question mark, or nothing."""
        values = {field.name: str(getattr(self, field.name)) for field in fields(self)}
        told = {k: value for k, value in values.items() if value and value != Show.LIST}
        return "?" + urlencode(told) if told else ""

    @property
    def carried(self) -> str:
        """What links to other pages carry on: view and language alone."""
        return CatalogueFilter(v=self.v, lang=self.lang).query


def read_filter(asked: Mapping[str, str], *, elder: bool, english: bool) -> CatalogueFilter:
    """Read an inquiry from the values of an address."""
    text = " ".join(asked.get("q", "").replace("\x00", "").split())[:_LONGEST_TEXT]
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
    """A code or word of a facet: letters, figures, hyphen, underscore and no more than 24."""
    plain = text.replace("-", "").replace("_", "")
    return text if plain.isalnum() and len(text) <= 24 else ""

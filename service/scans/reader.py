"""The view and language of a page, taken from its URL; no cookie is set."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs

from service.core.words import Language


class View(StrEnum):
    """The views of a page: the values of ``?v=``."""

    STANDARD = "standard"
    ELDER = "elder"


@dataclass(frozen=True, slots=True)
class Reader:
    """A view and a language."""

    view: View = View.STANDARD
    language: Language = Language.ZH

    @property
    def query(self) -> str:
        """The query string for links of the page: ``?v=elder&lang=en``, or ""."""
        parts = []
        if self.view is not View.STANDARD:
            parts.append(f"v={self.view.value}")
        if self.language is not Language.ZH:
            parts.append(f"lang={self.language.value}")
        return "?" + "&".join(parts) if parts else ""


PLAIN = Reader()
_MOST_FIELDS = 20


def find_reader(query: str) -> Reader:
    """Parse view and language from a query string; unknown values are ignored."""
    if not query or query.count("&") >= _MOST_FIELDS:
        return PLAIN
    fields = parse_qs(query)
    view = View.ELDER if fields.get("v", [""])[-1] == View.ELDER.value else View.STANDARD
    asked = fields.get("lang", [""])[-1].lower()
    return Reader(view, Language.EN if asked[:2] == Language.EN.value else Language.ZH)

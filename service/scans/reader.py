"""How a page is read: in which view and language, as its address says; no cookie keeps it."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs

from service.core.words import Language


class View(StrEnum):
    """The views of a page, as ``?v=`` names them."""

    STANDARD = "standard"
    ELDER = "elder"


@dataclass(frozen=True, slots=True)
class Reader:
    """The view and the language somebody reads in."""

    view: View = View.STANDARD
    language: Language = Language.ZH

    @property
    def query(self) -> str:
        """What every link of the page carries on: ``?v=elder&lang=en``, or nothing."""
        parts = []
        if self.view is not View.STANDARD:
            parts.append(f"v={self.view.value}")
        if self.language is not Language.ZH:
            parts.append(f"lang={self.language.value}")
        return "?" + "&".join(parts) if parts else ""


PLAIN = Reader()
_MOST_FIELDS = 20


def find_reader(query: str) -> Reader:
    """Read view and language from a query string; what is not known is as if it were not there."""
    if not query or query.count("&") >= _MOST_FIELDS:
        return PLAIN
    fields = parse_qs(query)
    view = View.ELDER if fields.get("v", [""])[-1] == View.ELDER.value else View.STANDARD
    asked = fields.get("lang", [""])[-1].lower()
    return Reader(view, Language.EN if asked[:2] == Language.EN.value else Language.ZH)

"""What all scan pages of one view and language share: their words, and the parts cut for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from service.core import html
from service.core.words import TAGS, WORDS, Language, Words
from service.scans.reader import Reader, View
from service.scans.site import Site

EMPTY = html.Html("")
SCRIPT = f"/static/read-aloud.js?{html.fingerprint('read-aloud.js')}"


@dataclass(frozen=True, slots=True)
class PageParts:
    """The words and the parts of pages for one reader of one site."""

    reader: Reader
    words: Words
    parts: Mapping[str, html.Part]
    frames: Mapping[bool, html.Part]
    """The whole page about its title and its content, by whether it is marked as a demo."""


@lru_cache(maxsize=32)
def parts_of(site: Site, reader: Reader) -> PageParts:
    """Return what pages for a reader share, made on first use."""
    context = page_context(site, reader) | {"script": SCRIPT}
    frames = {
        is_demo: html.cut_page("scans/plate.html", context | {"is_demo": is_demo}, "title", "body")
        for is_demo in (False, True)
    }
    parts = html.cut_parts("scans/parts.html", context)
    return PageParts(reader, WORDS[reader.language], parts, frames)


def page_context(site: Site, reader: Reader) -> dict[str, object]:
    """What every template may ask: words, view, language, the links to the others."""
    view, language = reader.view, reader.language
    standard = view is View.STANDARD
    other_view = Reader(View.ELDER if standard else View.STANDARD, language)
    other_language = Reader(view, Language.EN if language is Language.ZH else Language.ZH)
    return {
        "words": WORDS[language],
        "tag": TAGS[language],
        "zh": Markup("") if language is Language.ZH else Markup(' lang="zh-CN"'),
        "elder": not standard,
        "script": "",
        "site": site,
        "is_demo": site.is_demo,
        "query": reader.query,
        "other_view": other_view.query or "?",
        "other_language": other_language.query or "?",
    }

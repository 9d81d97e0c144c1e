"""The numbered sources of an entry."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from address_model.heritage.catalogue import CatalogueEntry, Citation
from service.core.words import mark

KINDS = {
    "standard_history": mark("正史"),
    "local_gazetteer": mark("方志"),
    "inscription": mark("碑刻"),
    "genealogy": mark("谱牒"),
    "admin_record": mark("沿革档案"),
    "primary_text": mark("原典"),
    "oral_tradition": mark("口传"),
    "modern_reference": mark("今人著述"),
}
TIERS = {
    1: mark("一级：官方或学术数据"),
    2: mark("二级：政府与党报报道"),
    3: mark("三级：专题文章"),
    4: mark("四级：一般网页，须复核"),
}


@dataclass(frozen=True, slots=True)
class NumberedSource:
    """A source with its number on the page; ``link`` is empty without a safe URL."""

    number: int
    citation: Citation
    link: str

    @property
    def host(self) -> str:
        """The host of the link, or ""."""
        return urlsplit(self.link).hostname or ""


class Sources:
    """Numbers the sources of an entry in the order of their citation on the page.

    Sources with the same URL are one, whatever their titles.
    """

    def __init__(self, entry: CatalogueEntry) -> None:
        self._numbers: dict[str, int] = {}
        self._cited: list[Citation] = []
        accounts = [account.source for account in entry.accounts]
        rest = entry.sources if not all(accounts) else ()
        evidence = [one.source for one in entry.attestations]
        lists = [Citation(one.list_name, one.document) for one in entry.recognitions]
        for citation in (*accounts, *rest, *evidence, *lists, *entry.sources):
            key = (citation.url or citation.title) if citation else ""
            if citation and key and key not in self._numbers:
                self._cited.append(citation)
                self._numbers[key] = len(self._cited)
        self.general = list(dict.fromkeys(map(self.number, entry.sources)))

    def number(self, citation: Citation | None) -> int:
        """The number of a source; 0 for none."""
        return self._numbers.get(citation.url or citation.title, 0) if citation else 0

    def list_all(self) -> list[NumberedSource]:
        """All sources by number."""
        return [
            NumberedSource(number, one, safe_link(one.url))
            for number, one in enumerate(self._cited, 1)
        ]


def safe_link(url: str) -> str:
    """The URL if it is http(s) and has no unsafe characters, else ""."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    return url.strip() if is_web and not any(c in url for c in '"<>\\ \n\t') else ""

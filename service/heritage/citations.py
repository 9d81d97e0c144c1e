"""The sources of an entry, each with one number wherever it is cited."""

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
    """A source with its number on the page; ``link`` is empty where it cannot be opened."""

    number: int
    citation: Citation
    link: str

    @property
    def host(self) -> str:
        """The host of the link, to say where it leads."""
        return urlsplit(self.link).hostname or ""


class Sources:
    """Gives numbers to the sources of an entry, in the order in which the page cites them.

    The same address is one source, however it is named.
    """

    def __init__(self, entry: CatalogueEntry) -> None:
        self._numbers: dict[str, int] = {}
        self._cited: list[Citation] = []
        accounts = [account.source for account in entry.accounts]
        rest = entry.sources if not all(accounts) else ()
        evidence = [one.source for one in entry.attestations]
        lists = [Citation(one.list_name, one.document) for one in entry.recognitions]
        for citation in (*accounts, *rest, *evidence, *lists, *entry.sources):
            if citation and (citation.title or citation.url):
                self._add(citation)
        self.general = list(dict.fromkeys(map(self.number, entry.sources)))

    def _add(self, citation: Citation) -> None:
        key = citation.url or citation.title
        if key not in self._numbers:
            self._cited.append(citation)
            self._numbers[key] = len(self._cited)

    def number(self, citation: Citation | None) -> int:
        """The number of a source; nought for none."""
        return self._numbers.get(citation.url or citation.title, 0) if citation else 0

    def list_all(self) -> list[NumberedSource]:
        """Every source, in order of its number."""
        return [
            NumberedSource(number, one, safe_link(one.url))
            for number, one in enumerate(self._cited, 1)
        ]


def safe_link(url: str) -> str:
    """The address if it is one of the web; anything else (a script, a file) is no link."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    return url.strip() if is_web and not any(c in url for c in '"<>\\ \n\t') else ""

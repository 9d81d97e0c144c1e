"""The numbered citations of an entry, grouped by the claims that they are about."""

from dataclasses import dataclass
from itertools import count
from urllib.parse import urlsplit

from address_model.heritage.catalogue import CatalogueEntry
from address_model.heritage.claims import Citation, Claim
from service.core.words import Words, mark
from service.heritage.labels import GRADES, PRECISIONS, SUBJECTS, say_year

KINDS = {
    "standard_history": mark("正史"),
    "geography": mark("总志与古地理书"),
    "local_gazetteer": mark("方志"),
    "notes": mark("笔记"),
    "inscription": mark("碑刻"),
    "genealogy": mark("谱牒"),
    "admin_record": mark("沿革档案"),
    "primary_text": mark("原典"),
    "scholarly_database": mark("学术数据"),
    "government_page": mark("政府网页"),
    "press": mark("报刊"),
    "modern_reference": mark("今人著述"),
    "oral_tradition": mark("口传"),
    "mirror": mark("转载网页"),
}
_EDITIONS = {
    "四库": mark("据四库本转录核对"),
    "四部丛刊": mark("据四部丛刊本转录核对"),
    "": mark("据转录本核对"),
}
"""How a transcription was read, by a word in the title."""
_SEEN = {
    "page_read": mark("据原网页"),
    "quoted_in_gazetteer": mark("据地方志转引"),
    "quoted_in_press": mark("据报刊转引"),
    "quoted_in_mirror": mark("据网页转引"),
    "not_seen": mark("未见原书"),
}


@dataclass(frozen=True, slots=True)
class NumberedCitation:
    """A citation with its number on the page; ``link`` is empty without a safe URL."""

    number: int
    citation: Citation
    kind: str
    seen: str
    link: str

    @property
    def host(self) -> str:
        """The host of the link, or ""."""
        return urlsplit(self.link).hostname or ""


@dataclass(frozen=True, slots=True)
class CitedClaim:
    """A claim in words, its grade, and its citations; ``numbers`` are theirs."""

    claim: Claim
    label: str
    grade: str
    citations: tuple[NumberedCitation, ...]

    @property
    def numbers(self) -> list[int]:
        """The numbers of its citations on the page."""
        return [one.number for one in self.citations]


def list_cited_claims(entry: CatalogueEntry, words: Words) -> list[CitedClaim]:
    """All claims of an entry in order, their citations numbered through the page."""
    found: list[CitedClaim] = []
    numbers = count(1)
    for claim in entry.claims:
        cited = tuple(
            NumberedCitation(
                next(numbers), one, words(KINDS[one.kind]) if one.kind in KINDS else "",
                say_seen(one, words), safe_link(one.url),
            )
            for one in claim.citations
        )  # fmt: skip
        grade = words(GRADES[claim.grade]) if claim.grade in GRADES else ""
        found.append(CitedClaim(claim, _label(claim, words), grade, cited))
    return found


def say_seen(one: Citation, words: Words) -> str:
    """How a source was seen, in words."""
    if one.seen_as == "transcription_read":
        return words(next(said for word, said in _EDITIONS.items() if word in one.title))
    return words(_SEEN.get(one.seen_as, _SEEN["not_seen"]))


def _label(claim: Claim, words: Words) -> str:
    """What a claim is about: its subject, and its year with the precision."""
    exact = PRECISIONS.get(claim.year_precision, "")
    year = say_year(claim.year, words) if claim.year is not None else ""
    said = (words(SUBJECTS.get(claim.subject, claim.subject)), year, words(exact) if exact else "")
    return " · ".join(filter(None, said))


def safe_link(url: str) -> str:
    """The URL if it is http(s) and has no unsafe characters, else ""."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    return url.strip() if is_web and not any(c in url for c in '"<>\\ \n\t') else ""

"""Claims of the catalogue: a fact, the sources that bear it, and the grade they give it.

A grade is computed from what the source is and from how it was seen, and is never stored: an old
history that a reprint site mentions is not an old history that somebody has read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

DATED = ("name", "predecessor_name", "settlement", "structure", "seat", "unspecified")
"""Subjects of claims about a year."""
SUBJECTS = (*DATED, "former_name", "origin", "list_status", "point")
ACCOUNT_KINDS = ("documented", "genealogy", "legend", "scholarly", "unsorted")
"""Kinds of an account of the origin."""

_BEST_BY_KIND = {
    "standard_history": "A", "inscription": "A", "primary_text": "A", "admin_record": "A",
    "geography": "A", "local_gazetteer": "B", "notes": "B", "scholarly_database": "B",
    "government_page": "C", "press": "C", "modern_reference": "C", "genealogy": "C",
    "oral_tradition": "D", "mirror": "D",
}  # fmt: skip
SOURCE_KINDS = tuple(_BEST_BY_KIND)
_BEST_BY_SEEN = {
    "transcription_read": "A",
    "page_read": "B",
    "quoted_in_gazetteer": "B",
    "quoted_in_press": "C",
    "quoted_in_mirror": "D",
    "not_seen": "D",
}
SEEN_AS = tuple(_BEST_BY_SEEN)
"""How a source was seen: an old book in a transcription, a page itself, or only as quoted."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A source at the place that speaks of a claim.

    ``author`` is the author or publisher, ``published`` the year as text, ``locator`` juan and leaf
    or section. ``says`` is this source's own reading where it differs from the claim; empty if it
    bears the claim out. ``read_on`` is the day it was read.
    """

    title: str
    author: str = ""
    published: str = ""
    locator: str = ""
    url: str = ""
    kind: str = ""
    seen_as: str = "not_seen"
    says: str = ""
    read_on: date | None = None
    note: str = ""

    @property
    def text(self) -> str:
        """The citation in one line: author, title, year, place."""
        parts = (self.author, self.title, self.published, self.locator)
        return "，".join(filter(None, parts))

    @property
    def grade(self) -> str:
        """A to D: what its kind is worth, and never more than what was seen of it."""
        return max(_BEST_BY_KIND.get(self.kind, "D"), _BEST_BY_SEEN.get(self.seen_as, "D"))


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact about a place name, with its own sources.

    ``year`` is signed, without a year zero; with ``not_after`` it is only a limit: attested by
    then, and perhaps older. ``kind`` and ``language`` are those of an account of the origin.
    """

    subject: str
    value: str = ""
    kind: str = ""
    language: str = "zh"
    year: int | None = None
    precision: str = ""
    not_after: bool = False
    calendar_text: str = ""
    citations: tuple[Citation, ...] = ()
    note: str = ""

    @property
    def bearing(self) -> tuple[Citation, ...]:
        """The citations that bear it out."""
        return tuple(one for one in self.citations if not one.says)

    @property
    def grade(self) -> str:
        """The best grade of the citations that bear it out; "" if none does."""
        return min((one.grade for one in self.bearing), default="")

    @property
    def is_weak(self) -> bool:
        """Whether nothing better than a mirror or hearsay bears it out."""
        return self.grade in ("", "D")

    @property
    def year_precision(self) -> str:
        """The precision of the year; ``not_after`` if it is only a limit."""
        return "not_after" if self.not_after else self.precision


def list_sources(claims: Sequence[Claim]) -> tuple[Citation, ...]:
    """Each source that is cited, once, in order of first citation."""
    found: dict[tuple[str, str, str], Citation] = {}
    for claim in claims:
        for one in claim.citations:
            found.setdefault((one.author, one.title, one.url), one)
    return tuple(found.values())

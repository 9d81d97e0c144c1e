"""Resolutions as the columns appended to a file or a batch."""

from collections.abc import Sequence
from typing import NamedTuple

from service.core.database import Database
from service.matching.queries import resolve_many
from service.matching.resolution import Resolution
from service.matching.resolve_options import ANYWHERE, ResolveOptions

COLUMNS = (
    "category",
    "code",
    "standard_text",
    "match_level",
    "score",
    "differences",
    "remainder",
)
CHUNK = 500
_databases: dict[str, Database] = {}


class Answer(NamedTuple):
    """The appended columns; an uncertain row has no code, and the question in its differences."""

    category: str
    code: str
    standard_text: str
    match_level: str
    score: float
    differences: str
    remainder: str = ""

    @property
    def by_column(self) -> dict[str, str | float]:
        """The values by column name."""
        return dict(zip(COLUMNS, self, strict=True))


def answer_of(found: Resolution) -> Answer:
    """The columns of one resolution."""
    notes = [f"{d.level}:{d.wanted or '∅'}→{d.held or '∅'}" for d in found.differences] or list(
        found.reasons
    )
    if found.question:
        notes.append(found.question)
    address = found.address
    return Answer(
        found.category,
        address.code if address else "",
        address.standard_text if address else "",
        found.match_level,
        found.score,
        "; ".join(notes),
        found.remainder,
    )


def answer_unread(reason: str) -> Answer:
    """The columns of an unreadable row."""
    return Answer("none", "", "", "", 0.0, reason)


def answer_texts(
    database: Database, texts: Sequence[str], focus: ResolveOptions = ANYWHERE
) -> list[Answer]:
    """Resolve texts in chunks, in order."""
    with database.reading() as session:
        return [
            answer_of(found)
            for at in range(0, len(texts), CHUNK)
            for found in resolve_many(session, texts[at : at + CHUNK], focus)
        ]


def database_here(url: str) -> Database:
    """The database of a URL in this process, cached with its dictionaries."""
    if url not in _databases:
        _databases[url] = Database(url, 1)
    return _databases[url]

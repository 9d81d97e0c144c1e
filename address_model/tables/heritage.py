"""The heritage of place names: schemes, entries, claims with their citations, recognitions."""

from datetime import date

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import CreatedAt, Json, Surrogate, Table, Version

EntryId = String(24)


class Source(Table):
    """A citable source: an old book, a stele, a genealogy, a notice, a web page."""

    __tablename__ = "source"
    __table_args__ = (
        Index("uq_source_cited", "title", "author", "published", "url", "kind", unique=True),
    )

    id: Mapped[Surrogate]
    title: Mapped[str]
    author: Mapped[str] = mapped_column(server_default="")
    published: Mapped[str] = mapped_column(server_default="")
    url: Mapped[str] = mapped_column(server_default="")
    kind: Mapped[str] = mapped_column(String(24), server_default="")


class HeritageScheme(Table):
    """A list or class of an authority in one version, its criteria as data."""

    __tablename__ = "heritage_scheme"

    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    version: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str]
    authority: Mapped[str] = mapped_column(server_default="")
    criteria: Mapped[Json]
    evidence: Mapped[str] = mapped_column(server_default="")
    source: Mapped[str] = mapped_column(server_default="")
    confidence: Mapped[str] = mapped_column(server_default="")
    gaps: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")


class HeritageEntry(Table):
    """The heritage entry of one place name.

    ``settlement_since`` and ``name_since`` differ: a place can be older than its name.
    Both are what the claims bear out, and absent where none does. ``review_state`` is
    ``imported`` until somebody has looked; an entry that is ``reviewed`` is left alone by loads.
    """

    __tablename__ = "heritage_entry"
    __table_args__ = (
        CheckConstraint("review_state in ('imported', 'doubtful', 'reviewed')", name="review"),
        Index(None, "heritage_class"),
    )

    id: Mapped[str] = mapped_column(EntryId, primary_key=True)
    place_name_id: Mapped[int] = mapped_column(ForeignKey("place_name.id"), unique=True)
    heritage_class: Mapped[str] = mapped_column(String(32))
    class_name: Mapped[str] = mapped_column(server_default="")
    story_zh: Mapped[str] = mapped_column(server_default="")
    story_en: Mapped[str] = mapped_column(server_default="")
    summary: Mapped[str] = mapped_column(server_default="")
    dispute: Mapped[str] = mapped_column(server_default="")
    settlement_since: Mapped[int | None] = mapped_column(SmallInteger)
    settlement_precision: Mapped[str] = mapped_column(String(12), server_default="")
    name_since: Mapped[int | None] = mapped_column(SmallInteger)
    name_precision: Mapped[str] = mapped_column(String(12), server_default="")
    dynasty: Mapped[str] = mapped_column(String(12), server_default="")
    links: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    confidence: Mapped[str] = mapped_column(String(16), server_default="")
    review_state: Mapped[str] = mapped_column(String(12), server_default="imported")
    note: Mapped[str] = mapped_column(server_default="")
    changed_at: Mapped[CreatedAt]
    version: Mapped[Version]


class HeritageClaim(Table):
    """A fact about an entry: a year, a former name, an account of the origin, a status, a point.

    Conflicting claims are all kept. Their grade is computed from the citations, never stored.
    """

    __tablename__ = "heritage_claim"
    __table_args__ = (
        CheckConstraint(
            "kind in ('', 'documented', 'genealogy', 'legend', 'scholarly', 'unsorted')",
            name="kind",
        ),
        Index(None, "entry_id"),
    )

    id: Mapped[Surrogate]
    entry_id: Mapped[str] = mapped_column(ForeignKey("heritage_entry.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    subject: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(server_default="")
    kind: Mapped[str] = mapped_column(String(12), server_default="")
    language: Mapped[str] = mapped_column(String(8), server_default="zh")
    year: Mapped[int | None] = mapped_column(SmallInteger)
    precision: Mapped[str] = mapped_column(String(12), server_default="")
    not_after: Mapped[bool] = mapped_column(server_default="false")
    calendar_text: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")


class ClaimCitation(Table):
    """A source of a claim: where it speaks, how it was seen, and its own reading if it differs."""

    __tablename__ = "claim_citation"
    __table_args__ = (
        CheckConstraint(
            "seen_as in ('transcription_read', 'page_read', 'quoted_in_gazetteer', "
            "'quoted_in_press', 'quoted_in_mirror', 'not_seen')",
            name="seen_as",
        ),
        Index(None, "source_id"),
    )

    claim_id: Mapped[int] = mapped_column(ForeignKey("heritage_claim.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    locator: Mapped[str] = mapped_column(server_default="")
    seen_as: Mapped[str] = mapped_column(String(20), server_default="not_seen")
    says: Mapped[str] = mapped_column(server_default="")
    read_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(server_default="")


class Recognition(Table):
    """The status of an entry on a list: applied, shortlisted, not selected, recognised …"""

    __tablename__ = "recognition"
    __table_args__ = (Index(None, "entry_id"), Index(None, "scheme_code"))

    id: Mapped[Surrogate]
    entry_id: Mapped[str] = mapped_column(ForeignKey("heritage_entry.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    scheme_code: Mapped[str] = mapped_column(String(24))
    list_name: Mapped[str]
    level: Mapped[str] = mapped_column(String(24), server_default="")
    batch: Mapped[str] = mapped_column(server_default="")
    year: Mapped[int | None] = mapped_column(SmallInteger)
    published: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(16))
    document: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")


class HeritageRelation(Table):
    """A relation to another entry, or to a place without an entry yet (``to_name``)."""

    __tablename__ = "heritage_relation"
    __table_args__ = (Index(None, "entry_id"), Index(None, "to_entry_id"))

    id: Mapped[Surrogate]
    entry_id: Mapped[str] = mapped_column(ForeignKey("heritage_entry.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(String(24))
    to_entry_id: Mapped[str | None] = mapped_column(ForeignKey("heritage_entry.id"))
    to_name: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")


class Media(Table):
    """A picture or recording of an entry, with licence, credit and alternative text."""

    __tablename__ = "media"
    __table_args__ = (
        CheckConstraint("kind in ('image', 'audio')", name="kind"),
        CheckConstraint("licence <> '' and alt <> ''", name="licensed"),
        Index(None, "entry_id"),
    )

    id: Mapped[Surrogate]
    entry_id: Mapped[str] = mapped_column(ForeignKey("heritage_entry.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(String(8))
    file: Mapped[str]
    title: Mapped[str] = mapped_column(server_default="")
    alt: Mapped[str]
    credit: Mapped[str] = mapped_column(server_default="")
    licence: Mapped[str]

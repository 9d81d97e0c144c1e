"""The heritage of place names: schemes, entries, their evidence, accounts and recognitions."""

from datetime import date

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import CreatedAt, Json, Surrogate, Table, Version

EntryId = String(24)


class Source(Table):
    """A citable source: an old book, a stele, a genealogy, a notice, a web page."""

    __tablename__ = "source"
    __table_args__ = (Index("uq_source_cited", "title", "url", "kind", "tier", unique=True),)

    id: Mapped[Surrogate]
    title: Mapped[str]
    url: Mapped[str] = mapped_column(server_default="")
    kind: Mapped[str] = mapped_column(String(24), server_default="")
    tier: Mapped[int] = mapped_column(SmallInteger, server_default="0")


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
    Both are what the attestations bear out, and absent where none does. ``review_state`` is
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
    tier: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    review_state: Mapped[str] = mapped_column(String(12), server_default="imported")
    note: Mapped[str] = mapped_column(server_default="")
    changed_at: Mapped[CreatedAt]
    version: Mapped[Version]


class HeritageEntrySource(Table):
    """A source of the entry as a whole, in order."""

    __tablename__ = "heritage_entry_source"

    entry_id: Mapped[str] = mapped_column(ForeignKey("heritage_entry.id"), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)


class Attestation(Table):
    """What a source attests for a year: the name, an earlier name, the settlement …"""

    __tablename__ = "attestation"
    __table_args__ = (Index(None, "entry_id"),)

    id: Mapped[Surrogate]
    entry_id: Mapped[str] = mapped_column(ForeignKey("heritage_entry.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    subject: Mapped[str] = mapped_column(String(20))
    year: Mapped[int | None] = mapped_column(SmallInteger)
    precision: Mapped[str] = mapped_column(String(12), server_default="")
    calendar_text: Mapped[str] = mapped_column(server_default="")
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    kind: Mapped[str] = mapped_column(String(24), server_default="")
    grade: Mapped[str] = mapped_column(String(1), server_default="")
    note: Mapped[str] = mapped_column(server_default="")


class OriginAccount(Table):
    """One account of a name's origin; conflicting ones are all kept, legends are marked."""

    __tablename__ = "origin_account"
    __table_args__ = (
        CheckConstraint(
            "kind in ('documented', 'genealogy', 'legend', 'scholarly', 'unsorted')", name="kind"
        ),
        Index(None, "entry_id"),
    )

    id: Mapped[Surrogate]
    entry_id: Mapped[str] = mapped_column(ForeignKey("heritage_entry.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str]
    language: Mapped[str] = mapped_column(String(8), server_default="zh")
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))


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

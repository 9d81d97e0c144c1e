"""The change feed and the audit chain: both numbered without gaps, in commit order."""

from sqlalchemy import BigInteger, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import CreatedAt, Json, Table


class FeedCounter(Table):
    """The last position given out, per feed; written only under the feed's lock."""

    __tablename__ = "feed_counter"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger, server_default="0")
    last_hash: Mapped[bytes] = mapped_column(LargeBinary, server_default="")


class Change(Table):
    """One change of one record, as departments read it; never updated, never deleted."""

    __tablename__ = "change"
    __table_args__ = (Index(None, "division", "position"), Index(None, "subject", "key"))

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(32))
    key: Mapped[str]
    action: Mapped[str] = mapped_column(String(32))
    division: Mapped[str] = mapped_column(String(12), server_default="")
    at: Mapped[CreatedAt]


class AuditEntry(Table):
    """Who did what; each entry carries the SHA-256 of the one before it."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "actor", "position"), Index(None, "subject", "position"))

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    actor: Mapped[str]
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str]
    detail: Mapped[Json]
    at: Mapped[CreatedAt]
    hash: Mapped[bytes] = mapped_column(LargeBinary)

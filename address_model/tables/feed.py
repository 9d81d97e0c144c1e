"""The change feed and the audit chain: both numbered without gaps, in commit order."""

from sqlalchemy import ARRAY, BigInteger, Index, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import CreatedAt, Json, Table


class FeedCounter(Table):
    """The last position assigned, per feed.

    Only the database's own function and trigger (migration 0033) write it, under the feed's lock;
    the application's role may read it.
    """

    __tablename__ = "feed_counter"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger, server_default="0")
    last_hash: Mapped[bytes] = mapped_column(LargeBinary, server_default="")


class Change(Table):
    """One change of one record for departments; never updated, kept for a year by month.

    ``version`` is the record's version after the change; None for changes before versioning.

    With ``keys`` the row is a block of ``size`` like changes in one division, one for each key.
    Each has a position of its own: ``position`` is that of the last. ``key`` and ``version`` are
    the first one's; with ``versions`` each has its own. Readers see single changes
    (``service.changes.queries``). ``left_division`` is the division that a moved record lay in.
    """

    __tablename__ = "change"
    __table_args__ = (
        Index(None, "division", "position"),
        Index(None, "subject", "key"),
        Index(
            "ix_change_left_division",
            "left_division",
            "position",
            postgresql_where="left_division <> ''",
        ),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(32))
    key: Mapped[str]
    action: Mapped[str] = mapped_column(String(32))
    division: Mapped[str] = mapped_column(String(12), server_default="")
    at: Mapped[CreatedAt] = mapped_column(primary_key=True)
    version: Mapped[int | None] = mapped_column(BigInteger)
    size: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    keys: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    versions: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    left_division: Mapped[str] = mapped_column(String(12), server_default="")


class DivisionLeft(Table):
    """The division that a record lay in before this transaction moved it to another one.

    A trigger writes it, and the writer of the feed deletes it before commit, so nobody else ever
    sees a row. ``key`` is that of the feed.
    """

    __tablename__ = "division_left"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    transaction: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    division: Mapped[str] = mapped_column(String(12))


class AuditEntry(Table):
    """Who did what; each entry is bound to the one before it.

    ``scheme`` says how: 1 by SHA-256, 2 by HMAC-SHA256 with the key ``key_id``.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "actor", "position"), Index(None, "subject", "position"))

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    actor: Mapped[str]
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str]
    detail: Mapped[Json]
    at: Mapped[CreatedAt]
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    scheme: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    key_id: Mapped[str] = mapped_column(String(8), server_default="")

"""Counters for rate limits, lost when the database crashes; those of addresses live an hour."""

from sqlalchemy import Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import CreatedAt, Table


class RequestCount(Table):
    """The number of requests of one kind from one IP address since ``started_at``.

    ``who`` is a keyed hash of the address; for kinds ``grant_minute`` and ``grant_day`` it is the
    number of a grant with the minute or day. The random key of a day is kept here too, as the row
    of kind ``salt``; once it is deleted, the counts cannot be attributed to anyone.
    """

    __tablename__ = "request_count"
    __table_args__ = (Index(None, "started_at"), {"prefixes": ["UNLOGGED"]})

    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    who: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    count: Mapped[int] = mapped_column(Integer, server_default="0")
    started_at: Mapped[CreatedAt]
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)

"""Counts of requests that are limited: kept an hour at most, lost when the database crashes."""

from sqlalchemy import Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import CreatedAt, Table


class RequestCount(Table):
    """How often one address asked for one kind of thing since ``started_at``.

    ``who`` is the address under a keyed hash. The key is drawn at random for a day and kept here
    too, as the row of kind ``salt`` of that day; with it goes whatever could tell whose counts
    these were.
    """

    __tablename__ = "request_count"
    __table_args__ = (Index(None, "started_at"), {"prefixes": ["UNLOGGED"]})

    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    who: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    count: Mapped[int] = mapped_column(Integer, server_default="0")
    started_at: Mapped[CreatedAt]
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)

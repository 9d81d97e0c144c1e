"""Lists that were uploaded at the desk, and how far each has come."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, func
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import CreatedAt, Json, Surrogate, Table, Version


class ListUpload(Table):
    """One uploaded list; its file lies in the file store.

    ``division`` bounds what its rows may enter and change, "" is everywhere. ``sheet``,
    ``heading``, ``columns`` (field by heading), ``crs`` and ``source`` are what the person
    declared; ``reading`` is what was found in the file, ``result`` what became of its rows.
    """

    __tablename__ = "list_upload"
    __table_args__ = (
        Index("ix_list_upload_division", "division", "id"),
        CheckConstraint(
            "state in ('read', 'checked', 'storing', 'stored', 'abandoned')", name="state"
        ),
    )

    id: Mapped[Surrogate]
    account_id: Mapped[int] = mapped_column(Integer, ForeignKey("staff_account.id"))
    division: Mapped[str] = mapped_column(String(12), server_default="")
    file_name: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    sheet: Mapped[str] = mapped_column(server_default="")
    heading: Mapped[str] = mapped_column(String(16), server_default="")
    columns: Mapped[Json]
    crs: Mapped[str] = mapped_column(String(8), server_default="4490")
    source: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(String(16), server_default="read")
    reading: Mapped[Json]
    result: Mapped[Json]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    version: Mapped[Version]

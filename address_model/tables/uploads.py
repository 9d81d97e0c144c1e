"""Lists that were uploaded at the desk or sent by programs, and how far each has come."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    false,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import CreatedAt, Json, Surrogate, Table, Version


class ListUpload(Table):
    """One uploaded list, of a person or a program; its file lies in the file store.

    ``division`` bounds what its rows may enter and change, "" is everywhere. ``sheet``,
    ``heading``, ``columns`` (field by heading), ``crs`` and ``source`` are what the person
    declared; ``reading`` is what was found in the file, ``result`` what became of its rows as
    counts and notes. ``corrections`` are cells that were corrected here, by row number and heading
    (null: the row was taken out). ``run_id`` is the run that last checked or stored it.
    """

    __tablename__ = "list_upload"
    __table_args__ = (
        Index("ix_list_upload_division", "division", "id"),
        CheckConstraint(
            "state in ('read', 'checking', 'checked', 'awaiting', 'storing', 'stored', "
            "'abandoned')",
            name="state",
        ),
        CheckConstraint("num_nonnulls(account_id, client_id) = 1", name="author"),
    )

    id: Mapped[Surrogate]
    account_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("staff_account.id"))
    client_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("client.id"))
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
    corrections: Mapped[Json] = mapped_column(JSONB, server_default="{}")
    run_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("run.id"))
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    version: Mapped[Version]


class ListUploadRow(Table):
    """What became of one row of an uploaded list.

    A row that names several plates has a ``part`` for each; its faults are at part -1, each as
    column, cell, reason, hint and rule, with the ``cells`` of the row by heading, in which personal
    numbers are masked. ``is_stored``: the register has it, not a check alone.
    """

    __tablename__ = "list_upload_row"
    __table_args__ = (Index("ix_list_upload_row_outcome", "upload_id", "outcome", "number"),)

    upload_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("list_upload.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    part: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    outcome: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(server_default="")
    code: Mapped[str] = mapped_column(String(16), server_default="")
    faults: Mapped[list[list[str]]] = mapped_column(JSONB, server_default="[]")
    cells: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")
    is_stored: Mapped[bool] = mapped_column(server_default=false())

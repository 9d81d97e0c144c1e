"""Runs of bulk work, their chunks, and the rows they refused."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import CreatedAt, Json, Surrogate, Table


class Run(Table):
    """One piece of bulk work: an import, a batch of plates, an export."""

    __tablename__ = "run"

    id: Mapped[Surrogate]
    kind: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16), server_default="queued")
    actor: Mapped[str] = mapped_column(server_default="")
    parameters: Mapped[Json]
    result: Mapped[Json]
    created_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]


class RunChunk(Table):
    """A part of a run that commits its effect and its mark together."""

    __tablename__ = "run_chunk"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    state: Mapped[str] = mapped_column(String(16), server_default="queued")
    parameters: Mapped[Json]
    result: Mapped[Json]
    finished_at: Mapped[datetime | None]


class RowError(Table):
    """A row that a run refused: where, why, and how to mend it."""

    __tablename__ = "row_error"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True)
    row: Mapped[int] = mapped_column(Integer, primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    mend: Mapped[str]

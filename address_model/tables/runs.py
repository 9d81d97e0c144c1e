"""Runs of bulk work, their chunks and attempts, and the rows they refused or read."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import Code16, CreatedAt, Json, Surrogate, Table


class Run(Table):
    """One piece of bulk work: an import, a batch of plates, an export."""

    __tablename__ = "run"
    __table_args__ = (
        Index("ix_run_unfinished", "id", postgresql_where="state in ('queued', 'running')"),
    )

    id: Mapped[Surrogate]
    kind: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16), server_default="queued")
    reason: Mapped[str] = mapped_column(server_default="")
    actor: Mapped[str] = mapped_column(server_default="")
    parameters: Mapped[Json]
    result: Mapped[Json]
    created_at: Mapped[CreatedAt]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class RunChunk(Table):
    """A part of a run that commits its effect and its mark together.

    A phase begins only after all chunks of the phase before are done; ``size`` is the chunk's share
    of the work, in rows.
    """

    __tablename__ = "run_chunk"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    phase: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    size: Mapped[int] = mapped_column(Integer, server_default="1")
    state: Mapped[str] = mapped_column(String(16), server_default="queued")
    parameters: Mapped[Json]
    result: Mapped[Json]
    finished_at: Mapped[datetime | None]


class RunAttempt(Table):
    """An attempt at a chunk that has not completed: it is under way, failed, or its worker
    died.

    Committed before the work begins, so that a worker killed by it leaves a trace; no foreign key
    to the chunk, whose row is locked all the while.
    """

    __tablename__ = "run_attempt"
    __table_args__ = (Index(None, "run_id", "chunk"),)

    id: Mapped[Surrogate]
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    chunk: Mapped[int] = mapped_column(Integer)
    worker: Mapped[str]
    error: Mapped[str | None]
    done: Mapped[int] = mapped_column(Integer, server_default="0")
    """Rows of work done so far, if the chunk is long enough to say so."""
    started_at: Mapped[CreatedAt]


class RowError(Table):
    """A row that a run refused: where, why, and how to correct it."""

    __tablename__ = "row_error"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True)
    row: Mapped[int] = mapped_column(Integer, primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    hint: Mapped[str]


class ImportSeen(Table):
    """A row of a list that became an address, recognised again by its digest.

    It counts while the address has this ``version`` and the places of the county are in this
    state, and rows are read by the same code (``reading``). ``parts`` is how
    many addresses the row became. No key leads to the address, which is found by joining it: its
    check would take longer than the row. Lost when the database crashes: then all rows are read
    again.
    """

    __tablename__ = "import_seen"
    __table_args__ = (Index(None, "code"), {"prefixes": ["UNLOGGED"]})

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    code: Mapped[Code16] = mapped_column(primary_key=True)
    parts: Mapped[int] = mapped_column(SmallInteger)
    places: Mapped[bytes] = mapped_column(LargeBinary)
    reading: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(BigInteger)

"""Datasets (数据集) of departments: definitions, rows by address code, and what was pushed when."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import (
    Code16,
    County6,
    CreatedAt,
    Division12,
    Json,
    Surrogate,
    Table,
    Version,
)


class Dataset(Table):
    """A dataset of one owner, for addresses of a division and below; "" is everywhere.

    ``fields`` are ``address_model.datasets.fields`` as JSON. ``client_id`` is the program that
    pushes its rows. A withdrawn one is kept, and shown to nobody.
    """

    __tablename__ = "dataset"
    __table_args__ = (
        CheckConstraint("state in ('draft', 'approved', 'withdrawn')", name="state"),
        Index("ix_dataset_division", "division", "id"),
        Index("ix_dataset_client_id", "client_id"),
        Index("uq_dataset_name", "name", unique=True, postgresql_where="state <> 'withdrawn'"),
    )

    id: Mapped[Surrogate]
    division: Mapped[Division12] = mapped_column(server_default="")
    name: Mapped[str]
    owner: Mapped[str]
    standard: Mapped[str] = mapped_column(server_default="")
    fields: Mapped[list[dict[str, object]]] = mapped_column(JSONB, server_default="[]")
    retention_days: Mapped[int | None] = mapped_column(Integer)
    destroy_by: Mapped[date | None]
    link: Mapped[str] = mapped_column(server_default="")
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    state: Mapped[str] = mapped_column(String(16), server_default="draft")
    is_sample: Mapped[bool] = mapped_column(server_default="false")
    withdrawn_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class DatasetRow(Table):
    """One row of a dataset, under the id that its owner knows it by.

    ``county`` is the county of issue of the code, as for every row that hangs on one.
    """

    __tablename__ = "dataset_row"
    __table_args__ = (
        Index("ix_dataset_row_code", "code", "dataset_id"),
        Index("ix_dataset_row_updated_at", "dataset_id", "updated_at", "source_id"),
    )

    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"), primary_key=True)
    source_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[Code16] = mapped_column(ForeignKey("address.code"))
    county: Mapped[County6]
    data: Mapped[Json]
    updated_at: Mapped[CreatedAt]
    version: Mapped[Version]


class DatasetPush(Table):
    """One push of rows: who, when, how many, and why rows were refused.

    ``faults`` are lists of row, field, rule, reason and remedy: never a refused value, which may be
    what nobody should have sent.
    """

    __tablename__ = "dataset_push"
    __table_args__ = (Index("ix_dataset_push_dataset_id", "dataset_id", "id"),)

    id: Mapped[Surrogate]
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"))
    actor: Mapped[str]
    new: Mapped[int] = mapped_column(Integer)
    changed: Mapped[int] = mapped_column(Integer)
    same: Mapped[int] = mapped_column(Integer)
    refused: Mapped[int] = mapped_column(Integer)
    faults: Mapped[list[list[object]]] = mapped_column(JSONB, server_default="[]")
    pushed_at: Mapped[CreatedAt]

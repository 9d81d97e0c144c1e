"""Reads pushes of a dataset: who sent rows when, how many, and why some were refused."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import DatasetPush
from service.core.errors import NotFound


class PushNotFound(NotFound):
    """There is no such push of the dataset."""


class PushFault(NamedTuple):
    """Why a row was refused: its number, the column, the rule, in words, and what to do."""

    row: int
    field: str
    rule: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class PushRow:
    """One push, with its counts of rows and the faults that are kept."""

    id: int
    actor: str
    new: int
    changed: int
    same: int
    refused: int
    faults: tuple[PushFault, ...]
    pushed_at: datetime


def list_pushes(session: Session, dataset: int, *, limit: int = 10) -> list[PushRow]:
    """The last pushes of a dataset, the newest first."""
    statement = _SELECT.where(DatasetPush.dataset_id == dataset)
    return [
        _row(row) for row in session.execute(statement.order_by(DatasetPush.id.desc()).limit(limit))
    ]


def get_push(session: Session, dataset: int, number: int) -> PushRow:
    """One push of a dataset.

    Raises:
        PushNotFound: there is none, or it is not kept any more.
    """
    statement = _SELECT.where(DatasetPush.dataset_id == dataset, DatasetPush.id == number)
    row = session.execute(statement).first()
    if row is None:
        raise PushNotFound(f"dataset {dataset} has no push {number}")
    return _row(row)


_SELECT = select(
    DatasetPush.id,
    DatasetPush.actor,
    DatasetPush.new,
    DatasetPush.changed,
    DatasetPush.same,
    DatasetPush.refused,
    DatasetPush.faults,
    DatasetPush.pushed_at,
)


def _row(row: Any) -> PushRow:
    return PushRow(*(*row[:6], tuple(PushFault(*fault) for fault in row[6]), row[7]))

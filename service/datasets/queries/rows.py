"""Reads rows of datasets: by the codes of addresses, and those that changed since a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from address_model.below_door import lies_below_door
from address_model.datasets.fields import THE_PUBLIC, FieldReader
from address_model.sensitivity import Viewer
from address_model.tables import Address, DatasetRow, Division
from service.addresses.queries import lies_in_sight
from service.core.clock import today
from service.core.paging import join_cursor, split_cursor
from service.core.reads import StatementSource
from service.datasets.queries.datasets import load_dataset_register
from service.datasets.register import DatasetRegister, ShownField, StoredRow

ROWS_OF_CODES = """
with recursive reached (wanted, code) as (
  select asked.code, asked.code from unnest(%b::text[]) asked (code)
  union
  select reached.wanted, old.code from reached cross join lateral (
    select a.code from address a where a.successor_code = reached.code offset 0
  ) old
)
select reached.wanted, held.dataset_id, held.code, held.source_id, held.data, held.updated_at
from reached cross join lateral (
  select * from dataset_row r where r.code = reached.code offset 0
) held
"""
"""The rows of many addresses, with those of the codes that they have succeeded. Each code is looked
up by itself (``offset 0``): a merge would walk through all addresses that ever ended."""


def stored_row(row: Sequence[Any]) -> tuple[str, StoredRow]:
    """A row of ``ROWS_OF_CODES``: the code that was asked for, and the row."""
    return row[0], StoredRow(*row[1:])


def find_rows(session: Session, codes: Sequence[str]) -> dict[str, list[StoredRow]]:
    """The rows of addresses (16 digits), by code; those without any are left out."""
    found: dict[str, list[StoredRow]] = {}
    answer = session.connection().exec_driver_sql(ROWS_OF_CODES, (list(codes),))
    for code, row in map(stored_row, answer):
        found.setdefault(code, []).append(row)
    return found


async def fetch_rows(source: StatementSource, codes: list[str]) -> dict[str, list[StoredRow]]:
    """As ``find_rows``, for scans."""
    found: dict[str, list[StoredRow]] = {}
    for code, row in map(stored_row, await source.rows(ROWS_OF_CODES, codes)):
        found.setdefault(code, []).append(row)
    return found


def find_shown_fields(
    session: Session,
    codes: Sequence[str],
    reader: FieldReader = THE_PUBLIC,
    register: DatasetRegister | None = None,
    code_hosts: Collection[str] = (),
) -> Mapping[str, tuple[ShownField, ...]]:
    """What a reader is shown at addresses (16 digits), by code; () where there is nothing.

    ``register`` is that of today, if the caller has it.
    """
    known = load_dataset_register(session, today()) if register is None else register
    held = find_rows(session, codes) if known else {}
    return {code: known.show(code, held.get(code, ()), reader, code_hosts) for code in codes}


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row of a dataset as its owner sent it; ``division`` is that of its address now.

    ``is_deep`` says that the address lies below the door plate.
    """

    source_id: str
    code: str
    division: str
    is_deep: bool
    data: Mapping[str, object]
    updated_at: datetime
    version: int

    @property
    def cursor(self) -> str:
        """Where the list goes on after it."""
        return join_cursor(self.updated_at.isoformat(), self.source_id)


def list_rows(
    session: Session,
    dataset: int,
    *,
    changed: datetime | None = None,
    viewer: Viewer,
    after: str = "",
    limit: int = 100,
) -> list[ListedRow]:
    """The rows of a dataset that changed at a time or later, the oldest change first.

    Only those at addresses that the viewer sees.
    """
    statement = (
        select(
            DatasetRow.source_id,
            DatasetRow.code,
            Division.code,
            Address.level,
            Address.elements,
            DatasetRow.data,
            DatasetRow.updated_at,
            DatasetRow.version,
        )
        .join(Address, Address.code == DatasetRow.code)
        .join(Division, Division.id == Address.division_id)
        .where(DatasetRow.dataset_id == dataset, lies_in_sight(viewer))
    )
    if changed is not None:
        statement = statement.where(DatasetRow.updated_at >= changed)
    place = tuple_(DatasetRow.updated_at, DatasetRow.source_id)
    if after:
        statement = statement.where(place > split_cursor(after, datetime.fromisoformat, str))
    ordered = statement.order_by(DatasetRow.updated_at, DatasetRow.source_id)
    return [
        ListedRow(*row[:3], lies_below_door(row.level, row.elements), *row[5:])
        for row in session.execute(ordered.limit(limit))
    ]

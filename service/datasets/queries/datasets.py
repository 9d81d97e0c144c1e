"""Reads definitions of datasets: one, the catalogue, all that are shown today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import Session

from address_model.approvals import ApprovalKind, Decision
from address_model.datasets.definition import (
    DATASET_STATE_NAMES,
    DatasetDefinition,
    DatasetState,
)
from address_model.datasets.fields import DatasetField, fields_from_plain
from address_model.division_codes import division_prefix, list_prefixes
from address_model.tables import Approval, Client, Dataset, DatasetRow
from service.core.errors import NotFound
from service.core.records import Record
from service.datasets.register import DatasetRegister, KnownDataset


class DatasetNotFound(NotFound):
    """There is no such dataset."""


@dataclass(frozen=True, slots=True)
class RegisteredDataset:
    """A dataset as registered; ``client`` is the name of the program that pushes, or ""."""

    id: int
    division: str
    name: str
    owner: str
    standard: str
    fields: tuple[DatasetField, ...]
    retention_days: int | None
    destroy_by: date | None
    link: str
    client_id: int | None
    client: str
    state: DatasetState
    is_sample: bool
    withdrawn_at: datetime | None
    created_at: datetime
    version: int

    @property
    def state_name(self) -> str:
        """Its state, as it is called."""
        return DATASET_STATE_NAMES[self.state]

    @property
    def prefix(self) -> str:
        """The beginning of the codes of its divisions; "" is everywhere."""
        return division_prefix(self.division) if self.division else ""

    @property
    def definition(self) -> DatasetDefinition:
        """What its owner said, as it now stands."""
        return DatasetDefinition(
            name=self.name,
            owner=self.owner,
            standard=self.standard,
            fields=self.fields,
            retention_days=self.retention_days,
            destroy_by=self.destroy_by,
            link=self.link,
            client=self.client,
            is_sample=self.is_sample,
        )

    @property
    def record(self) -> Record:
        """The dataset as it now is, for an editor who saw an older version."""
        facts = {
            "名称": self.name,
            "主管单位": self.owner,
            "依据的标准": self.standard,
            "字段": "、".join(field.label for field in self.fields),
            "保留天数": str(self.retention_days or ""),
            "销毁日": str(self.destroy_by or ""),
            "链接": self.link,
            "推送程序": self.client,
            "状态": self.state_name,
        }
        return Record("datasets", str(self.id), f"数据集“{self.name}”", self.version, facts)


def get_dataset(session: Session, number: int, *, lock: bool = False) -> RegisteredDataset:
    """The dataset with this number; ``lock`` holds it until the transaction ends.

    Raises:
        DatasetNotFound: there is none.
    """
    statement = _SELECT.where(Dataset.id == number)
    if lock:
        statement = statement.with_for_update(of=Dataset, key_share=True)
    row = session.execute(statement).first()
    if row is None:
        raise DatasetNotFound(f"there is no dataset {number}")
    return _row(row)


@dataclass(frozen=True, slots=True)
class DatasetFilter:
    """Datasets for addresses of a division (code or beginning, "" is everywhere).

    ``states`` () means those that were not withdrawn. ``reach`` are beginnings of division codes,
    in one of which a dataset must hold too. ``own`` is a program, which of drafts sees its own.
    """

    division: str = ""
    states: tuple[DatasetState, ...] = ()
    reach: tuple[str, ...] = ("",)
    own: int | None = None


@dataclass(frozen=True, slots=True)
class ListedDataset:
    """A dataset of the catalogue: how many rows it has, and when one last changed."""

    dataset: RegisteredDataset
    rows: int
    fresh_at: datetime | None


def list_datasets(
    session: Session, wanted: DatasetFilter, *, after: int = 0, limit: int = 100
) -> list[ListedDataset]:
    """The datasets that hold in a division, above or below it, in order of their numbers."""
    counted = (
        select(func.count().label("rows"), func.max(DatasetRow.updated_at).label("fresh_at"))
        .where(DatasetRow.dataset_id == Dataset.id)
        .lateral()
    )
    statement = _SELECT.add_columns(counted.c.rows, counted.c.fresh_at).where(Dataset.id > after)
    states = wanted.states or (DatasetState.DRAFT, DatasetState.APPROVED)
    statement = statement.where(Dataset.state.in_(states))
    if wanted.own is not None:
        is_approved = Dataset.state == DatasetState.APPROVED
        statement = statement.where(or_(is_approved, Dataset.client_id == wanted.own))
    prefix = division_prefix(wanted.division) if wanted.division else ""
    for some in ((prefix,), wanted.reach):
        above = {code for one in some for code in ("", *list_prefixes(one))}
        below = (Dataset.division.startswith(one) for one in some)
        statement = statement.where(or_(Dataset.division.in_(above), *below))
    found = session.execute(statement.order_by(Dataset.id).limit(limit))
    return [ListedDataset(_row(row[:-2]), row.rows, row.fresh_at) for row in found]


def count_rows(session: Session, number: int) -> tuple[int, datetime | None]:
    """How many rows a dataset has, and when one last changed."""
    counted = select(func.count(), func.max(DatasetRow.updated_at))
    rows, fresh_at = session.execute(counted.where(DatasetRow.dataset_id == number)).one()
    return rows, fresh_at


@dataclass(frozen=True, slots=True)
class SubmittedDataset:
    """A dataset that awaits approval; ``author`` is the actor who submitted it."""

    number: int
    name: str
    owner: str
    fields: int
    author: str
    asked_at: datetime


def list_datasets_to_approve(
    session: Session, scopes: Sequence[str], account_id: int, *, limit: int
) -> list[SubmittedDataset]:
    """The datasets of some divisions that await somebody else's approval, the oldest first."""
    statement = (
        select(
            Dataset.id,
            Dataset.name,
            Dataset.owner,
            func.jsonb_array_length(Dataset.fields),
            Approval.author,
            Approval.asked_at,
        )
        .join(Approval, Approval.subject == cast(Dataset.id, String))
        .where(
            Approval.kind == ApprovalKind.DATASET,
            Approval.decision == Decision.OPEN,
            Approval.author_id != account_id,
            or_(*(Dataset.division.startswith(scope) for scope in scopes)),
        )
    )
    found = session.execute(statement.order_by(Approval.asked_at).limit(limit))
    return [SubmittedDataset(*row) for row in found]


def load_dataset_register(session: Session, day: date) -> DatasetRegister:
    """The datasets whose rows are shown on a day. Only this function decides which are.

    The register is out of date after a change of a dataset (``Subject.DATASET``).
    """
    statement = select(
        Dataset.id,
        Dataset.name,
        Dataset.owner,
        Dataset.fields,
        Dataset.link,
        Dataset.retention_days,
        Dataset.is_sample,
    ).where(
        Dataset.state == DatasetState.APPROVED,
        or_(Dataset.destroy_by.is_(None), Dataset.destroy_by >= day),
    )
    known = [
        KnownDataset(row[0], row[1], row[2], fields_from_plain(row[3]), *row[4:])
        for row in session.execute(statement.order_by(Dataset.id))
    ]
    return DatasetRegister(known, day)


_SELECT = select(
    Dataset.id,
    Dataset.division,
    Dataset.name,
    Dataset.owner,
    Dataset.standard,
    Dataset.fields,
    Dataset.retention_days,
    Dataset.destroy_by,
    Dataset.link,
    Dataset.client_id,
    func.coalesce(Client.name, ""),
    Dataset.state,
    Dataset.is_sample,
    Dataset.withdrawn_at,
    Dataset.created_at,
    Dataset.version,
).outerjoin(Client, Client.id == Dataset.client_id)


def _row(row: Any) -> RegisteredDataset:
    fields, state = fields_from_plain(row[5]), DatasetState(row[11])
    return RegisteredDataset(*(*row[:5], fields, *row[6:11], state, *row[12:]))

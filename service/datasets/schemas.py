"""API schemas of datasets: the catalogue, the rows, what an address shows, the report of a push."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from address_model.datasets.definition import DatasetState
from address_model.datasets.fields import DatasetField, ValueType
from address_model.datasets.json_schema import make_schema
from address_model.sensitivity import FieldClass
from service.core.fields import AddressCode, DivisionCode, NextCursor, Number, Version
from service.datasets.commands import PushReport
from service.datasets.queries import ListedDataset, ListedRow, PushFault, RegisteredDataset
from service.datasets.register import ShownField

MOST_FAULTS = 1_000


class DatasetFieldOut(BaseModel):
    """One field of a dataset."""

    name: str = Field(description="Its name in rows.", examples=["built_in"])
    label: str = Field(description="Its name in Chinese.", examples=["建成年份"])
    label_en: str = Field(description="Its name in English.", examples=["Year of construction"])
    value_type: ValueType = Field(description="What its values are.", examples=["year"])
    field_class: FieldClass = Field(description="Who may see it.", examples=["public"])
    unit: str = Field(description="What stands behind a value.", examples=[""])

    @classmethod
    def of(cls, field: DatasetField) -> "DatasetFieldOut":
        """From a field."""
        return cls(**{name: getattr(field, name) for name in cls.model_fields})


class DatasetOut(BaseModel):
    """A dataset of the catalogue."""

    number: Number
    name: str = Field(description="Its name.", examples=["基本情况"])
    owner: str = Field(description="The unit that answers for it.", examples=["区住建局"])
    standard: str = Field(description="The standard it follows.", examples=["GB/T 39609-2020"])
    division: str = Field(description="Where it holds; empty: everywhere.", examples=[""])
    state: DatasetState = Field(description="Only an approved one is shown.", examples=["approved"])
    fields: list[DatasetFieldOut] = Field(
        description="Its fields that the caller sees.", examples=[[]]
    )
    rows: int | None = Field(None, description="How many rows it has.", examples=[20000])
    fresh_at: datetime | None = Field(
        None, description="When a row last changed.", examples=["2026-12-01T08:00:00Z"]
    )
    retention_days: int | None = Field(
        description="How long a row is kept after it last changed.", examples=[3650]
    )
    destroy_by: date | None = Field(
        description="The last day of all its rows.", examples=["2036-12-31"]
    )
    version: Version

    @classmethod
    def of(cls, listed: ListedDataset, fields: list[DatasetField]) -> "DatasetOut":
        """From a row of the catalogue, with the fields that its reader sees."""
        return cls(rows=listed.rows, fresh_at=listed.fresh_at, **_facts(listed.dataset, fields))


class DatasetDetail(DatasetOut):
    """One dataset, with the JSON Schema of the rows that its owner sends."""

    json_schema: dict[str, Any] = Field(
        description="JSON Schema (draft 2020-12) of one row.", examples=[{"type": "object"}]
    )

    @classmethod
    def of_dataset(cls, dataset: RegisteredDataset, fields: list[DatasetField]) -> "DatasetDetail":
        """From a dataset, with the fields that its reader sees."""
        schema = dict(make_schema(dataset.name, fields))
        return cls(json_schema=schema, **_facts(dataset, fields))


def _facts(dataset: RegisteredDataset, fields: list[DatasetField]) -> dict[str, Any]:
    names = ("name", "owner", "standard", "division", "state", "retention_days", "destroy_by")
    return {
        "number": dataset.id,
        "version": dataset.version,
        "fields": [DatasetFieldOut.of(field) for field in fields],
    } | {name: getattr(dataset, name) for name in names}


class DatasetList(BaseModel):
    """A page of the catalogue."""

    datasets: list[DatasetOut] = Field(description="By number.", examples=[[]])
    next: int | None = Field(
        description="The cursor of the page behind this one; null on the last.", examples=[17]
    )


class DatasetRowOut(BaseModel):
    """A row, with the fields that the caller sees."""

    source_id: str = Field(description="Its owner's own id.", examples=["JZ-0001"])
    code: AddressCode
    division: DivisionCode
    data: dict[str, int | str] = Field(
        description="Values by the names of fields.", examples=[{"built_in": 1998}]
    )
    updated_at: datetime = Field(
        description="When it last changed.", examples=["2026-12-01T08:00:00Z"]
    )
    version: Version

    @classmethod
    def of(cls, row: ListedRow, fields: list[DatasetField]) -> "DatasetRowOut":
        """From a row, with the fields that its reader sees."""
        data = {one.name: row.data[one.name] for one in fields if one.name in row.data}
        values = {name: getattr(row, name) for name in cls.model_fields if name != "data"}
        return cls(**values, data=data)


class DatasetRowList(BaseModel):
    """A page of rows."""

    rows: list[DatasetRowOut] = Field(description="The oldest change first.", examples=[[]])
    next: NextCursor


class ShownFieldOut(BaseModel):
    """One value at an address."""

    dataset: Number
    dataset_name: str = Field(description="The dataset.", examples=["基本情况"])
    owner: str = Field(description="The unit that answers for it.", examples=["区住建局"])
    name: str = Field(description="The field.", examples=["built_in"])
    label: str = Field(description="Its name in Chinese.", examples=["建成年份"])
    label_en: str = Field(description="Its name in English.", examples=["Year of construction"])
    value: str = Field(description="The value as it is shown.", examples=["1998"])
    link: str = Field(description="The owner's page; empty for none.", examples=[""])
    fresh_as_of: date = Field(description="The day of its last change.", examples=["2026-12-01"])
    source_id: str = Field(description="Tells several rows apart.", examples=[""])

    @classmethod
    def of(cls, shown: ShownField) -> "ShownFieldOut":
        """From a shown field."""
        return cls(**{name: getattr(shown, name) for name in cls.model_fields})


class AddressData(BaseModel):
    """What datasets say about an address."""

    code: AddressCode
    asked: str = Field(
        description="The code that was asked for, if another has taken its place.", examples=[""]
    )
    data: list[ShownFieldOut] = Field(description="By dataset, row and field.", examples=[[]])


class PushFaultOut(BaseModel):
    """Why a row was refused; the refused value itself is never repeated."""

    row: int = Field(description="The row of the file; headings are row 1.", examples=[17])
    field: str = Field(description="The column.", examples=["建成年份"])
    rule: str = Field(description="The kind of fault.", examples=["out_of_range"])
    reason: str = Field(description="What is wrong.", examples=["超出范围"])
    remedy: str = Field(description="What to do.", examples=["写 1000 至 2100 之间的数"])

    @classmethod
    def of(cls, fault: PushFault) -> "PushFaultOut":
        """From a fault."""
        return cls(**fault._asdict())


class PushOut(BaseModel):
    """What became of a push."""

    push: Number
    new: int = Field(description="Rows that were not there.", examples=[120])
    changed: int = Field(description="Rows with another value or address.", examples=[3])
    same: int = Field(description="Rows that stay as they are.", examples=[9877])
    refused: int = Field(description="Rows that were refused.", examples=[1])
    faults: list[PushFaultOut] = Field(description="Why, at most 1,000.", examples=[[]])

    @classmethod
    def of(cls, report: PushReport) -> "PushOut":
        """From a report."""
        counts = {name: getattr(report, name) for name in ("push", "new", "changed", "same")}
        faults = [PushFaultOut.of(one) for one in report.faults[:MOST_FAULTS]]
        return cls(refused=report.refused, faults=faults, **counts)

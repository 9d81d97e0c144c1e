"""Reads definitions of datasets from a TOML file of ``[[dataset]]`` tables with their fields."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from address_model.datasets.definition import DatasetDefinition
from address_model.datasets.fields import DatasetField, ValueType
from address_model.sensitivity import FieldClass
from service.auth.permissions import Role
from service.core.errors import BadRequest
from service.core.fields import DIVISION_PATTERN


class _FieldTable(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    label: str
    value_type: ValueType
    field_class: FieldClass
    label_en: str = ""
    roles: tuple[Role, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    words: tuple[str, ...] = ()
    pattern: str = ""
    unit: str = ""


class _DatasetTable(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    owner: str
    standard: str = ""
    division: str = Field("", pattern=DIVISION_PATTERN)
    retention_days: int | None = None
    link: str = ""
    client: str = ""
    rows: str = ""
    field: tuple[_FieldTable, ...]


@dataclass(frozen=True, slots=True)
class ListedDefinition:
    """A dataset of a file; ``division`` has 12 digits, "" is everywhere; ``rows`` its file."""

    division: str
    definition: DatasetDefinition
    rows: Path | None


def read_definitions(file: Path, *, is_sample: bool = False) -> list[ListedDefinition]:
    """The datasets of a file in its order.

    Raises:
        BadRequest: it is no such file, or an entry is invalid, which the error names.
    """
    try:
        tables: list[Mapping[str, object]] = tomllib.loads(file.read_text(encoding="utf-8")).get(
            "dataset", []
        )
        read = [_DatasetTable.model_validate(table) for table in tables]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadRequest(f"the file of datasets {file} cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadRequest(f"{file}: {place}: {first['msg']}", hint="correct that line") from error
    found = []
    for one in read:
        fields = tuple(DatasetField(**field.model_dump()) for field in one.field)
        said = one.model_dump(exclude={"field", "rows", "division"})
        definition = DatasetDefinition(**said, fields=fields, is_sample=is_sample)
        rows = file.parent / one.rows if one.rows else None
        found.append(
            ListedDefinition(one.division.ljust(12, "0") if one.division else "", definition, rows)
        )
    return found

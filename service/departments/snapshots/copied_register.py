"""A register that can be copied: its columns, who sees them, and which changes concern it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from address_model.sensitivity import FieldClass
from service.changes.events import Subject


class RegisterName(StrEnum):
    """The registers that can be copied."""

    ADDRESSES = "addresses"
    NAMES = "names"
    IDENTIFIERS = "identifiers"
    PLATES = "plates"
    PLACES = "places"
    DIVISIONS = "divisions"
    AREAS = "areas"
    UNITS = "units"


class ColumnType(StrEnum):
    """The type of a column, in each format and in a replica."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    """Degrees, with seven decimals."""
    BOOLEAN = "boolean"
    DATE = "date"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class CopiedColumn:
    """A column of a copied register, as SQL."""

    name: str
    type: ColumnType
    sql: str
    field_class: FieldClass


@dataclass(frozen=True, slots=True)
class CopiedRegister:
    """A register that can be copied.

    ``source`` is the ``from`` clause; ``key`` names the column by which it is ordered and divided
    into buckets. ``follows`` names, for each kind of record whose changes concern it, the column
    with the key of the feed. ``division`` and ``is_shallow`` (no deeper than the door plate) are
    SQL.
    """

    name: RegisterName
    title: str
    source: str
    key: str
    follows: Mapping[Subject, str]
    division: str
    columns: tuple[CopiedColumn, ...]
    is_shallow: str = "true"

    def sql_of(self, column: str) -> str:
        """The SQL of a column."""
        return next(one.sql for one in self.columns if one.name == column)


def columns_of(alias: str, public: str, lines: str) -> tuple[CopiedColumn, ...]:
    """Columns from lines of ``name type SQL``; without SQL, those of the table with this alias.

    ``public`` names the columns of the class ``public``; all others are of the class ``register``.
    """
    found, shown = [], frozenset(public.split())
    for line in lines.strip().splitlines():
        name, kind, *sql = line.split(maxsplit=2)
        field_class = FieldClass.PUBLIC if name in shown else FieldClass.REGISTER
        text = sql[0] if sql else f"{alias}.{name}"
        found.append(CopiedColumn(name, ColumnType(kind), text, field_class))
    return tuple(found)

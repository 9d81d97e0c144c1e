"""The SQL of copies: rows and columns are cut in the database by what a department may see."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from address_model.sensitivity import FieldClass, Reach
from service.departments.snapshots.copied_register import (
    ColumnType,
    CopiedColumn,
    CopiedRegister,
)

BUCKET_DIGITS = 3
"""A bucket holds the rows whose key has these first hexadecimal digits of its MD5."""

_NULLS = {
    ColumnType.TEXT: "text",
    ColumnType.INTEGER: "bigint",
    ColumnType.NUMBER: "float8",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.DATE: "date",
    ColumnType.JSON: "jsonb",
}
_AS_TEXT = {
    ColumnType.TEXT: "t.{name}",
    ColumnType.INTEGER: "t.{name}::text",
    ColumnType.NUMBER: "round(t.{name} * 1e7)::bigint::text",
    ColumnType.BOOLEAN: "t.{name}::text",
    ColumnType.DATE: "to_char(t.{name}, 'YYYY-MM-DD')",
    ColumnType.JSON: "t.{name}::text",
}


@dataclass(frozen=True, slots=True)
class RowChoice:
    """Which rows of a register: of records that changed, of buckets, or behind a key."""

    column: str = ""
    keys: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()
    after: str = ""


EVERY_ROW = RowChoice()


@dataclass(slots=True)
class CopyStatement:
    """The statement that copies a register for somebody, with its parameters.

    Rows whose key somebody may not see are no rows for them.
    """

    register: CopiedRegister
    reaches: Sequence[Reach]
    values: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        key = next(one for one in self.register.columns if one.name == self.register.key)
        self.reaches = [one for one in self.reaches if key.field_class in one.classes]

    @property
    def columns(self) -> list[CopiedColumn]:
        """The columns that are visible in some division."""
        seen: frozenset[FieldClass] = frozenset().union(*(one.classes for one in self.reaches))
        return [one for one in self.register.columns if one.field_class in seen]

    def rows(self, choice: RowChoice = EVERY_ROW) -> str:
        """Select the rows, in the order of their key."""
        key, one = self.register.sql_of(self.register.key), self.register
        columns = []
        for column in self.columns:
            sees = [column.field_class in reach.classes for reach in self.reaches]
            sql = column.sql
            if not all(sees):
                other = f"null::{_NULLS[column.type]}"
                sql = f"case when {self._any_of(sees)} then {sql} else {other} end"
            columns.append(f"{sql} as {column.name}")
        where = [self._any_of([True] * len(self.reaches))]
        if choice.column:
            self.values["keys"] = list(choice.keys)
            where.append(f"{one.sql_of(choice.column)} = any(%(keys)s)")
        if choice.buckets:
            self.values["buckets"] = list(choice.buckets)
            where.append(f"left(md5({key}), {BUCKET_DIGITS}) = any(%(buckets)s)")
        if choice.after:
            self.values["after"] = choice.after
            where.append(f"{key} > %(after)s")
        chosen = " and ".join(where)
        return f"select {', '.join(columns)} from {one.source} where {chosen} order by {key}"  # noqa: S608

    def lines(self, choice: RowChoice = EVERY_ROW) -> str:
        """Select the rows as lines of JSON."""
        return f"select row_to_json(t)::text from ({self.rows(choice)}) t"  # noqa: S608

    def digests(self) -> str:
        """Select bucket, number of rows and digest: the sum of the first 60 bits of their MD5.

        What is hashed of a row are its columns as text with U+001F between them, U+001E for null;
        of a number ten millionths.
        """
        parts = ", ".join(
            f"coalesce({_AS_TEXT[one.type].format(name=one.name)}, E'\\x1e')"
            for one in self.columns
        )
        bits = f"('x' || left(md5(concat_ws(E'\\x1f', {parts})), 15))::bit(60)::bigint"
        return (
            f"select left(md5(t.{self.register.key}), {BUCKET_DIGITS}), count(*), "  # noqa: S608
            f"sum({bits})::text from ({self.rows()}) t group by 1 order by 1"
        )

    def _any_of(self, chosen: Sequence[bool]) -> str:
        """Whether a row lies in one of the chosen reaches, as SQL."""
        found = []
        for number, one in enumerate(self.reaches):
            if not chosen[number]:
                continue
            parts = ["true"]
            if one.division:
                self.values[f"division_{number}"] = one.division
                name = f"%(division_{number})s::text"
                parts.append(f"{self.register.division} between {name} and {name} || '~'")
            if not one.is_deep:
                parts.append(self.register.is_shallow)
            found.append(f"({' and '.join(parts)})")
        return f"({' or '.join(found)})" if found else "false"

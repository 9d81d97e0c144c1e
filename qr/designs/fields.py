"""Reads TOML tables into records: no unknown field, none missing, lengths are numbers."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeVar, get_args

Record = TypeVar("Record")
Table = Mapping[str, Any]


def read_record(kind: type[Record], name: str, table: Table) -> Record:
    """Build a dataclass from a table; raises ValueError or TypeError naming the field."""
    known = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]
    refuse_unknown(name, table, set(known))
    for key, item in known.items():
        if key not in table and item.default is MISSING:
            raise ValueError(f"{name}: field {key!r} is missing")
        if key not in table:
            continue
        # Plain fields; boxes and colours have been built and checked before.
        field, value, wanted = f"{name}.{key}", table[key], item.type
        choices = get_args(wanted)
        if wanted is float:
            read_numbers(field, [value], 1)
        elif wanted in (int, str) and type(value) is not wanted:
            form = "a text" if wanted is str else "a whole number"
            raise ValueError(f"{field}: {form} expected, found {value!r}")
        elif choices and all(type(choice) is str for choice in choices) and value not in choices:
            raise ValueError(f"{field}: {value!r} is none of {', '.join(choices)}")
    return kind(**table)


def read_numbers(name: str, value: object, count: int) -> tuple[float, ...]:
    """Read a list of ``count`` numbers; raises ValueError naming it."""
    numeric = isinstance(value, list) and all(type(item) in (int, float) for item in value)
    if not numeric or not isinstance(value, list) or len(value) != count:
        raise ValueError(f"{name}: {count} number(s) expected, found {value!r}")
    return tuple(float(item) for item in value)


def get_field(table: Table, key: str, name: str = "design") -> Any:
    """Return a field; raises ValueError when it is missing."""
    if key not in table:
        raise ValueError(f"{name}: field {key!r} is missing")
    return table[key]


def refuse_unknown(name: str, table: Table, known: set[str]) -> None:
    """Raise ValueError naming the first unknown field."""
    unknown = set(table) - known
    if unknown:
        raise ValueError(f"{name}: unknown field {sorted(unknown)[0]!r}; known are {sorted(known)}")

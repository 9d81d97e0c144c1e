"""Digests of rows as the service computes them: see ``/snapshots/{register}/digests``.

The format of a row is that of ``service.departments.snapshots.statements``.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BUCKET_DIGITS = 3
_BETWEEN, _NULL = "\x1f", "\x1e"


@dataclass(frozen=True, slots=True)
class ReplicaColumn:
    """A column of a replica's table: its name, and its type as the service names it."""

    name: str
    type: str


def bucket_of(key: object) -> str:
    """The bucket that rows of this key are counted in."""
    digest = hashlib.md5(str(key).encode(), usedforsecurity=False).hexdigest()
    return digest[:BUCKET_DIGITS]


def text_of(columns: Sequence[ReplicaColumn], row: Sequence[object]) -> str:
    """A row as the text that is hashed, the same from every database."""
    parts = []
    for column, value in zip(columns, row, strict=True):
        if value is None:
            parts.append(_NULL)
        elif column.type == "number":
            parts.append(str(round(float(str(value)) * 1e7)))
        elif column.type == "boolean":
            parts.append("true" if value else "false")
        else:
            parts.append(str(value))  # a date is written as ISO 8601 has it
    return _BETWEEN.join(parts)


def number_of(columns: Sequence[ReplicaColumn], row: Sequence[object]) -> int:
    """What a row adds to the digest of its bucket."""
    text = text_of(columns, row).encode()
    return int(hashlib.md5(text, usedforsecurity=False).hexdigest()[:15], 16)


def read_values(columns: Sequence[ReplicaColumn], line: dict[str, object]) -> tuple[object, ...]:
    """The values of a row in the order of the columns; JSON as the text that PostgreSQL writes."""
    return tuple(
        json.dumps(line[one.name], ensure_ascii=False)
        if one.type == "json" and line[one.name] is not None
        else line[one.name]
        for one in columns
    )


def digests_of(
    columns: Sequence[ReplicaColumn], key: int, rows: Iterable[Sequence[object]]
) -> dict[str, tuple[int, int]]:
    """Number of rows and digest for each bucket; ``key`` is the place of the key among columns."""
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        bucket = bucket_of(row[key])
        count, digest = found.get(bucket, (0, 0))
        found[bucket] = count + 1, digest + number_of(columns, row)
    return found

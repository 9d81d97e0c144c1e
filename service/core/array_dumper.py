"""Writes lists of texts and numbers as PostgreSQL arrays, in a fraction of the driver's time.

The driver asks a dumper for each element and a pattern whether it must be quoted; chunks of an
import and of a resolve bring lists of thousands.
"""

from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.types.array import ListDumper


class ArrayDumper(ListDumper):
    """The driver's dumper of lists, with a short way for flat lists of one plain type.

    Every text is quoted, as an array may always have it (PostgreSQL 16, 8.15.6); whatever is not
    plain (nested lists, other types, a text with NUL) goes the driver's way.
    """

    def dump(self, obj: list[Any]) -> Buffer | None:
        """The array as text in UTF-8."""
        kinds = set(map(type, obj))
        kinds.discard(type(None))
        if kinds == {int}:
            return f"{{{','.join(['NULL' if one is None else str(one) for one in obj])}}}".encode()
        if kinds == {bytes}:
            return b"{%b}" % b",".join(
                [b"NULL" if one is None else b'"\\\\x%b"' % one.hex().encode() for one in obj]
            )
        if kinds != {str}:
            return super().dump(obj)
        joined = ",".join(["NULL" if one is None else f'"{one}"' for one in obj])
        if "\0" in joined:
            return super().dump(obj)
        texts = len(obj) - obj.count(None)
        if "\\" in joined or joined.count('"') != 2 * texts:
            joined = ",".join(["NULL" if one is None else _quoted(one) for one in obj])
        return f"{{{joined}}}".encode()


def use_array_dumper(connection: psycopg.Connection[Any]) -> None:
    """Have a connection write its lists so; its encoding is UTF-8, as all of ours."""
    connection.adapters.register_dumper(list, ArrayDumper)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

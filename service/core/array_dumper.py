"""Writes lists of strings and numbers as PostgreSQL arrays, much faster than the driver.

The driver looks up a dumper for each element and matches a pattern to see whether it needs quotes;
imports and batch look-ups send lists of thousands.
"""

from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.types.array import ListDumper


class ArrayDumper(ListDumper):
    """The driver's list dumper, with a fast path for flat lists of int, str or bytes.

    Every string is quoted, which an array always allows (PostgreSQL 16, 8.15.6); anything else
    (nested lists, other types, strings with NUL) is left to the driver.
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
        texts = len(obj) - obj.count(None)
        if texts == len(obj):
            joined = '"' + '","'.join(obj) + '"'
        else:
            joined = ",".join(["NULL" if one is None else f'"{one}"' for one in obj])
        if "\0" in joined:
            return super().dump(obj)
        if "\\" in joined or joined.count('"') != 2 * texts:
            escaped = [one and one.replace("\\", "\\\\").replace('"', '\\"') for one in obj]
            joined = ",".join(["NULL" if one is None else f'"{one}"' for one in escaped])
        return f"{{{joined}}}".encode()


def use_array_dumper(connection: psycopg.Connection[Any]) -> None:
    """Register the dumper on a connection, whose encoding must be UTF-8."""
    connection.adapters.register_dumper(list, ArrayDumper)

"""The forms that a copy is written in: lines of JSON, a table, GeoParquet."""

from collections.abc import Sequence
from enum import StrEnum

import orjson

from service.departments.snapshots.statements import CopyStatement, RowChoice

LINE_OPTIONS = "(format csv, quote e'\\x01', delimiter e'\\x02')"
"""Lines as they are: JSON contains neither of these characters, so nothing is quoted."""


class CopyFormat(StrEnum):
    """The media types of a copy."""

    LINES = "application/x-ndjson"
    TABLE = "text/csv"
    PARQUET = "application/vnd.apache.parquet"


class CopyForm:
    """Lines of JSON; the first one names the register, the position and the columns.

    ``options`` are those of COPY, ``part_bytes`` is how much of it is held at once, ``headings``
    how many of its lines are no rows.
    """

    options = LINE_OPTIONS
    part_bytes = 1 << 18
    headings = 0

    def select(self, statement: CopyStatement, choice: RowChoice) -> str:
        """What is copied, as SQL."""
        return statement.lines(choice)

    def head(self, statement: CopyStatement, position: int) -> bytes:
        """What comes before the rows."""
        columns = [{"name": one.name, "type": one.type} for one in statement.columns]
        name = statement.register.name
        return orjson.dumps({"register": name, "position": position, "columns": columns}) + b"\n"

    def part(self, lines: Sequence[bytes]) -> bytes:
        """Lines of COPY in this form."""
        return b"".join(lines)

    def foot(self) -> bytes:
        """What comes after the rows."""
        return b""


class TableForm(CopyForm):
    """A table: CSV with headings."""

    options = "(format csv, header true)"
    headings = 1

    def select(self, statement: CopyStatement, choice: RowChoice) -> str:
        """What is copied, as SQL."""
        return statement.rows(choice)

    def head(self, statement: CopyStatement, position: int) -> bytes:
        """Nothing: the headings come with the rows."""
        return b""

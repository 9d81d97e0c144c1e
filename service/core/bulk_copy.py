"""COPY: inserts many rows within the session's transaction."""

import struct
from collections.abc import Iterable, Sequence

import psycopg
from psycopg import sql
from sqlalchemy.orm import Session

POINT_HEADER = struct.pack("<BII", 1, 0x20000001, 4490)
"""Little-endian EWKB head of a point with SRID 4490."""


def copy_rows(
    session: Session, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Copy rows into a table; values are Python values in the order of the columns."""
    statement = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with raw_connection(session).cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def raw_connection(session: Session) -> psycopg.Connection[tuple[object, ...]]:
    """The psycopg connection under a session."""
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - the only driver we install
    return driver


def point_ewkb(lon: float, lat: float) -> str:
    """A point (degrees, EPSG:4490) as hexadecimal EWKB; much faster than WKT."""
    return (POINT_HEADER + struct.pack("<dd", lon, lat)).hex()

"""The one metadata of all tables, the naming of constraints, and columns that recur."""

from datetime import date, datetime
from typing import Annotated, ClassVar

from sqlalchemy import BigInteger, DateTime, FetchedValue, Integer, MetaData, String, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

SRID = 4490
"""CGCS2000 geographic, degrees; the only coordinate system that is stored."""


class Table(DeclarativeBase):
    """What all tables share: one metadata, constraint names that migrations can rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[type, object]] = {
        str: Text,
        datetime: DateTime(timezone=True),
    }


Surrogate = Annotated[int, mapped_column(Integer, primary_key=True, autoincrement=True)]
Code16 = Annotated[str, mapped_column(String(16))]
County6 = Annotated[str, mapped_column(String(6))]
Division12 = Annotated[str, mapped_column(String(12))]
Token10 = Annotated[str, mapped_column(String(10))]
CreatedAt = Annotated[
    datetime, mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
]
ValidFrom = Annotated[date, mapped_column()]
"""Set by the application: the database would use the UTC day."""

Version = Annotated[
    int, mapped_column(BigInteger, server_default="1", server_onupdate=FetchedValue())
]
"""Version of a register row: incremented by a trigger at each update, and by nothing else."""

Json = Annotated[dict[str, object], mapped_column(JSONB)]

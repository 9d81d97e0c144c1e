"""Prepared pages for scans, and counts of scans."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import CreatedAt, Division12, Table, Token10


class KeptBody(Table):
    """The packed body of a plate's page without its area data, cached at the first scan.

    It is valid while plate and address still have the versions it was made from, ``made_by`` is
    the current page version, and it is less than a day old.
    """

    __tablename__ = "kept_body"
    __table_args__ = (Index(None, "made_at"), {"prefixes": ["UNLOGGED"]})

    token: Mapped[Token10] = mapped_column(primary_key=True)
    plate_version: Mapped[int] = mapped_column(BigInteger)
    address_version: Mapped[int] = mapped_column(BigInteger)
    made_by: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[CreatedAt]
    body: Mapped[bytes] = mapped_column(LargeBinary)


class ScanCount(Table):
    """Scans of a plate per hour and outcome, in monthly partitions; nothing about who scanned.

    ``outcome`` is one of ``service.scans.states.ScanOutcome``. Scans of tokens that no plate
    carries are counted together, under an empty token: typed text is not kept.
    """

    __tablename__ = "scan_count"
    __table_args__ = (
        Index(None, "hour", postgresql_using="brin", postgresql_with={"autosummarize": "on"}),
        {"postgresql_partition_by": "RANGE (hour)"},
    )

    token: Mapped[Token10] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(String(8), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


class ScanDay(Table):
    """Scans per local day, community or village, and outcome: what is left of old ``ScanCount``.

    ``division`` has 12 digits: where the address of the plate lay when the day was summed. It is
    empty for unknown tokens, and for plates of no address or for trial.
    """

    __tablename__ = "scan_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    division: Mapped[Division12] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(String(8), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)

"""What is made of the register for scans, and how often its plates were scanned."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import CreatedAt, Table, Token10


class KeptBody(Table):
    """The packed body of a plate's page without what its areas add, once somebody has scanned it.

    It holds while the rows of plate and address are the very versions it was made of,
    ``made_by`` is the look of the pages today, and it is less than a day old.
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
    """How often a plate was scanned in an hour, by what was answered; nothing of who scanned.

    ``outcome`` is one of ``service.scans.outcomes.ScanOutcome``. Scans of tokens that no plate
    carries are counted together, under an empty token: what a stranger typed is not kept.
    """

    __tablename__ = "scan_count"
    __table_args__ = (Index(None, "hour"),)

    token: Mapped[Token10] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(String(8), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)

"""Places of service of a community (村社资源): service centres, AEDs, shelters …"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import Code16, CreatedAt, Surrogate, Table, ValidFrom, Version


class Facility(Table):
    """One place of service; where it lies, and how that is written, is what its address says.

    ``phone`` is that of the place. A withdrawn one is kept, and shown to nobody.
    """

    __tablename__ = "facility"
    __table_args__ = (Index("ix_facility_code", "code", "id"),)

    id: Mapped[Surrogate]
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str]
    code: Mapped[Code16] = mapped_column(ForeignKey("address.code"))
    hours: Mapped[str] = mapped_column(server_default="")
    phone: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")
    is_sample: Mapped[bool] = mapped_column(server_default="false")
    valid_from: Mapped[ValidFrom]
    valid_to: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]

"""Plates (门牌) and the batches (批次) they are made in; one row per physical plate."""

from sqlalchemy import ForeignKey, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import Code16, CreatedAt, Surrogate, Table, Token10


class PlateBatch(Table):
    """Plates issued together; ``payload_prefix`` keeps what their QR codes begin with."""

    __tablename__ = "plate_batch"

    id: Mapped[Surrogate]
    name: Mapped[str]
    design: Mapped[str] = mapped_column(String(32))
    payload_prefix: Mapped[str]
    created_by: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[CreatedAt]


class Plate(Table):
    """One physical plate of one generation; its token never dies and is never used again."""

    __tablename__ = "plate"
    __table_args__ = (Index(None, "code"), Index(None, "batch_id", "token"))

    token: Mapped[Token10] = mapped_column(primary_key=True)
    code: Mapped[Code16] = mapped_column(ForeignKey("address.code"))
    generation: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    batch_id: Mapped[int] = mapped_column(Integer, ForeignKey("plate_batch.id"))
    status: Mapped[str] = mapped_column(String(16), server_default="to_make")
    replaced_by: Mapped[str | None] = mapped_column(String(10))
    status_reason: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[CreatedAt]

"""Departments' programs (clients) and their API keys, of which only the hash is kept."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import CreatedAt, Surrogate, Table, Version


class Client(Table):
    """A department's program that may call the API."""

    __tablename__ = "client"

    id: Mapped[Surrogate]
    name: Mapped[str] = mapped_column(unique=True)
    is_active: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class ClientKey(Table):
    """One API key: a public prefix to find it and the SHA-256 of its 256-bit secret."""

    __tablename__ = "client_key"
    __table_args__ = (Index(None, "client_id"),)

    prefix: Mapped[str] = mapped_column(String(16), primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ClientGrant(Table):
    """A permission of a program beyond reading, in a division and below; "" means anywhere."""

    __tablename__ = "client_grant"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True)
    permission: Mapped[str] = mapped_column(String(32), primary_key=True)
    division: Mapped[str] = mapped_column(String(12), primary_key=True)
    granted_at: Mapped[CreatedAt]

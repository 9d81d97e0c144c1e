"""Departments' programs (clients) and their API keys, of which only the hash is kept."""

from datetime import date, datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import CreatedAt, Surrogate, Table, Version


class Client(Table):
    """A department's program that may call the API; ``owner`` is the unit that answers for it.

    ``note`` is what it is for, ``office`` whom to ask there, ``division`` who manages it and how
    far its grants may reach: 12 digits, "" is the whole register.
    """

    __tablename__ = "client"

    id: Mapped[Surrogate]
    name: Mapped[str] = mapped_column(unique=True)
    owner: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")
    office: Mapped[str] = mapped_column(server_default="")
    division: Mapped[str] = mapped_column(String(12), server_default="")
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
    """What a program may call, and which fields of which addresses it sees, in one division.

    ``division`` is a code or its beginning, "" everywhere; ``classes`` are classes of fields;
    ``is_deep`` says whether it reaches below the door plate. A quota of 0 and no networks (CIDR)
    are no limit. It holds only once it is agreed to.
    """

    __tablename__ = "client_grant"
    __table_args__ = (
        Index(None, "client_id"),
        CheckConstraint("per_minute >= 0 and per_day >= 0", name="quota"),
    )

    id: Mapped[Surrogate]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    division: Mapped[str] = mapped_column(String(12), server_default="")
    permissions: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    classes: Mapped[list[str]] = mapped_column(ARRAY(String(16)))
    is_deep: Mapped[bool] = mapped_column(server_default="false")
    per_minute: Mapped[int] = mapped_column(server_default="0")
    per_day: Mapped[int] = mapped_column(server_default="0")
    networks: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    valid_from: Mapped[CreatedAt]
    valid_until: Mapped[datetime | None]
    given_by: Mapped[str] = mapped_column(server_default="")
    given_at: Mapped[CreatedAt]
    agreed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[Version]


class ClientToken(Table):
    """A short-lived access token (OAuth 2.0), given for a key: the SHA-256 of 256 random bits.

    ``scopes`` are the permissions it is confined to.
    """

    __tablename__ = "client_token"
    __table_args__ = (Index("ix_client_token_prefix", "prefix", "expires_at"),)

    hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    prefix: Mapped[str] = mapped_column(String(16), ForeignKey("client_key.prefix"))
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]


class ClientUsage(Table):
    """How often a program made a call (an operation of the API) on a day, and the rows it got."""

    __tablename__ = "client_usage"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True)
    call: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
    rows: Mapped[int] = mapped_column(BigInteger)

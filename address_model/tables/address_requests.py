"""Requests of departments for an address that a resident shows them (一件事), while they last."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import Code16, CreatedAt, Table


class ClientReturnUrl(Table):
    """A web address of a department to which residents may be sent back with an address token."""

    __tablename__ = "client_return_url"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True)
    url: Mapped[str] = mapped_column(primary_key=True)
    registered_at: Mapped[CreatedAt]


class AddressRequest(Table):
    """A program that waits for one address; nothing of the resident who answers it.

    ``state`` is the program's own word for its form, given back unread. ``code`` is the address
    that the resident agreed to show, until it is handed over; ``token_id`` the only token that is
    good for it. The row is deleted when it has expired: ``expires_at`` becomes that of the token.
    """

    __tablename__ = "address_request"
    __table_args__ = (Index(None, "expires_at"), Index(None, "client_id"))

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    purpose: Mapped[str]
    return_url: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="")
    opened_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    code: Mapped[Code16 | None] = mapped_column(ForeignKey("address.code"))
    token_id: Mapped[str | None] = mapped_column(String(22))
    redeemed_at: Mapped[datetime | None]

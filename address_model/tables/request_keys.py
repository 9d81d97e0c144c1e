"""Keys under which creating requests were sent, each with the answer it got."""

from sqlalchemy import Index, LargeBinary, SmallInteger, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import CreatedAt, Table


class IdempotencyKey(Table):
    """The answer to a creating request, kept for a day under the key that its caller drew.

    ``actor`` is the caller, ``digest`` the SHA-256 of the request: method, path, query and body.
    The row is written in the transaction of what was created, so that neither is there without the
    other.
    """

    __tablename__ = "idempotency_key"
    __table_args__ = (Index(None, "created_at"),)

    actor: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int] = mapped_column(SmallInteger)
    body: Mapped[str]
    headers: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")
    created_at: Mapped[CreatedAt]

"""People who work with the register: their accounts, their roles by division, their sessions."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import CreatedAt, Surrogate, Table, Version


class StaffAccount(Table):
    """One person's account; it is disabled, never deleted, because the audit chain names it."""

    __tablename__ = "staff_account"
    __table_args__ = (Index(None, "unit_id"),)

    id: Mapped[Surrogate]
    name: Mapped[str] = mapped_column(String(32), unique=True)
    display_name: Mapped[str] = mapped_column(server_default="")
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(server_default="true")
    is_active: Mapped[bool] = mapped_column(server_default="true")
    is_sample: Mapped[bool] = mapped_column(server_default="false")
    last_sign_in_at: Mapped[datetime | None]
    password_changed_at: Mapped[CreatedAt]
    password_issued_at: Mapped[datetime | None]
    """When somebody else last set the password, and so knows the initial one."""
    password_issued_by: Mapped[str] = mapped_column(server_default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """The unit (单位) the person works for; accounts from before units have none."""
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class RoleAssignment(Table):
    """A person's role in a division and below; "" is the whole register."""

    __tablename__ = "role_assignment"
    __table_args__ = (UniqueConstraint("account_id", "role", "division"),)

    id: Mapped[Surrogate]
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_account.id"))
    role: Mapped[str] = mapped_column(String(32))
    division: Mapped[str] = mapped_column(String(12), server_default="")
    created_at: Mapped[CreatedAt]


class StaffSession(Table):
    """A signed-in browser: the SHA-256 of its random token, when it was last seen, when it ends.

    With ``awaits_code`` the password was right, and the code of the authenticator is still due:
    such a session lets nobody in.
    """

    __tablename__ = "staff_session"
    __table_args__ = (Index(None, "account_id"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_account.id"))
    browser: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[CreatedAt]
    last_seen_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    awaits_code: Mapped[bool] = mapped_column(server_default="false")


class StaffBrowser(Table):
    """A browser from which a person has signed in before: the SHA-256 of its random token."""

    __tablename__ = "staff_browser"
    __table_args__ = (Index(None, "account_id"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_account.id"), primary_key=True)
    signed_in_at: Mapped[CreatedAt]


class SecondFactor(Table):
    """The secret that a person's authenticator shares with us (RFC 6238), never shown again.

    ``used_step`` is the time step of the last code that was taken: none counts twice.
    """

    __tablename__ = "second_factor"

    account_id: Mapped[int] = mapped_column(ForeignKey("staff_account.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    used_step: Mapped[int] = mapped_column(BigInteger, server_default="0")
    confirmed_at: Mapped[datetime | None]
    """When the first code proved that the authenticator has the secret; None before."""
    created_at: Mapped[CreatedAt]


class RecoveryCode(Table):
    """A code that lets a person in once without the authenticator: its SHA-256."""

    __tablename__ = "recovery_code"

    account_id: Mapped[int] = mapped_column(ForeignKey("staff_account.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)


class StaffIdentity(Table):
    """Who a person is at the identity provider (OpenID Connect): issuer and ``sub``."""

    __tablename__ = "staff_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("staff_account.id"), primary_key=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    bound_at: Mapped[CreatedAt]

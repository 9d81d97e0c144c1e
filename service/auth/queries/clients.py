"""Looks up clients by key, and their grants."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from address_model.tables import Client, ClientGrant, ClientKey
from service.auth.keys import ApiKey


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client that has shown a valid key."""

    id: int
    name: str


def find_client(session: Session, key: ApiKey) -> ClientRow | None:
    """The active client of a key that is neither revoked nor expired, or None."""
    statement = (
        select(Client.id, Client.name, ClientKey.secret_hash)
        .join(ClientKey, ClientKey.client_id == Client.id)
        .where(
            ClientKey.prefix == key.prefix,
            Client.is_active,
            ClientKey.revoked_at.is_(None),
            or_(ClientKey.expires_at.is_(None), ClientKey.expires_at > func.clock_timestamp()),
        )
    )
    row = session.execute(statement).first()
    if row is None or not key.matches(bytes(row.secret_hash)):
        return None
    return ClientRow(row.id, row.name)


def list_grants(session: Session, client_id: int) -> tuple[tuple[str, str], ...]:
    """The grants of a client besides reading: (permission, division code, prefix or "")."""
    statement = select(ClientGrant.permission, ClientGrant.division).where(
        ClientGrant.client_id == client_id
    )
    return tuple((row.permission, row.division) for row in session.execute(statement))


@dataclass(frozen=True, slots=True)
class ListedClient:
    """A department's program with its valid keys (prefix, creation time) and its grants."""

    name: str
    is_active: bool
    keys: tuple[tuple[str, datetime], ...]
    grants: tuple[tuple[str, str], ...]


def list_clients(session: Session) -> list[ListedClient]:
    """All programs by name, with the prefixes of their keys, but no secrets."""
    found = []
    for client in session.scalars(select(Client).order_by(Client.name)):
        keys = session.execute(
            select(ClientKey.prefix, ClientKey.created_at)
            .where(
                ClientKey.client_id == client.id,
                ClientKey.revoked_at.is_(None),
                or_(ClientKey.expires_at.is_(None), ClientKey.expires_at > func.clock_timestamp()),
            )
            .order_by(ClientKey.created_at)
        )
        listed = tuple((row.prefix, row.created_at) for row in keys)
        grants = tuple(sorted(list_grants(session, client.id)))
        found.append(ListedClient(client.name, client.is_active, listed, grants))
    return found

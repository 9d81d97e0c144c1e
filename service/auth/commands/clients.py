"""Creates clients, their keys and grants, and revokes them."""

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from address_model.tables import Client, ClientGrant, ClientKey
from service.audit import commands as audit
from service.auth.keys import ApiKey, draw_key
from service.auth.permissions import Permission
from service.core.actor import Actor
from service.core.errors import Conflict


def create_client(session: Session, name: str, actor: Actor) -> ApiKey:
    """Register a department's program and return its first key, which is shown only once.

    Raises:
        Conflict: a client of that name exists.
    """
    made = session.scalar(
        insert(Client)
        .values(name=name)
        .on_conflict_do_nothing(index_elements=[Client.name])
        .returning(Client.id)
    )
    if made is None:
        raise Conflict(
            f"a client named {name!r} exists already",
            hint="choose another name, or add a key with `menpai clients add-key`",
        )
    audit.record(session, actor=actor, action="clients:create", subject=name)
    return _add_key(session, made)


def add_key(session: Session, name: str, actor: Actor) -> ApiKey:
    """Give a client another key, for rotation without a gap.

    Raises:
        Conflict: there is no client of that name.
    """
    client_id = _id_of(session, name)
    audit.record(session, actor=actor, action="clients:add_key", subject=name)
    return _add_key(session, client_id)


def revoke_key(session: Session, prefix: str, actor: Actor) -> bool:
    """Revoke a key by its prefix, with immediate effect; False if there is none."""
    revoked = session.execute(
        update(ClientKey)
        .where(ClientKey.prefix == prefix, ClientKey.revoked_at.is_(None))
        .values(revoked_at=func.clock_timestamp())
        .returning(ClientKey.prefix)
    ).first()
    audit.record(session, actor=actor, action="clients:revoke_key", subject=prefix)
    return revoked is not None


def revoke_keys_of(session: Session, name: str, actor: Actor) -> int:
    """Revoke all keys of a client, with immediate effect; return how many."""
    ids = select(Client.id).where(Client.name == name)
    revoked = session.execute(
        update(ClientKey)
        .where(ClientKey.client_id.in_(ids), ClientKey.revoked_at.is_(None))
        .values(revoked_at=func.clock_timestamp())
        .returning(ClientKey.prefix)
        .execution_options(synchronize_session=False)
    ).all()
    audit.record(session, actor=actor, action="clients:revoke_keys", subject=name)
    return len(revoked)


def grant_client(
    session: Session, name: str, permission: Permission, division: str, actor: Actor
) -> None:
    """Grant a client a permission in a division (code or prefix) and below; "" is everywhere.

    Raises:
        Conflict: there is no client of that name.
    """
    where = {
        "client_id": _id_of(session, name),
        "permission": str(permission),
        "division": division,
    }
    session.execute(insert(ClientGrant).values(**where).on_conflict_do_nothing())
    detail = {"permission": str(permission), "division": division}
    audit.record(session, actor=actor, action="clients:grant", subject=name, **detail)


def withdraw_grant(
    session: Session, name: str, permission: Permission, division: str, actor: Actor
) -> None:
    """Withdraw a grant, with immediate effect.

    Raises:
        Conflict: there is no client of that name.
    """
    session.execute(
        delete(ClientGrant).where(
            ClientGrant.client_id == _id_of(session, name),
            ClientGrant.permission == str(permission),
            ClientGrant.division == division,
        )
    )
    detail = {"permission": str(permission), "division": division}
    audit.record(session, actor=actor, action="clients:withdraw_grant", subject=name, **detail)


def _id_of(session: Session, name: str) -> int:
    client_id = session.scalar(select(Client.id).where(Client.name == name))
    if client_id is None:
        raise Conflict(
            f"there is no client named {name!r}", hint="create it with `menpai clients create`"
        )
    return client_id


def _add_key(session: Session, client_id: int) -> ApiKey:
    key = draw_key()
    session.add(ClientKey(prefix=key.prefix, client_id=client_id, secret_hash=key.secret_hash))
    session.flush()
    return key

"""Creates programs of departments and their keys, gives and withdraws their grants."""

from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from address_model.tables import Client, ClientKey
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.auth.keys import ApiKey, draw_key
from service.auth.queries.clients import ClientNotFound, get_client
from service.core.actor import Actor
from service.core.errors import BadRequest, Conflict

MOST_NAME = 64
"""Characters in the name of a program."""


def create_client(
    session: Session, name: str, actor: Actor, *, owner: str = "", note: str = ""
) -> ApiKey:
    """Register a department's program and return its first key, which is shown only once.

    It reads nothing until it has a grant. ``owner`` is the office that answers for it.

    Raises:
        BadRequest: the name is empty or too long.
        Conflict: a client of that name exists.
    """
    name = name.strip()
    if not 0 < len(name) <= MOST_NAME:
        raise BadRequest(
            f"the name of a program has 1 to {MOST_NAME} characters",
            hint="choose another name",
            zh=f"程序名称须为 1 至 {MOST_NAME} 个字。",
            field="name",
        )
    made = session.scalar(
        insert(Client)
        .values(name=name, owner=owner.strip(), note=note.strip())
        .on_conflict_do_nothing(index_elements=[Client.name])
        .returning(Client.id)
    )
    if made is None:
        raise Conflict(
            f"a client named {name!r} exists already",
            hint="choose another name, or add a key with `menpai clients add-key`",
            field="name",
        )
    audit.record(session, actor=actor, action="clients:create", subject=name)
    return _add_key(session, made)


def add_key(
    session: Session, name: str, actor: Actor, *, others_until: datetime | None = None
) -> ApiKey:
    """Give a program another key; with ``others_until`` its other keys end then (rotation).

    Raises:
        ClientNotFound: there is no program of that name.
        Conflict: it is closed.
    """
    client = hold_client(session, name)
    if not client.is_active:
        raise Conflict(
            f"{name} is closed", hint="create another program", zh="这个程序已停用，不能再发密钥。"
        )
    detail = {}
    if others_until is not None:
        detail["others_until"] = others_until.isoformat(timespec="seconds")
        later = or_(ClientKey.expires_at.is_(None), ClientKey.expires_at > others_until)
        session.execute(
            update(ClientKey)
            .where(ClientKey.client_id == client.id, ClientKey.revoked_at.is_(None), later)
            .values(expires_at=others_until)
            .execution_options(synchronize_session=False)
        )
    audit.record(session, actor=actor, action="clients:add_key", subject=name, **detail)
    return _add_key(session, client.id)


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
    """Revoke all keys of a program, with immediate effect; return how many."""
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


def close_client(session: Session, name: str, actor: Actor, seen: int | None = None) -> None:
    """Close a program: all its keys and grants end at once; its name and history remain.

    Raises:
        ClientNotFound: there is no program of that name.
        Outdated: it was changed after its version ``seen``.
        Conflict: it is closed already.
    """
    client = hold_client(session, name)
    require_seen(session, get_client(session, name).record, seen)
    if not client.is_active:
        raise Conflict(f"{name} is closed already", zh="这个程序已经停用。")
    client.is_active = False
    session.flush()
    audit.record(session, actor=actor, action="clients:close", subject=name)


def hold_client(session: Session, name: str) -> Client:
    """A program, locked until the transaction ends.

    Raises:
        ClientNotFound: there is none of that name.
    """
    held = select(Client).where(Client.name == name).with_for_update(key_share=True)
    found = session.scalar(held.execution_options(populate_existing=True))
    if found is None:
        raise ClientNotFound(
            f"there is no client named {name!r}",
            hint="create it with `menpai clients create`",
            zh="没有这个程序。",
        )
    return found


def _add_key(session: Session, client_id: int) -> ApiKey:
    key = draw_key()
    session.add(ClientKey(prefix=key.prefix, client_id=client_id, secret_hash=key.secret_hash))
    session.flush()
    return key

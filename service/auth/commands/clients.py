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
from service.core.clock import now_utc
from service.core.errors import BadRequest, Conflict

MOST_NAME = 64
"""Characters in the name of a program."""


def create_client(
    session: Session,
    name: str,
    actor: Actor,
    *,
    owner: str = "",
    note: str = "",
    office: str = "",
    division: str = "",
) -> ApiKey:
    """Register a department's program and return its first key, which is shown only once.

    It reads nothing until it has a grant. ``owner`` is the unit that answers for it, ``note`` what
    it is for, ``office`` whom to ask there; ``division`` (12 digits, "" is everywhere) manages it.

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
        .values(
            name=name,
            owner=owner.strip(),
            note=note.strip(),
            office=office.strip(),
            division=division,
        )
        .on_conflict_do_nothing(index_elements=[Client.name])
        .returning(Client.id)
    )
    if made is None:
        raise Conflict(
            f"a client named {name!r} exists already",
            hint="choose another name, or add a key with `menpai clients add-key`",
            zh=f"已有名为“{name}”的程序，请换一个名称。",
            field="name",
        )
    audit.record(session, actor=actor, action="clients:create", subject=name)
    return _add_key(session, made)


def correct_client(
    session: Session,
    name: str,
    actor: Actor,
    *,
    owner: str,
    note: str,
    office: str,
    seen: int | None = None,
) -> None:
    """Correct what is said of a program; its name and its division stay.

    Raises:
        ClientNotFound, Outdated: there is none of that name, or it was changed since.
    """
    client = hold_client(session, name, seen)
    before = get_client(session, name).record.summary
    client.owner, client.note, client.office = owner.strip(), note.strip(), office.strip()
    session.flush()
    audit.record(session, actor=actor, action="clients:correct", subject=name, before=before)


def add_key(
    session: Session,
    name: str,
    actor: Actor,
    *,
    others_until: datetime | None = None,
    seen: int | None = None,
) -> ApiKey:
    """Give a program another key; with ``others_until`` its other keys end then (rotation).

    Raises:
        ClientNotFound, Outdated: there is no program of that name, or it was changed since.
        Conflict: it is closed.
        BadRequest: the other keys would have ended already.
    """
    client = hold_client(session, name, seen)
    if others_until is not None and others_until <= now_utc():
        raise BadRequest(
            "the other keys would have ended already",
            hint="give a later day, or revoke them",
            zh="旧密钥的最后一天已经过去；要马上停用的，请点“作废”。",
            field="last_day",
        )
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


def revoke_key(session: Session, prefix: str, actor: Actor, *, seen: int | None = None) -> bool:
    """Revoke a key by its prefix, with immediate effect; False if there is none.

    Raises:
        Outdated: its program was changed after its version ``seen``.
    """
    held = select(Client.name).join(ClientKey, ClientKey.client_id == Client.id)
    name = session.scalar(held.where(ClientKey.prefix == prefix))
    if name is not None:
        hold_client(session, name, seen)
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
    client = hold_client(session, name, seen)
    if not client.is_active:
        raise Conflict(f"{name} is closed already", zh="这个程序已经停用。")
    client.is_active = False
    session.flush()
    audit.record(session, actor=actor, action="clients:close", subject=name)


def hold_client(session: Session, name: str, seen: int | None = None) -> Client:
    """A program, locked until the transaction ends; who holds it changes it or a part of it.

    Raises:
        ClientNotFound: there is none of that name.
        Outdated: it was changed after its version ``seen``.
    """
    held = select(Client).where(Client.name == name).with_for_update(key_share=True)
    found = session.scalar(held.execution_options(populate_existing=True))
    if found is None:
        raise ClientNotFound(
            f"there is no client named {name!r}",
            hint="create it with `menpai clients create`",
            zh="没有这个程序。",
        )
    require_seen(session, get_client(session, name).record, seen)
    session.execute(
        update(Client)
        .where(Client.id == found.id)
        .values(name=Client.name)  # raises the version: keys and grants are parts of a program
        .execution_options(synchronize_session=False)
    )
    return found


def _add_key(session: Session, client_id: int) -> ApiKey:
    key = draw_key()
    session.add(ClientKey(prefix=key.prefix, client_id=client_id, secret_hash=key.secret_hash))
    session.flush()
    return key

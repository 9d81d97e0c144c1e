"""Looks up programs by key, with their grants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from address_model.sensitivity import FieldClass
from address_model.tables import Client, ClientGrant, ClientKey, ClientToken
from service.auth.grants import Grant, Program
from service.auth.keys import AccessToken, ApiKey
from service.auth.permissions import Permission
from service.core.errors import NotFound
from service.core.records import Record


class ClientNotFound(NotFound):
    """There is no such program."""


class GrantNotFound(NotFound):
    """There is no such grant."""


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key in force: its prefix, since when, and until when if it ends."""

    prefix: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant as it was given to a program, in force or not."""

    grant: Grant
    client_id: int
    client: str
    given_by: str
    given_at: datetime
    agreed_at: datetime | None
    withdrawn_at: datetime | None
    version: int

    @property
    def waits(self) -> bool:
        """Whether a second person has to agree to it before it holds."""
        return self.agreed_at is None and self.withdrawn_at is None

    def is_in_force(self, at: datetime) -> bool:
        """Whether it holds at a time."""
        grant = self.grant
        begun = grant.valid_from is None or grant.valid_from <= at
        ended = grant.valid_until is not None and grant.valid_until <= at
        agreed = self.agreed_at is not None and self.withdrawn_at is None
        return begun and not ended and agreed

    @property
    def record(self) -> Record:
        """Its current state, for a caller that saw an older version."""
        state = "已收回" if self.withdrawn_at else "已授予" if self.agreed_at else "待审批"
        facts = {
            "权限": "、".join(sorted(self.grant.permissions)),
            "区划": self.grant.division or "全部",
            "状态": state,
        }
        title = f"{self.client} 的授权 {self.grant.number}"
        return Record("grants", str(self.grant.number), title, self.version, facts)


@dataclass(frozen=True, slots=True)
class ListedClient:
    """A department's program with its keys in force and all grants that were not withdrawn.

    ``division`` (12 digits, "" is everywhere) manages it, ``office`` is whom to ask.
    """

    id: int
    name: str
    is_active: bool
    owner: str
    note: str
    office: str
    division: str
    created_at: datetime
    version: int
    keys: tuple[ListedKey, ...]
    grants: tuple[GrantRow, ...]

    def as_program(self, at: datetime) -> Program:
        """The program with its grants in force at a time, for work that it has started before."""
        held = [one.grant for one in self.grants if self.is_active and one.is_in_force(at)]
        return Program(self.id, self.name, tuple(held))

    @property
    def record(self) -> Record:
        """Its current state, for a caller that saw an older version."""
        facts = {
            "使用单位": self.owner,
            "用途": self.note,
            "联系科室": self.office,
            "密钥": "、".join(f"mp_{key.prefix}" for key in self.keys),
            "授权": f"{len(self.grants)} 项",
            "状态": "在用" if self.is_active else "已停用",
        }
        return Record("clients", self.name, f"程序 {self.name}", self.version, facts)

    def grants_in_force(self, at: datetime) -> list[GrantRow]:
        """The grants that hold at a time; none of a program that is closed."""
        return [one for one in self.grants if self.is_active and one.is_in_force(at)]


def find_program(session: Session, shown: ApiKey | AccessToken) -> Program | None:
    """The active program of a key that is neither revoked nor expired, or None.

    With an access token for the key its grants are confined to the scopes of the token.
    """
    statement = (
        select(Client.id, Client.name, ClientKey.secret_hash, ClientGrant, ClientToken.scopes)
        .join(ClientKey, ClientKey.client_id == Client.id)
        .outerjoin(ClientGrant, _is_in_force())
        .where(Client.is_active, _is_valid())
        .order_by(ClientGrant.id)
    )
    if isinstance(shown, ApiKey):
        named = statement.outerjoin(ClientToken, false()).where(ClientKey.prefix == shown.prefix)
    else:
        named = statement.join(ClientToken, ClientToken.prefix == ClientKey.prefix).where(
            ClientToken.hash == shown.hash, ClientToken.expires_at > func.clock_timestamp()
        )
    rows = session.execute(named).all()
    if not rows or (isinstance(shown, ApiKey) and not shown.matches(bytes(rows[0].secret_hash))):
        return None
    grants = tuple(_grant(row.ClientGrant) for row in rows if row.ClientGrant is not None)
    program = Program(rows[0].id, rows[0].name, grants)
    return program if rows[0].scopes is None else program.confined_to(rows[0].scopes)


def find_program_of(session: Session, client_id: int) -> Program | None:
    """An active program with its grants in force, for what is done without a call; or None."""
    statement = (
        select(Client.name, ClientGrant)
        .outerjoin(ClientGrant, _is_in_force())
        .where(Client.id == client_id, Client.is_active)
        .order_by(ClientGrant.id)
    )
    rows = session.execute(statement).all()
    grants = tuple(_grant(row.ClientGrant) for row in rows if row.ClientGrant is not None)
    return Program(client_id, rows[0].name, grants) if rows else None


def search_clients(
    session: Session,
    *,
    scopes: Sequence[str],
    text: str = "",
    is_active: bool = True,
    after: str = "",
    limit: int,
) -> list[ListedClient]:
    """Programs by name that divisions manage; ``scopes`` are the beginnings of their codes.

    ``text`` is a part of a program's or owner's name, ``after`` the last name of the page before.
    """
    managed = (Client.division.startswith(scope, autoescape=True) for scope in scopes)
    like = (one.icontains(text, autoescape=True) for one in (Client.name, Client.owner))
    wanted = select(Client.id).where(
        or_(false(), *managed), or_(*like), Client.is_active == is_active, Client.name > after
    )
    found = session.scalars(wanted.order_by(Client.name).limit(limit)).all()
    return list_clients(session, ids=found)


def list_clients(
    session: Session, *, names: Sequence[str] | None = None, ids: Sequence[int] | None = None
) -> list[ListedClient]:
    """Programs by name, with the prefixes of their keys, but no secrets; by default all."""
    wanted = select(Client).order_by(Client.name).execution_options(populate_existing=True)
    if names is not None:
        wanted = wanted.where(Client.name.in_(names))
    if ids is not None:
        wanted = wanted.where(Client.id.in_(ids))
    clients = session.scalars(wanted).all()
    found = [one.id for one in clients]
    keys: dict[int, list[ListedKey]] = {}
    valid = select(ClientKey).where(_is_valid(), ClientKey.client_id.in_(found))
    for key in session.scalars(valid.order_by(ClientKey.created_at)):
        listed = ListedKey(key.prefix, key.created_at, key.expires_at)
        keys.setdefault(key.client_id, []).append(listed)
    grants: dict[int, list[GrantRow]] = {}
    held = _select_grants().where(
        ClientGrant.withdrawn_at.is_(None), ClientGrant.client_id.in_(found)
    )
    for row in session.execute(held.order_by(ClientGrant.id)):
        grants.setdefault(row.ClientGrant.client_id, []).append(_grant_row(row))
    return [
        ListedClient(
            one.id,
            one.name,
            one.is_active,
            one.owner,
            one.note,
            one.office,
            one.division,
            one.created_at,
            one.version,
            tuple(keys.get(one.id, ())),
            tuple(grants.get(one.id, ())),
        )
        for one in clients
    ]


def get_client(session: Session, name: str) -> ListedClient:
    """One program.

    Raises:
        ClientNotFound: there is none of that name.
    """
    found = list_clients(session, names=[name])
    if not found:
        raise ClientNotFound(
            f"there is no client named {name!r}",
            hint="create it with `menpai clients create`",
            zh="没有这个程序。",
        )
    return found[0]


def get_grant(session: Session, number: int) -> GrantRow:
    """One grant, in force or not.

    Raises:
        GrantNotFound: there is none of that number.
    """
    row = session.execute(_select_grants().where(ClientGrant.id == number)).first()
    if row is None:
        raise GrantNotFound(
            f"there is no grant {number}",
            hint="list them with `menpai clients list`",
            zh="没有这项授权。",
        )
    return _grant_row(row)


def _select_grants() -> Select[ClientGrant, str]:
    return select(ClientGrant, Client.name).join(Client, Client.id == ClientGrant.client_id)


def _is_in_force() -> ColumnElement[bool]:
    """Whether a grant is one of the program's, and holds now."""
    now = func.clock_timestamp()
    return and_(
        ClientGrant.client_id == Client.id,
        ClientGrant.withdrawn_at.is_(None),
        ClientGrant.agreed_at <= now,
        ClientGrant.valid_from <= now,
        or_(ClientGrant.valid_until.is_(None), ClientGrant.valid_until > now),
    )


def _is_valid() -> ColumnElement[bool]:
    """Whether a key is in force."""
    ends = ClientKey.expires_at
    in_time = or_(ends.is_(None), ends > func.clock_timestamp())
    return and_(ClientKey.revoked_at.is_(None), in_time)


def _grant_row(row: Row[ClientGrant, str]) -> GrantRow:
    one = row.ClientGrant
    given = one.given_by, one.given_at, one.agreed_at
    return GrantRow(_grant(one), one.client_id, row.name, *given, one.withdrawn_at, one.version)


def _grant(row: ClientGrant) -> Grant:
    """The grant of a row; permissions and classes that this version does not know grant nothing."""
    known = set(Permission)
    return Grant(
        row.id,
        row.division,
        frozenset(Permission(one) for one in row.permissions if one in known),
        frozenset(FieldClass(one) for one in row.classes if one in set(FieldClass)),
        row.is_deep,
        row.per_minute,
        row.per_day,
        tuple(row.networks),
        row.valid_from,
        row.valid_until,
    )

"""Looks up programs by key, with their grants."""

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
    client: str
    given_by: str
    given_at: datetime
    agreed_at: datetime | None
    withdrawn_at: datetime | None
    version: int

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
    """A department's program with its keys in force and all grants that were not withdrawn."""

    id: int
    name: str
    is_active: bool
    owner: str
    note: str
    created_at: datetime
    version: int
    keys: tuple[ListedKey, ...]
    grants: tuple[GrantRow, ...]

    @property
    def record(self) -> Record:
        """Its current state, for a caller that saw an older version."""
        facts = {"责任单位": self.owner, "状态": "在用" if self.is_active else "已停用"}
        return Record("clients", self.name, f"程序 {self.name}", self.version, facts)


def find_program(session: Session, shown: ApiKey | AccessToken) -> Program | None:
    """The active program of a key that is neither revoked nor expired, or None.

    With an access token for the key its grants are confined to the scopes of the token.
    """
    now = func.clock_timestamp()
    in_force = and_(
        ClientGrant.client_id == Client.id,
        ClientGrant.withdrawn_at.is_(None),
        ClientGrant.agreed_at <= now,
        ClientGrant.valid_from <= now,
        or_(ClientGrant.valid_until.is_(None), ClientGrant.valid_until > now),
    )
    statement = (
        select(Client.id, Client.name, ClientKey.secret_hash, ClientGrant, ClientToken.scopes)
        .join(ClientKey, ClientKey.client_id == Client.id)
        .outerjoin(ClientGrant, in_force)
        .where(Client.is_active, _is_valid())
        .order_by(ClientGrant.id)
    )
    if isinstance(shown, ApiKey):
        named = statement.outerjoin(ClientToken, false()).where(ClientKey.prefix == shown.prefix)
    else:
        named = statement.join(ClientToken, ClientToken.prefix == ClientKey.prefix).where(
            ClientToken.hash == shown.hash, ClientToken.expires_at > now
        )
    rows = session.execute(named).all()
    if not rows or (isinstance(shown, ApiKey) and not shown.matches(bytes(rows[0].secret_hash))):
        return None
    grants = tuple(_grant(row.ClientGrant) for row in rows if row.ClientGrant is not None)
    program = Program(rows[0].id, rows[0].name, grants)
    return program if rows[0].scopes is None else program.confined_to(rows[0].scopes)


def list_clients(session: Session) -> list[ListedClient]:
    """All programs by name, with the prefixes of their keys, but no secrets."""
    keys: dict[int, list[ListedKey]] = {}
    statement = select(ClientKey).where(_is_valid()).order_by(ClientKey.created_at)
    for key in session.scalars(statement):
        listed = ListedKey(key.prefix, key.created_at, key.expires_at)
        keys.setdefault(key.client_id, []).append(listed)
    grants: dict[int, list[GrantRow]] = {}
    held = _select_grants().where(ClientGrant.withdrawn_at.is_(None)).order_by(ClientGrant.id)
    for row in session.execute(held):
        grants.setdefault(row.ClientGrant.client_id, []).append(_grant_row(row))
    return [
        ListedClient(
            one.id,
            one.name,
            one.is_active,
            one.owner,
            one.note,
            one.created_at,
            one.version,
            tuple(keys.get(one.id, ())),
            tuple(grants.get(one.id, ())),
        )
        for one in session.scalars(select(Client).order_by(Client.name))
    ]


def get_client(session: Session, name: str) -> ListedClient:
    """One program.

    Raises:
        ClientNotFound: there is none of that name.
    """
    found = next((one for one in list_clients(session) if one.name == name), None)
    if found is None:
        raise ClientNotFound(
            f"there is no client named {name!r}",
            hint="create it with `menpai clients create`",
            zh="没有这个程序。",
        )
    return found


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


def _is_valid() -> ColumnElement[bool]:
    """Whether a key is in force."""
    ends = ClientKey.expires_at
    in_time = or_(ends.is_(None), ends > func.clock_timestamp())
    return and_(ClientKey.revoked_at.is_(None), in_time)


def _grant_row(row: Row[ClientGrant, str]) -> GrantRow:
    one = row.ClientGrant
    return GrantRow(
        _grant(one),
        row.name,
        one.given_by,
        one.given_at,
        one.agreed_at,
        one.withdrawn_at,
        one.version,
    )


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

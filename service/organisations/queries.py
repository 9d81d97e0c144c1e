"""Reads units, their posts and who holds them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from address_model.tables import Holding, Post, StaffAccount, Unit
from address_model.units import UNIT_KIND_NAMES, UnitKind
from service.auth.permissions import ROLE_NAMES, Role
from service.core.errors import NotFound
from service.core.records import Record


class UnitNotFound(NotFound):
    """There is no such unit."""

    usual_field = "unit"


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit; ``parent`` is the number of the unit above it, "" if none."""

    id: int
    number: str
    name: str
    kind: UnitKind
    division: str
    parent: str
    parent_name: str
    phone: str
    valid_from: date
    valid_to: date | None
    version: int

    @property
    def record(self) -> Record:
        """The current state of the unit, for a caller that saw an older version."""
        days = f"{self.valid_from} – {self.valid_to or '…'}"
        facts = {
            "名称": self.name,
            "类别": UNIT_KIND_NAMES[self.kind],
            "上级单位": self.parent_name,
            "电话": self.phone,
            "起止": days,
        }
        return Record("units", self.number, f"单位 {self.name}", self.version, facts)

    def is_over(self, day: date) -> bool:
        """Whether its last day has passed."""
        return self.valid_to is not None and self.valid_to < day


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """Who holds a post, from when to when (last day included)."""

    id: int
    account: str
    display_name: str
    valid_from: date
    valid_to: date | None

    def is_over(self, day: date) -> bool:
        """Whether its last day has passed."""
        return self.valid_to is not None and self.valid_to < day


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post of a unit, with all its holders, the latest first."""

    id: int
    name: str
    role: Role | None
    valid_from: date
    valid_to: date | None
    holdings: tuple[HoldingRow, ...] = field(default=())

    @property
    def role_name(self) -> str:
        """The role that it carries, in Chinese; "" if none."""
        return ROLE_NAMES[self.role] if self.role else ""

    def is_over(self, day: date) -> bool:
        """Whether its last day has passed."""
        return self.valid_to is not None and self.valid_to < day

    def list_holders(self, day: date) -> list[HoldingRow]:
        """Whoever holds it on a day, or is going to."""
        return [one for one in self.holdings if not one.is_over(day)]


def get_unit(session: Session, number: str) -> UnitRow:
    """The unit of a number.

    Raises:
        UnitNotFound: there is none.
    """
    row = session.execute(_select().where(Unit.number == number.strip().upper())).first()
    if row is None:
        raise UnitNotFound(
            f"no unit has the number {number!r}",
            hint="see `menpai units list`",
            http_hint="list the units of its division: GET /api/v1/units?division=…",
            zh=f"没有编号是 {number} 的单位。",
        )
    return _row(row)


def list_units(
    session: Session,
    *,
    scopes: Sequence[str] = ("",),
    parent: str = "",
    living_on: date | None = None,
    after: str = "",
    limit: int = 100,
) -> list[UnitRow]:
    """Units within one of these division prefixes, in order of division and number.

    ``parent`` is the number of the unit directly above; ``living_on`` leaves out those that ended
    before; ``after`` is division and number of the last one of the page before, as one text.
    """
    statement = _select().order_by(Unit.division, Unit.number).limit(limit)
    if "" not in scopes:
        statement = statement.where(
            or_(false(), *(Unit.division.startswith(prefix) for prefix in scopes))
        )
    if parent:
        statement = statement.where(
            Unit.parent_id.in_(select(Unit.id).where(Unit.number == parent))
        )
    if living_on is not None:
        statement = statement.where(or_(Unit.valid_to.is_(None), Unit.valid_to >= living_on))
    if after:
        statement = statement.where(func.concat(Unit.division, Unit.number) > after)
    return [_row(row) for row in session.execute(statement)]


def find_units(session: Session, ids: Iterable[int]) -> dict[int, UnitRow]:
    """Units by id, as accounts name them."""
    rows = session.execute(_select().where(Unit.id.in_(set(ids))))
    return {row.id: _row(row) for row in rows}


def list_posts(session: Session, unit_id: int) -> list[PostRow]:
    """The posts of a unit with all who held them; those that are over come last."""
    holdings: dict[int, list[HoldingRow]] = {}
    held = (
        select(
            Holding.post_id,
            Holding.id,
            StaffAccount.name,
            func.coalesce(func.nullif(StaffAccount.display_name, ""), StaffAccount.name),
            Holding.valid_from,
            Holding.valid_to,
        )
        .join(StaffAccount, StaffAccount.id == Holding.account_id)
        .join(Post, Post.id == Holding.post_id)
        .where(Post.unit_id == unit_id)
        .order_by(Holding.valid_from.desc(), Holding.id.desc())
    )
    for post_id, *values in session.execute(held):
        holdings.setdefault(post_id, []).append(HoldingRow(*values))
    posts = (
        select(Post.id, Post.name, Post.role, Post.valid_from, Post.valid_to)
        .where(Post.unit_id == unit_id)
        .order_by(Post.valid_to.desc().nulls_first(), Post.id)
    )
    return [
        PostRow(
            row.id,
            row.name,
            Role(row.role) if row.role in set(Role) else None,
            row.valid_from,
            row.valid_to,
            tuple(holdings.get(row.id, ())),
        )
        for row in session.execute(posts)
    ]


def _select() -> Select[*tuple[Any, ...]]:
    above = aliased(Unit)
    return select(
        Unit.id,
        Unit.number,
        Unit.name,
        Unit.kind,
        Unit.division,
        func.coalesce(above.number, "").label("parent"),
        func.coalesce(above.name, "").label("parent_name"),
        Unit.phone,
        Unit.valid_from,
        Unit.valid_to,
        Unit.version,
    ).outerjoin(above, above.id == Unit.parent_id)


def _row(row: Any) -> UnitRow:
    return UnitRow(
        row.id, row.number, row.name, UnitKind(row.kind), row.division,
        row.parent, row.parent_name, row.phone, row.valid_from, row.valid_to, row.version,
    )  # fmt: skip

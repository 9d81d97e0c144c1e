"""Units with posts and people, to test with."""

from datetime import date

from sqlalchemy.orm import Session

from address_model.units import UnitKind
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.organisations import commands
from service.organisations.queries import UnitRow, list_posts

BEGIN = date(2026, 1, 1)


def make_unit(
    session: Session,
    name: str = "清波派出所（示例）",
    division: str = "330102001000",
    *,
    kind: UnitKind = UnitKind.POLICE_STATION,
    parent: str = "",
) -> UnitRow:
    """Open a unit at the beginning of 2026."""
    draft = commands.UnitDraft(name, kind, parent)
    return commands.open_unit(session, draft, division, COMMAND_LINE, begins=BEGIN)


def make_post(
    session: Session, unit: UnitRow, name: str = "户籍民警", role: Role | None = None
) -> int:
    """Open a post; return its number."""
    commands.open_post(session, unit.number, name, role, COMMAND_LINE)
    return max(one.id for one in list_posts(session, unit.id))

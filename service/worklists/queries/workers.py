"""Reads the people whom work can be given to: accounts that may work at plates in a division."""

from dataclasses import dataclass

from sqlalchemy import and_, or_, select, true
from sqlalchemy.orm import Session

from address_model.division_codes import division_prefix, list_prefixes
from address_model.tables import AddressArea, Duty, RoleAssignment, StaffAccount
from service.auth.members import Assignment
from service.auth.permissions import AREA_ROLES, ROLE_PERMISSIONS, Permission, Role
from service.core.clock import today

INSTALLING_ROLES = tuple(
    role for role, held in ROLE_PERMISSIONS.items() if Permission.PLATES_INSTALL in held
)
"""The roles that open the pages of crews, where work is done."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A person who works at plates, with the beginnings of the codes of the divisions.

    ``name`` is that of the account.
    """

    name: str
    display_name: str
    prefixes: tuple[str, ...]

    def works_in(self, division: str) -> bool:
        """Whether a division (12 digits) lies in one of the person's."""
        return any(division.startswith(prefix) for prefix in self.prefixes)

    @property
    def title(self) -> str:
        """The name that colleagues know, with that of the account."""
        return f"{self.display_name}（{self.name}）" if self.display_name else self.name


def list_workers(session: Session, division: str) -> list[Worker]:
    """The people who work in a division (12 digits), or in a part of it, by account name."""
    prefix = division_prefix(division)
    inside = RoleAssignment.division.between(prefix.ljust(12, "0"), prefix.ljust(12, "9"))
    around = RoleAssignment.division.in_(["", *list_prefixes(division)] if division else [""])
    return _read(session, or_(inside, around))


def find_worker(session: Session, name: str) -> Worker | None:
    """The person with this account name if work can be given to them, or None."""
    return next(iter(_read(session, StaffAccount.name == name)), None)


def list_holders(session: Session, code: str, name: str = "") -> list[Worker]:
    """The people who answer for an area of an address today: they look into what is reported there.

    ``name`` finds one of them by the account.
    """
    day = today()
    bound = (
        select(Duty.account_id)
        .join(AddressArea, AddressArea.area_id == Duty.area_id)
        .where(
            AddressArea.code == code,
            Duty.valid_from <= day,
            or_(Duty.valid_to.is_(None), Duty.valid_to >= day),
        )
    )
    named = StaffAccount.name == name if name else true()
    return _read(session, and_(StaffAccount.id.in_(bound), named), tuple(AREA_ROLES))


def _read(
    session: Session, condition: object, roles: tuple[Role, ...] = INSTALLING_ROLES
) -> list[Worker]:
    statement = (
        select(
            StaffAccount.name,
            StaffAccount.display_name,
            RoleAssignment.role,
            RoleAssignment.division,
        )
        .join(RoleAssignment, RoleAssignment.account_id == StaffAccount.id)
        .where(StaffAccount.is_active, RoleAssignment.role.in_(roles), condition)  # type: ignore[arg-type]
        .order_by(StaffAccount.name, RoleAssignment.division)
    )
    people: dict[tuple[str, str], list[str]] = {}
    for name, display_name, role, division in session.execute(statement):
        prefix = Assignment(Role(role), division).prefix
        people.setdefault((name, display_name), []).append(prefix)
    return [Worker(*person, tuple(prefixes)) for person, prefixes in people.items()]

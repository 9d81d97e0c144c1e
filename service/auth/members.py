"""A signed-in member of staff (工作人员), with roles and permissions by division."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from address_model.division_codes import division_prefix
from service.auth.permissions import ROLE_PERMISSIONS, Permission, Role
from service.core.actor import Actor
from service.core.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role in a division (12 digits) and everything below it; "" is the whole register."""

    role: Role
    division: str = ""

    @property
    def prefix(self) -> str:
        """The common prefix of all division codes that the assignment covers."""
        return division_prefix(self.division) if self.division else ""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A signed-in person, read for each request with the account's current roles.

    ``at_shell`` says that the account was named at a command line (命令行), not signed in;
    ``decides_from`` until when it approves nothing, because somebody else has set its password.
    """

    account_id: int
    name: str
    display_name: str
    assignments: tuple[Assignment, ...]
    must_change_password: bool = False
    at_shell: bool = False
    decides_from: datetime | None = None

    @property
    def actor(self) -> Actor:
        """This person in the audit chain."""
        return Actor("shell" if self.at_shell else "staff", self.name)

    def scopes(self, permission: Permission) -> tuple[str, ...]:
        """Prefixes of the divisions where this person has a permission; ("",) is everywhere."""
        reached = {a.prefix for a in self.assignments if permission in ROLE_PERMISSIONS[a.role]}
        return tuple(sorted(p for p in reached if not _lies_in(p, reached - {p})))


def may(member: StaffMember, permission: Permission, division: str | None = None) -> bool:
    """Whether a person has a permission in a division (code or prefix), or in any if None."""
    scopes = member.scopes(permission)
    if division is None:
        return bool(scopes)
    return _lies_in(division_prefix(division) if division else "", scopes)


def require(member: StaffMember, permission: Permission, division: str | None = None) -> None:
    """Refuse a person without a permission.

    Raises:
        NotAllowed: names the permission and the division.
    """
    if not may(member, permission, division):
        where = f" in division {division}" if division else ""
        raise NotAllowed(
            f"{member.name} lacks the permission {permission}{where}",
            hint="ask an administrator of the division for a role that has it",
            zh="您的角色在这个区划内没有这项权限。",
        )


def _lies_in(prefix: str, scopes: Iterable[str]) -> bool:
    return any(prefix.startswith(scope) for scope in scopes)

"""Callers of the API: members of staff and departments' programs, with their permissions."""

from dataclasses import dataclass

from service.auth.grants import Program
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.actor import Actor
from service.core.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller: its actor for the audit chain, and the member of staff or the program it is."""

    actor: Actor
    member: StaffMember | None = None
    program: Program | None = None

    def may(self, permission: Permission, division: str) -> bool:
        """Whether the caller has a permission in a division (code or prefix)."""
        if self.member is not None:
            return may(self.member, permission, division)
        return self.program is not None and self.program.may(permission, division)

    def require(self, permission: Permission, division: str) -> None:
        """Refuse a caller without a permission.

        Raises:
            NotAllowed: names the permission and the division.
        """
        if not self.may(permission, division):
            raise NotAllowed(
                f"{self.actor.name} lacks the permission {permission} in division {division}",
                hint="a program gets it by `menpai clients grant`, a person by a role",
                http_hint=f"ask the operator for the permission {permission} in that division",
            )

"""Callers of the API: members of staff and departments' programs, with their permissions."""

from dataclasses import dataclass

from address_model.division_codes import division_prefix
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.actor import Actor
from service.core.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller: its actor for the audit chain, and a member of staff or a program's grants."""

    actor: Actor
    member: StaffMember | None = None
    grants: tuple[tuple[str, str], ...] = ()

    def may(self, permission: Permission, division: str) -> bool:
        """Whether the caller has a permission in a division (code or prefix)."""
        if self.member is not None:
            return may(self.member, permission, division)
        prefix = division_prefix(division)
        return any(
            granted == permission and prefix.startswith(division_prefix(where) if where else "")
            for granted, where in self.grants
        )

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

"""In which division a list is shown: one of those that the person's roles reach."""

from dataclasses import dataclass

from address_model.division_codes import division_prefix
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.errors import NotAllowed
from service.core.web import ReadSession
from service.divisions.queries import find_names, get_division_by_text


@dataclass(frozen=True, slots=True)
class DivisionScope:
    """The division of a list, and all that can be chosen: (12-digit code, name), "" everything."""

    division: str
    name: str
    choices: tuple[tuple[str, str], ...]

    @property
    def prefix(self) -> str:
        """The leading digits that all its codes share; "" is everywhere."""
        return division_prefix(self.division) if self.division else ""


def scope_of(
    session: ReadSession, member: StaffMember, permission: Permission, wanted: str = ""
) -> DivisionScope:
    """The division that was asked for by code or name, or else the first of the person's own.

    Raises:
        NotAllowed: it lies outside of them.
        DivisionNotFound: there is none.
    """
    scopes = member.scopes(permission)
    codes = [scope.ljust(12, "0") if scope else "" for scope in scopes]
    division = get_division_by_text(session, wanted).code if wanted.strip() else codes[0]
    if not may(member, permission, division):
        raise NotAllowed(
            f"{wanted} lies outside of your divisions", zh=f"“{wanted}”不在您负责的区划内。"
        )
    names = find_names(session, [*codes, division]) | {"": "全部区划"}
    choices = tuple((code, names.get(code, code)) for code in codes)
    return DivisionScope(division, names.get(division, division), choices)

"""The division a list is limited to: one within the person's roles."""

from dataclasses import dataclass

from address_model.division_codes import division_prefix
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.errors import NotAllowed
from service.core.web import ReadSession
from service.divisions.queries import find_names, get_division_by_text


@dataclass(frozen=True, slots=True)
class DivisionScope:
    """The division of a list, and the choices: (12-digit code, name); code "" means everywhere."""

    division: str
    name: str
    choices: tuple[tuple[str, str], ...]

    @property
    def prefix(self) -> str:
        """The leading digits shared by all codes in it; "" is everywhere."""
        return division_prefix(self.division) if self.division else ""


def scope_of(
    session: ReadSession, member: StaffMember, permission: Permission, wanted: str = ""
) -> DivisionScope:
    """The division with this code or name; by default the person's first.

    Raises:
        NotAllowed: it lies outside the person's divisions.
        DivisionNotFound: no division has this code or name.
    """
    scopes = member.scopes(permission)
    codes = [scope.ljust(12, "0") if scope else "" for scope in scopes]
    division = get_division_by_text(session, wanted).code if wanted.strip() else codes[0]
    if not may(member, permission, division):
        raise NotAllowed(
            f"{wanted} lies outside your divisions",
            zh=f"“{wanted}”不在您负责的区划内。",
            field="division",
        )
    names = find_names(session, [*codes, division]) | {"": "全部区划"}
    choices = tuple((code, names.get(code, code)) for code in codes)
    return DivisionScope(division, names.get(division, division), choices)

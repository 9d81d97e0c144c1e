"""The division a list is limited to: one within the person's roles, picked level by level."""

from collections.abc import Sequence
from dataclasses import dataclass

from address_model.division_codes import division_prefix
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.errors import Conflict, DivisionNotFound, NotAllowed
from service.core.web import ReadSession
from service.divisions.queries import (
    find_names,
    get_division,
    get_division_by_text,
    list_ancestors,
    list_divisions,
)

LEVEL_NAMES = ("省", "市", "县（市、区）", "乡镇（街道）", "村（社区）")
EVERYWHERE = "全部区划"
_MOST_PARTS = 1000


@dataclass(frozen=True, slots=True)
class DivisionLevel:
    """One list to pick from: (12-digit code, name); ``chosen`` is "" for all of the level above."""

    name: str
    choices: tuple[tuple[str, str], ...]
    chosen: str = ""
    needs_one: bool = False


@dataclass(frozen=True, slots=True)
class DivisionScope:
    """The division of a list, "" for everywhere, and the lists it is picked from, widest first.

    ``base`` is the person's own division that it lies in; with several of them the first list has
    them all. ``permission`` is what the person needs in it.
    """

    division: str
    name: str
    base: str
    base_name: str
    levels: tuple[DivisionLevel, ...]
    permission: Permission

    @property
    def prefix(self) -> str:
        """The leading digits shared by all codes in it; "" is everywhere."""
        return division_prefix(self.division) if self.division else ""


def pick_division(sent: Sequence[str]) -> str:
    """The division that the fields of a pick list mean, as they are sent: widest first.

    An empty one says "all", and ends the list; so does one that does not lie in the one before,
    because a wider one was changed. A single field may also be a name.
    """
    found = ""
    for value in sent:
        code = value.strip()
        if not code or (found and not code.startswith(division_prefix(found))):
            break
        found = code
    return found


def scope_of(
    session: ReadSession, member: StaffMember, permission: Permission, wanted: str = ""
) -> DivisionScope:
    """The division with this code or name; by default the person's first.

    Raises:
        NotAllowed: it lies outside the person's divisions.
        DivisionNotFound: no division has this code or name.
    """
    own = [scope.ljust(12, "0") if scope else "" for scope in member.scopes(permission)]
    division = get_division_by_text(session, wanted).code if wanted.strip() else own[0]
    if not may(member, permission, division):
        raise NotAllowed(
            f"{wanted} lies outside your divisions",
            zh=f"“{wanted}”不在您负责的区划内。",
            field="division",
        )
    names = find_names(session, [*own, division]) | {"": EVERYWHERE}
    held = [code for code in own if division.startswith(division_prefix(code) if code else "")]
    base = held[-1]
    levels = _list_levels(session, base, division)
    if len(own) > 1:
        choices = tuple((code, names.get(code, code)) for code in own)
        levels = [DivisionLevel("负责区划", choices, base, needs_one=True), *levels]
    return DivisionScope(
        division,
        names.get(division, division),
        base,
        names.get(base, base),
        tuple(levels),
        permission,
    )


def form_scope_of(
    session: ReadSession, member: StaffMember, permission: Permission, wanted: str
) -> DivisionScope:
    """As ``scope_of``, for a form that is shown again: what is refused is not picked."""
    try:
        return scope_of(session, member, permission, wanted)
    except (NotAllowed, DivisionNotFound, Conflict):
        return scope_of(session, member, permission)


def _list_levels(session: ReadSession, base: str, division: str) -> list[DivisionLevel]:
    """The parts of a person's division and of each one below it down to the division picked."""
    path = [base]
    if division != base:
        row = get_division(session, division)
        above = [one.code for one in list_ancestors(session, row)]
        path += above[above.index(base) + 1 :] if base else above
        path.append(division)
    found: list[DivisionLevel] = []
    for code, below in zip(path, [*path[1:], ""], strict=True):
        parts = list_divisions(session, parent=code, level=None if code else 1, limit=_MOST_PARTS)
        if parts:
            choices = tuple((row.code, row.name) for row in parts)
            found.append(DivisionLevel(LEVEL_NAMES[parts[0].level - 1], choices, below))
    return found

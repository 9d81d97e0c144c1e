"""The dashboard after signing in: waiting work, the numbers of a division, what has changed."""

from datetime import timedelta
from typing import Annotated

from fastapi import Request
from fastapi.responses import Response

from address_model.lifecycle import ADDRESS_STATUS_NAMES, PLATE_STATUS_NAMES
from service.admin.address.queries.facts import find_display_names
from service.admin.answer import show, staff_pages
from service.admin.guards import PickedDivision
from service.admin.home.activity import PHRASES, name_people, tell_acts
from service.admin.home.division_figures import WALL, read_figures
from service.admin.home.queries import list_recent_acts
from service.admin.scope import scope_of
from service.admin.waiting_work import list_waiting_work
from service.auth.guards import signed_in
from service.auth.members import StaffMember, may
from service.auth.permissions import ROLE_NAMES, Permission
from service.core.clock import start_of_day, today
from service.core.web import ReadSession
from service.divisions.queries import find_names

router = staff_pages()
READ = Permission.STATISTICS_READ
NEWS = 60
TASKS = (
    ("导入清单", "/admin/imports", Permission.ADDRESSES_WRITE),
    ("做一批门牌", "/admin/batches/new", Permission.BATCHES_CREATE),
    ("找地址", "/admin/addresses", Permission.ADDRESSES_READ),
)
"""What people come for most: title, page, the permission that it takes."""


@router.get("/admin")
def home(
    request: Request,
    session: ReadSession,
    member: Annotated[StaffMember, signed_in()],
    division: PickedDivision,
) -> Response:
    """The dashboard; numbers and changes of a division for those who may read its statistics."""
    held = [(ROLE_NAMES[a.role], a.division) for a in member.assignments]
    names = find_names(session, [division for _, division in held]) | {"": "全部区划"}
    roles = [f"{role}（{names.get(division, division)}）" for role, division in held]
    waiting = list_waiting_work(session, member)
    reach, figures, acts = None, None, []
    if may(member, READ):
        reach = scope_of(session, member, READ, division)
        figures = read_figures(session, reach, today())
        acts = list_recent_acts(
            session,
            scopes=[reach.prefix],
            actions=list(PHRASES),
            since=start_of_day() - timedelta(days=1),
            limit=NEWS,
        )
    people = {line.who for lines in waiting.values() for line in lines} | name_people(acts)
    known = find_display_names(session, people)
    return show(
        request,
        member,
        "home.html",
        roles=roles,
        tasks=[(title, path) for title, path, needed in TASKS if may(member, needed)],
        waiting=waiting,
        people=known,
        reach=reach,
        figures=figures,
        wall=WALL,
        days=tell_acts(acts, known, reach.name if reach and reach.division else ""),
        address_states=ADDRESS_STATUS_NAMES,
        plate_states=PLATE_STATUS_NAMES,
        today=today(),
    )

"""Shows the work list of a crew, and the page of a plate, with or without a fault."""

from functools import partial
from operator import attrgetter

from fastapi import Request
from fastapi.responses import Response

from address_model.coordinates import distance_m
from address_model.elements import local_text
from address_model.inspections import PlateEventKind
from address_model.plate_standing import Standing
from address_model.work import WORK_KIND_NAMES
from service.admin.answer import show
from service.admin.crew.choices import HANGABLE, list_choices
from service.admin.crew.due_words import due_words
from service.admin.crew.form import CrewForm, EventForm, new_event_id, read_near
from service.admin.crew.own_area.answer import show_own_area
from service.admin.crew.pages_files import FRAME
from service.admin.crew.queries import PlateView, list_nearest
from service.admin.crew.reach import may_ever_at
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.clock import today
from service.core.errors import MenpaiError, status_of
from service.core.paging import page_of
from service.core.web import ReadSession, settings_of
from service.plates.policies import PERMISSION_TO_RECORD
from service.plates.queries.locked_plates import LockedPlate
from service.scans.plate_page import map_links
from service.worklists.queries import WorkFilter, list_area_loads, list_items

PAGE = 30


def show_list(
    request: Request,
    session: ReadSession,
    member: StaffMember,
    asked: CrewForm,
    *,
    fault: MenpaiError | None = None,
    typed: str = "",
) -> Response:
    """Show the work list, with the plate field as typed and its error."""
    if not (scopes := member.scopes(Permission.PLATES_INSTALL)):
        return show_own_area(request, session, member, fault=fault, typed=typed)
    mine = member.name if asked.mine else None
    wanted = WorkFilter(area_id=asked.area, assignee=mine, scopes=scopes)
    if (here := read_near(asked.near)) is not None:
        items, more = list_nearest(session, wanted, here), None
    else:
        walks = asked.area is not None or mine is not None
        rows = list_items(session, wanted, by_street=walks, after=asked.after, limit=PAGE + 1)
        items, more = page_of(rows, PAGE, attrgetter("cursor"))
    loads = list_area_loads(session, WorkFilter(assignee=mine, scopes=scopes))
    return show(
        request,
        member,
        "crew/list.html",
        status_code=status_of(fault) if fault else 200,
        items=items,
        loads=loads,
        mine=asked.mine,
        area=asked.area,
        more=more,
        here=here,
        apart={i.id: distance_m(here, i.point) for i in items if here and i.point},
        maps={i.id: map_links(i.point, i.place, i.standard_text) for i in items if i.point},
        due_words=partial(due_words, today=today()),
        today=today(),
        frame=FRAME,
        kinds={str(kind): name for kind, name in WORK_KIND_NAMES.items()},
        fault=fault.detail if fault else "",
        typed=typed,
    )


def show_plate(
    request: Request,
    member: StaffMember,
    held: LockedPlate,
    view: PlateView,
    *,
    photo: str,
    fault: MenpaiError | None = None,
    typed: EventForm | None = None,
    wanted: str = "",
) -> Response:
    """Show a plate; after a fault the form holds what was typed, else ``wanted`` is chosen."""
    name = local_text(view.elements) if view.elements else "空白门牌"
    return show(
        request,
        member,
        "crew/plate.html",
        status_code=status_of(fault) if fault else 200,
        plate=held,
        name=name,
        typed=typed,
        wanted=wanted,
        links=map_links(held.point, name, held.standard_text) if held.point else None,
        due_words=partial(due_words, today=today()),
        view=view,
        choices=[
            choice
            for choice in list_choices(held.status, held.standing)
            if may_ever_at(member, PERMISSION_TO_RECORD[PlateEventKind(choice.value)], held.place)
        ],
        confirms_text=held.standing is Standing.OTHER_TEXT and held.status in HANGABLE,
        photo=photo,
        needed=settings_of(request).crew_proof if held.status in HANGABLE else "",
        fault=fault,
        event_id=new_event_id(),
        frame=FRAME,
    )

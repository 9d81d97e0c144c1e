"""The page of whoever answers for an area: own contact, open work, ways to rounds and lists."""

from fastapi import Request
from fastapi.responses import Response

from address_model.work import WORK_KIND_NAMES
from service.admin.answer import show
from service.admin.crew.own_area.queries import list_own_duties, list_own_work
from service.admin.crew.pages_files import FRAME
from service.admin.duties.words import AREA_KIND_NAMES, DUTY_NAMES, STATE_NAMES
from service.auth.members import StaffMember
from service.core.clock import today
from service.core.database import Session
from service.core.errors import MenpaiError, status_of
from service.core.web import settings_of

SHOWN_WORK = 30


def show_own_area(
    request: Request,
    session: Session,
    member: StaffMember,
    *,
    fault: MenpaiError | None = None,
    typed: str = "",
) -> Response:
    """Show it, with the plate field as typed and its error."""
    own = list_own_duties(session, member)
    days = settings_of(request).duty_confirm_days
    day = today()
    due = {
        one.id for one in own if one.confirmed_at is None or (day - one.confirmed_at).days >= days
    }
    return show(
        request,
        member,
        "crew/own.html",
        status_code=status_of(fault) if fault else 200,
        own=own,
        due=due,
        work=list_own_work(session, [one.area_id for one in own], limit=SHOWN_WORK),
        kinds=WORK_KIND_NAMES,
        duty_names=DUTY_NAMES,
        kind_names=AREA_KIND_NAMES,
        state_names=STATE_NAMES,
        days=days,
        today=day,
        frame=FRAME,
        fault=fault.detail if fault else "",
        typed=typed,
    )

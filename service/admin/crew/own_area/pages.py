"""Pages of a person's own areas on the phone: contact, inspection list, the round of a day."""

from operator import attrgetter
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response

from address_model.lifecycle import PLATE_STATUS_NAMES, PlateStatus
from address_model.tokens import find_token
from service.admin.answer import Seen, see_other, show, staff_pages
from service.admin.crew.choices import TONES
from service.admin.crew.form import read_place
from service.admin.crew.own_area.answer import show_own_area
from service.admin.crew.own_area.queries import list_hung_plates, list_own_duties, list_own_work
from service.admin.crew.own_area.rounds import STOPS, plan_round
from service.admin.crew.pages_files import FRAME
from service.areas.commands import roster
from service.auth.guards import staff
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.clock import today
from service.core.paging import page_of
from service.core.web import ReadSession, WriteSession

router = staff_pages()
Holder = Annotated[StaffMember, staff(Permission.FIELD_WORK)]
Text = Annotated[str, Form()]
PAGE = 40
LOOKED_AT = 2000
"""So many plates are compared for a round."""


@router.get("/crew/own")
def own_area(request: Request, session: ReadSession, member: Holder) -> Response:
    """Own contact, open work of the own areas, and the ways on."""
    return show_own_area(request, session, member)


@router.get("/crew/own/plates")
def inspection_list(
    request: Request, session: ReadSession, member: Holder, after: str = ""
) -> Response:
    """The hung plates of the own areas in street order, with the day of the last visit."""
    own = list_own_duties(session, member)
    areas = [one.area_id for one in own]
    rows = list_hung_plates(session, areas, after=after, limit=PAGE + 1)
    plates, more = page_of(rows, PAGE, attrgetter("cursor"))
    return show(
        request,
        member,
        "crew/own_plates.html",
        own=own,
        plates=plates,
        more=more or "",
        states={str(status): name for status, name in PLATE_STATUS_NAMES.items()},
        tones={str(status): TONES.get(status, "") for status in PlateStatus},
        frame=FRAME,
    )


@router.get("/crew/own/round")
def round_of_day(
    request: Request,
    session: ReadSession,
    member: Holder,
    lon: str = "",
    lat: str = "",
) -> Response:
    """The round of a day: nearest first from the phone's position, else in street order."""
    start, _ = read_place(lon, lat, "")
    own = list_own_duties(session, member)
    areas = [one.area_id for one in own]
    work = list_own_work(session, areas, limit=STOPS)
    plates = list_hung_plates(session, areas, limit=LOOKED_AT)
    return show(
        request,
        member,
        "crew/own_round.html",
        own=own,
        stops=plan_round(work, plates, start),
        has_start=start is not None,
        frame=FRAME,
    )


@router.post("/crew/duties/{number}/confirm")
def confirm_contact(
    session: WriteSession, member: Holder, number: int, seen: Seen, back: Text = ""
) -> Response:
    """The holder is still the one, and the telephone is right."""
    roster.confirm_own_contact(session, number, member, today(), seen=seen)
    return see_other(f"/{token}" if (token := find_token(back)) else "/crew/own")


@router.post("/crew/duties/{number}/hide")
def hide_contact(
    session: WriteSession, member: Holder, number: int, seen: Seen, back: Text = ""
) -> Response:
    """The holder's own contact is no longer shown."""
    roster.hide_own_contact(session, number, member, reason="本人在手机上暂停", seen=seen)
    return see_other(f"/{token}" if (token := find_token(back)) else "/crew/own")

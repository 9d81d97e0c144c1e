"""The roster of duties at the desk, and the page of one duty with its forms."""

from operator import attrgetter
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Query, Request
from fastapi.responses import Response

from address_model.reports import KIND_NAMES, reason_of
from address_model.telephones import is_mobile
from service.admin.answer import Seen, see_other, show, staff_pages
from service.admin.duties.form import HolderForm, StandInForm, read_day, read_holder, read_stand_in
from service.admin.duties.queries import list_area_accounts
from service.admin.duties.words import (
    ACT_NAMES,
    AREA_KIND_NAMES,
    DUTY_NAMES,
    STATE_NAMES,
    VIEW_NAMES,
    tell_act,
)
from service.admin.guards import PickedDivision
from service.admin.reports.reference import (
    find_reference,
    own_report,
    path_of,
    refer,
)
from service.admin.scope import scope_of
from service.areas.commands import duties as commands
from service.areas.commands import roster
from service.areas.commands.duties import DutyFilter, DutyNotFound
from service.areas.queries import RosterFilter, RosterRow, RosterView, list_roster
from service.audit.queries import AuditFilter, list_entries
from service.auth.guards import staff
from service.auth.members import StaffMember, may
from service.auth.permissions import AREA_ROLES, Permission
from service.core.actor import name_actor
from service.core.clock import today
from service.core.database import LARGEST_NUMBER, Session
from service.core.paging import page_of
from service.core.web import WriteSession, settings_of
from service.reports.drafts import ReportedChange

router = staff_pages()
READ, WRITE = Permission.DUTIES_READ, Permission.DUTIES_WRITE
Reader = Annotated[StaffMember, staff(READ)]
Writer = Annotated[StaffMember, staff(WRITE)]
Text = Annotated[str, Form()]
PAGE = 50
LONGEST = 60
"""Of a text that is searched for."""


@router.get("/admin/duties")
def roster_list(
    request: Request,
    session: WriteSession,
    member: Reader,
    division: PickedDivision,
    *,
    q: str = "",
    role: str = "",
    shown: Annotated[str, Query(alias="show")] = RosterView.PRESENT,
    after: Annotated[int, Query(ge=0, le=LARGEST_NUMBER)] = 0,
) -> Response:
    """The roster of a division by community and area; whoever reads contacts is noted."""
    reach = scope_of(session, member, READ, division)
    view = RosterView(shown) if shown in set(RosterView) else RosterView.PRESENT
    text, kept_role = q.strip()[:LONGEST], role if role in DUTY_NAMES else ""
    days = settings_of(request).duty_confirm_days
    wanted = RosterFilter(reach.prefix, text, kept_role, view, unconfirmed_for=days)
    rows = roster.look_up_roster(
        session, wanted, member.actor, today(), after=after, limit=PAGE + 1
    )
    rows, following = page_of(rows, PAGE, attrgetter("id"))
    narrowed = {"division": reach.division, "q": text, "role": kept_role, "show": view}
    return show(
        request,
        member,
        "duties/list.html",
        rows=rows,
        more=urlencode(narrowed | {"after": following}) if following else "",
        here=urlencode(narrowed),
        reach=reach,
        q=text,
        role=kept_role,
        view=view,
        views=VIEW_NAMES,
        days=days,
        may_write={row.id for row in rows if may(member, WRITE, row.division)},
        duty_names=DUTY_NAMES,
        kind_names=AREA_KIND_NAMES,
        state_names=STATE_NAMES,
    )


@router.get("/admin/duties/{number}")
def duty(
    request: Request, session: WriteSession, member: Reader, number: int, *, report: str = ""
) -> Response:
    """One duty: who holds it, the holders of its post over time, what was done, and its forms.

    ``report`` is the resident's report for whose sake it is changed.
    """
    _see(session, member, number, READ)
    wanted = RosterFilter(view=None, numbers=(number,))
    [found] = roster.look_up_roster(session, wanted, member.actor, today())
    post = RosterFilter(view=None, post=(found.area_id, found.role))
    acts = [
        (act.at, name_actor(act.actor), tell_act(act.action, act.detail))
        for act in list_entries(session, AuditFilter(subject=f"duty {number}"))
        if act.action in ACT_NAMES
    ]
    return show(
        request,
        member,
        "duties/duty.html",
        duty=found,
        report=find_reference(session, member, report),
        report_kinds=KIND_NAMES,
        post=list_roster(session, post, today(), limit=100),
        acts=acts,
        is_mobile=is_mobile(found.phone),
        may_write=may(member, WRITE, found.division),
        accounts=list_area_accounts(session, found.role, found.division),
        is_person=found.role in {str(one) for one in AREA_ROLES},
        today=today(),
        duty_names=DUTY_NAMES,
        kind_names=AREA_KIND_NAMES,
        state_names=STATE_NAMES,
    )


@router.post("/admin/duties/{number}/holder")
def change_holder(
    session: WriteSession,
    member: Writer,
    number: int,
    seen: Seen,
    asked: Annotated[HolderForm, Form()],
) -> Response:
    """Hand the duty over to somebody else from a day on."""
    held = _see(session, member, number, WRITE)
    order = read_holder(asked, held)
    report = own_report(session, member, asked.report) if asked.report else None
    why = reason_of(report.number, report.kind) if report else ""
    new = roster.change_holder(session, number, order, member.actor, today(), reason=why, seen=seen)
    if report is None:
        return see_other(f"/admin/duties/{new}")
    who = DUTY_NAMES.get(held.role, held.role)
    texts = (held.display_name, order.display_name)
    changed = texts if texts[0] != texts[1] else ("", "")
    act = f"{held.area}{who}{'换人' if any(changed) else '换电话'}"
    refer(session, member, report.number, ReportedChange(f"duty {new}", act, *changed))
    return see_other(path_of(report.number))


@router.post("/admin/duties/{number}/stand-in")
def appoint_stand_in(
    session: WriteSession,
    member: Writer,
    number: int,
    seen: Seen,
    asked: Annotated[StandInForm, Form()],
) -> Response:
    """Let somebody stand in for the holder for some days."""
    order = read_stand_in(asked, _see(session, member, number, WRITE))
    roster.appoint_stand_in(session, number, order, member.actor, seen=seen)
    return see_other(f"/admin/duties/{number}")


@router.post("/admin/duties/{number}/last-day")
def set_last_day(
    session: WriteSession, member: Writer, number: int, seen: Seen, last: Text = ""
) -> Response:
    """Set or clear the last day."""
    _see(session, member, number, WRITE)
    roster.limit_duty(session, number, read_day(last, "last"), member.actor, seen=seen)
    return see_other(f"/admin/duties/{number}")


@router.post("/admin/duties/{number}/account")
def bind_account(
    session: WriteSession, member: Writer, number: int, seen: Seen, account: Text = ""
) -> Response:
    """Bind the duty to the account of its holder, or release it."""
    _see(session, member, number, WRITE)
    roster.bind_account(session, number, account.strip(), member.actor, seen=seen)
    return see_other(f"/admin/duties/{number}")


@router.post("/admin/duties/{number}/confirm")
def confirm(
    session: WriteSession, member: Writer, number: int, seen: Seen, back: Text = ""
) -> Response:
    """Note that name and telephone are right as of today."""
    _see(session, member, number, WRITE)
    one = DutyFilter((number,), seen=seen)
    commands.confirm_duties(session, one, member.actor, today())
    return see_other(f"/admin/duties?{back}" if back else f"/admin/duties/{number}")


@router.post("/admin/duties/{number}/hide")
def hide(
    session: WriteSession, member: Writer, number: int, seen: Seen, reason: Text = ""
) -> Response:
    """Stop showing the contact at once."""
    _see(session, member, number, WRITE)
    one, why = DutyFilter((number,), seen=seen), reason.strip()[:200]
    commands.hide_duties(session, one, member.actor, reason=why)
    return see_other(f"/admin/duties/{number}")


@router.post("/admin/duties/{number}/show")
def show_again(session: WriteSession, member: Writer, number: int, seen: Seen) -> Response:
    """Show a hidden contact again."""
    _see(session, member, number, WRITE)
    commands.show_duties(session, DutyFilter((number,), seen=seen), member.actor)
    return see_other(f"/admin/duties/{number}")


@router.post("/admin/duties/{number}/publication")
def publish(
    session: WriteSession, member: Writer, number: int, seen: Seen, publish: Text = ""
) -> Response:
    """Publish the contact, or withhold it."""
    _see(session, member, number, WRITE)
    roster.publish_duty(session, number, member.actor, publish=publish == "yes", seen=seen)
    return see_other(f"/admin/duties/{number}")


def _see(session: Session, member: StaffMember, number: int, needed: Permission) -> RosterRow:
    """A duty in the divisions where the person has a permission; others are as if not there."""
    wanted = RosterFilter(view=None, numbers=(number,), scopes=member.scopes(needed))
    found = list_roster(session, wanted, today())
    if not found:
        raise DutyNotFound(f"there is no duty {number}", hint="see the roster")
    return found[0]

"""Pages of units: those of a division, one with its posts and holders, and what is done to it."""

from datetime import date
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response

from address_model.division_codes import division_prefix
from address_model.units import UNIT_KIND_NAMES, UnitKind
from service.admin.answer import see_other, show, staff_pages
from service.admin.guards import LOOK, PickedDivision, SentFields
from service.admin.scope import scope_of
from service.admin.units.unit_acts import ACTS, UnitAct, UnitForm
from service.admin.units.unit_facts import list_differences, list_facts
from service.auth.guards import staff
from service.auth.members import StaffMember, may, require
from service.auth.permissions import ROLE_NAMES, Permission
from service.auth.queries import list_accounts
from service.core.clock import today
from service.core.database import discard
from service.core.errors import NotFound
from service.core.paging import page_of
from service.core.web import ReadSession, WriteSession
from service.divisions.queries import find_names
from service.organisations import commands
from service.organisations.commands.posts import CARRIED
from service.organisations.queries import (
    UnitNotFound,
    UnitRow,
    get_unit,
    list_posts,
    list_units,
)

router = staff_pages()
READ, WRITE = Permission.UNITS_READ, Permission.UNITS_WRITE
Reader = Annotated[StaffMember, staff(READ)]
Writer = Annotated[StaffMember, staff(WRITE)]
Text = Annotated[str, Form()]
UNITS = "/admin/units"
PAGE = 100
MOST = 500


@router.get("/admin/units")
def units(
    request: Request,
    session: ReadSession,
    member: Reader,
    division: PickedDivision,
    after: str = "",
) -> Response:
    """The units of a division, by level."""
    reach = scope_of(session, member, READ, division)
    rows = list_units(
        session, scopes=(reach.prefix,), living_on=today(), after=after, limit=PAGE + 1
    )
    shown, following = page_of(rows, PAGE, lambda row: f"{row.division}{row.number}")
    return show(
        request,
        member,
        "units/list.html",
        units=shown,
        following=following or "",
        reach=reach,
        kinds=UNIT_KIND_NAMES,
        names=find_names(session, {row.division for row in shown}),
        depth={row.number: (len(division_prefix(row.division)) + 1) // 2 for row in shown},
        may_write=may(member, WRITE, reach.division),
    )


@router.get("/admin/units/new")
def new_unit(
    request: Request,
    session: ReadSession,
    member: Writer,
    division: PickedDivision,
    parent: str = "",
) -> Response:
    """The form for a new unit of the picked division."""
    return show(
        request,
        member,
        "units/new.html",
        reach=scope_of(session, member, WRITE, division),
        kinds=UNIT_KIND_NAMES,
        parent=parent,
        above=list_units(session, scopes=member.scopes(READ), living_on=today(), limit=MOST),
        today=today(),
    )


@router.post("/admin/units/new")
def open_unit(
    request: Request,
    session: WriteSession,
    member: Writer,
    division: PickedDivision,
    sent: SentFields,
    *,
    name: Text,
    kind: Annotated[UnitKind, Form()],
    begins: Annotated[date | None, Form()] = None,
    parent: Text = "",
    phone: Text = "",
    step: Text = "",
) -> Response:
    """Open a unit, or show how it would stand."""
    require(member, WRITE, division)
    draft = commands.UnitDraft(name, kind, parent, phone)
    made = commands.open_unit(session, draft, division, member.actor, begins=begins)
    if step != LOOK:
        return see_other(f"{UNITS}/{made.number}")
    lines = list_differences({}, list_facts(session, made.number, today()))
    discard(session)
    title = f"新建单位：{made.name}"
    return show(request, member, "units/look.html", title=title, lines=lines, sent=sent, back=UNITS)


@router.get("/admin/units/{number}")
def unit(request: Request, session: ReadSession, member: Reader, number: str) -> Response:
    """One unit: its posts and who holds or held them, its people, and what can be done."""
    held, day = _see(session, member, number), today()
    manages = may(member, Permission.ACCOUNTS_MANAGE, held.division)
    above = list_units(session, scopes=member.scopes(READ), living_on=day, limit=MOST)
    return show(
        request,
        member,
        "units/unit.html",
        unit=held,
        record=held.record,
        home=f"{UNITS}/{held.number}",
        kinds=UNIT_KIND_NAMES,
        place=find_names(session, [held.division]).get(held.division, held.division),
        posts=list_posts(session, held.id),
        below=list_units(session, parent=held.number, living_on=day, limit=MOST),
        people=list_accounts(session, unit_id=held.id, limit=MOST) if manages else [],
        manages=manages,
        above=[one for one in above if held.division.startswith(division_prefix(one.division))],
        carried={role: ROLE_NAMES[role] for role in CARRIED},
        may_write=may(member, WRITE, held.division) and not held.is_over(day),
        today=day,
    )


@router.post("/admin/units/{number}/{act}")
def do(
    request: Request,
    session: WriteSession,
    member: Writer,
    sent: SentFields,
    number: str,
    *,
    act: str,
    form: Annotated[UnitForm, Form()],
) -> Response:
    """Do something to a unit, or show what would follow."""
    if act not in ACTS:
        raise NotFound("there is no such action", zh="没有这样的办理。")
    held = _see(session, member, number)
    require(member, WRITE, held.division)
    title, perform = ACTS[act]
    before = list_facts(session, held.number, today())
    perform(UnitAct(session, member, held, form))
    home = f"{UNITS}/{held.number}"
    if form.step != LOOK:
        return see_other(home)
    lines = list_differences(before, list_facts(session, held.number, today()))
    discard(session)
    title = f"{title}：{held.name}"
    return show(request, member, "units/look.html", title=title, lines=lines, sent=sent, back=home)


def _see(session: ReadSession, member: StaffMember, number: str) -> UnitRow:
    """The unit, which the person may read.

    Raises:
        UnitNotFound: there is none, or none for this person.
    """
    held = get_unit(session, number)
    if not may(member, READ, held.division):
        raise UnitNotFound(f"no unit has the number {number!r}", zh=f"没有编号是 {number} 的单位。")
    return held

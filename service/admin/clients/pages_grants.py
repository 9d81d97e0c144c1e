"""Pages of grants: a new one, one with its terms, another in its place, withdrawn."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import Response

from service.admin.answer import Seen, see_other, show, staff_pages
from service.admin.clients.client_form import GrantForm
from service.admin.clients.grant_words import (
    OFFERED,
    field_set_of,
    last_day_of,
    tell_grant,
)
from service.admin.clients.sample_answer import find_sample
from service.admin.clients.visible_client import MANAGE, see_client, see_grant
from service.admin.guards import LOOK, PickedDivision, SentFields
from service.admin.scope import EVERYWHERE, scope_of
from service.approvals.queries import find_latest
from service.auth.commands import withdraw_grant as withdraw
from service.auth.grants import Grant
from service.auth.guards import staff
from service.auth.members import StaffMember, require
from service.auth.queries import get_grant
from service.core.clock import now_utc, today
from service.core.database import discard
from service.core.web import ReadSession, WriteSession, settings_of
from service.departments import commands
from service.divisions.queries import find_names

router = staff_pages()
Manager = Annotated[StaffMember, staff(MANAGE)]
A_YEAR = timedelta(days=365)
CLIENTS, GRANTS = "/admin/clients", "/admin/grants"


@router.get(CLIENTS + "/{number}/give")
def new_grant(
    request: Request, session: ReadSession, member: Manager, number: int, division: PickedDivision
) -> Response:
    """The form of a new grant."""
    held = see_client(session, member, number)
    return show(
        request,
        member,
        "clients/give.html",
        program=held,
        record=held.record,
        reach=scope_of(session, member, MANAGE, division or held.division),
        held=None,
        until=today() + A_YEAR,
        offered=OFFERED,
    )


@router.post(CLIENTS + "/{number}/give")
def give_grant(
    request: Request,
    session: WriteSession,
    member: Manager,
    number: int,
    division: PickedDivision,
    *,
    sent: SentFields,
    form: Annotated[GrantForm, Form()],
) -> Response:
    """Give a program a grant, or show what it would read by it."""
    held = see_client(session, member, number)
    require(member, MANAGE, division)
    made = commands.give_grant(
        session,
        held.name,
        form.grant_in(division),
        member.actor,
        approval_above=settings_of(request).grant_approval_above,
        seen=form.seen,
    )
    if form.step != LOOK:
        return see_other(f"{CLIENTS}/{number}")
    return _look(
        request,
        session,
        member,
        title=f"给权限：{held.name}",
        before=None,
        made=made,
        sent=sent,
        back=f"{CLIENTS}/{number}",
    )


@router.get(GRANTS + "/{number}")
def grant(
    request: Request, session: ReadSession, member: Manager, number: int, division: PickedDivision
) -> Response:
    """One grant: its terms, a sample of what is read by it, and the form for another."""
    row, program = see_grant(session, member, number)
    asked = find_latest(session, commands.KIND, str(number))
    now = now_utc()
    last = last_day_of(row.grant.valid_until)
    names = {"": EVERYWHERE} | find_names(session, [row.grant.division])
    return show(
        request,
        member,
        "clients/grant.html",
        program=program,
        row=row,
        record=row.record,
        home=f"{GRANTS}/{number}",
        terms=tell_grant(row.grant, names),
        sample=find_sample(session, row.grant),
        is_in_force=row.is_in_force(now),
        asked=asked,
        digest=commands.digest_of(row),
        may_decide=row.waits and asked is not None and asked.author_id != member.account_id,
        reach=scope_of(session, member, MANAGE, division or row.grant.division),
        held=row.grant,
        held_fields=field_set_of(row.grant),
        until=last if last and last > today() else today() + A_YEAR,
        now=now,
        offered=OFFERED,
    )


@router.post(GRANTS + "/{number}/change")
def change_grant(
    request: Request,
    session: WriteSession,
    member: Manager,
    number: int,
    division: PickedDivision,
    *,
    sent: SentFields,
    form: Annotated[GrantForm, Form()],
) -> Response:
    """Withdraw a grant and give another in its place, or show what that would change."""
    row, program = see_grant(session, member, number)
    require(member, MANAGE, division)
    made = commands.change_grant(
        session,
        number,
        form.grant_in(division),
        member.actor,
        approval_above=settings_of(request).grant_approval_above,
        seen=form.seen,
    )
    if form.step != LOOK:
        return see_other(f"{CLIENTS}/{program.id}")
    return _look(
        request,
        session,
        member,
        title=f"更改授权：{program.name}",
        before=row.grant,
        made=made,
        sent=sent,
        back=f"{GRANTS}/{number}",
    )


@router.post(GRANTS + "/{number}/approve")
def approve_grant(
    session: WriteSession,
    member: Manager,
    number: int,
    *,
    seen: Seen,
    agreed: Annotated[str, Form(pattern="^[0-9a-f]{64}$")],
) -> Response:
    """Agree to a colleague's grant; ``agreed`` is what the page showed."""
    _, program = see_grant(session, member, number)
    commands.approve_grant(session, number, member, agreed=agreed, seen=seen)
    return see_other(f"{CLIENTS}/{program.id}")


@router.post(GRANTS + "/{number}/send-back")
def send_back_grant(
    session: WriteSession,
    member: Manager,
    number: int,
    *,
    seen: Seen,
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Send a colleague's grant back, with a reason."""
    see_grant(session, member, number)
    commands.send_back_grant(session, number, reason, member, seen=seen)
    return see_other(f"{GRANTS}/{number}")


@router.post(GRANTS + "/{number}/withdraw")
def withdraw_grant(session: WriteSession, member: Manager, number: int, seen: Seen) -> Response:
    """Withdraw a grant, with immediate effect."""
    _, program = see_grant(session, member, number)
    withdraw(session, number, member.actor, seen)
    return see_other(f"{CLIENTS}/{program.id}")


def _look(
    request: Request,
    session: WriteSession,
    member: StaffMember,
    *,
    before: Grant | None,
    made: commands.GivenGrant,
    **values: Any,
) -> Response:
    """What a grant would do, on a page that asks to confirm it; nothing is kept."""
    after = get_grant(session, made.number).grant
    sample = find_sample(session, after)
    codes = {one.division for one in (before, after) if one}
    names = {"": EVERYWHERE} | find_names(session, codes)
    old: Mapping[str, str] = tell_grant(before, names) if before else {}
    lines = [
        (label, old.get(label, ""), value) for label, value in tell_grant(after, names).items()
    ]
    discard(session)
    return show(
        request,
        member,
        "clients/look.html",
        lines=lines,
        sample=sample,
        awaits=made.waits,
        **values,
    )

"""Pages of departments' programs: the list, a new one, one with its grants and keys."""

from datetime import date, timedelta
from operator import attrgetter
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Form, Query, Request
from fastapi.responses import Response

from service.admin.answer import Seen, see_other, show, staff_pages
from service.admin.clients.client_form import KeyForm, NewProgram, ProgramCorrection, end_of
from service.admin.clients.grant_words import last_day_of, tell_grant
from service.admin.clients.visible_client import see_client
from service.admin.guards import PickedDivision
from service.admin.scope import EVERYWHERE, scope_of
from service.auth import commands
from service.auth.guards import staff
from service.auth.keys import ApiKey
from service.auth.members import StaffMember, require
from service.auth.permissions import Permission
from service.auth.queries import ListedClient, count_calls, get_client, search_clients
from service.core.clock import now_utc, today
from service.core.errors import Conflict
from service.core.paging import page_of
from service.core.web import ReadSession, WriteSession
from service.divisions.queries import find_names

router = staff_pages()
MANAGE = Permission.CLIENTS_MANAGE
Manager = Annotated[StaffMember, staff(MANAGE)]
LIST = "/admin/clients"
PAGE = 50
OVERLAP = timedelta(days=14)
"""How long a department usually needs to put a new key in place of the old one."""


@router.get(LIST)
def clients(
    request: Request,
    session: ReadSession,
    member: Manager,
    *,
    q: Annotated[str, Query(max_length=60)] = "",
    state: Literal["", "closed"] = "",
    after: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """The programs of the person's divisions, by name."""
    rows = search_clients(
        session,
        scopes=member.scopes(MANAGE),
        text=q.strip(),
        is_active=not state,
        after=after,
        limit=PAGE + 1,
    )
    shown, following = page_of(rows, PAGE, attrgetter("name"))
    narrowed = {"q": q, "state": state, "after": following}
    return show(
        request,
        member,
        "clients/list.html",
        programs=shown,
        names={"": EVERYWHERE} | find_names(session, [one.division for one in shown]),
        counts=count_calls(session, [one.id for one in shown], today()),
        q=q,
        state=state,
        now=now_utc(),
        last_day_of=last_day_of,
        more=f"{LIST}?{urlencode(narrowed)}" if following else "",
    )


@router.get(f"{LIST}/new")
def new_client(
    request: Request, session: ReadSession, member: Manager, division: PickedDivision
) -> Response:
    """The form of a new program."""
    reach = scope_of(session, member, MANAGE, division)
    return show(request, member, "clients/new.html", reach=reach)


@router.post(f"{LIST}/new")
def create_client(
    request: Request,
    session: WriteSession,
    member: Manager,
    division: PickedDivision,
    sent: Annotated[NewProgram, Form()],
) -> Response:
    """Register a program and show its first key, once."""
    require(member, MANAGE, division)
    key = commands.create_client(
        session,
        sent.name,
        member.actor,
        owner=sent.owner,
        note=sent.note,
        office=sent.contact,
        division=division,
    )
    return _show_key(request, member, get_client(session, sent.name), key)


@router.get(LIST + "/{number}")
def client(request: Request, session: ReadSession, member: Manager, number: int) -> Response:
    """One program: what it is, its grants and its keys."""
    held = see_client(session, member, number)
    places = {held.division, *(row.grant.division for row in held.grants)}
    names = {"": EVERYWHERE} | find_names(session, places)
    return show(
        request,
        member,
        "clients/client.html",
        program=held,
        record=held.record,
        home=f"{LIST}/{held.id}",
        place=names.get(held.division, held.division),
        grants=[(row, tell_grant(row.grant, names)) for row in held.grants],
        called=count_calls(session, [held.id], today()).get(held.id),
        now=now_utc(),
        today=today(),
        overlap=today() + OVERLAP,
        last_day_of=last_day_of,
    )


@router.post(LIST + "/{number}/correct")
def correct_client(
    session: WriteSession,
    member: Manager,
    number: int,
    sent: Annotated[ProgramCorrection, Form()],
) -> Response:
    """Correct owner, purpose and office of a program."""
    held = see_client(session, member, number)
    commands.correct_client(
        session,
        held.name,
        member.actor,
        owner=sent.owner,
        note=sent.note,
        office=sent.contact,
        seen=sent.seen,
    )
    return see_other(f"{LIST}/{number}")


@router.post(LIST + "/{number}/keys")
def add_key(
    request: Request,
    session: WriteSession,
    member: Manager,
    number: int,
    sent: Annotated[KeyForm, Form()],
) -> Response:
    """Give a program another key and show it once; its other keys end after a day."""
    held = see_client(session, member, number)
    ends = end_of(sent.last_day) if sent.last_day else None
    key = commands.add_key(session, held.name, member.actor, others_until=ends, seen=sent.seen)
    return _show_key(request, member, held, key, sent.last_day if held.keys else None)


@router.post(LIST + "/{number}/keys/{prefix}/revoke")
def revoke_key(
    session: WriteSession, member: Manager, number: int, prefix: str, seen: Seen
) -> Response:
    """Revoke a key, with immediate effect."""
    held = see_client(session, member, number)
    if prefix not in {key.prefix for key in held.keys}:
        raise Conflict(f"{held.name} has no key {prefix}", zh="这把密钥已经不能用了。")
    commands.revoke_key(session, prefix, member.actor, seen=seen)
    return see_other(f"{LIST}/{number}")


@router.post(LIST + "/{number}/close")
def close_client(session: WriteSession, member: Manager, number: int, seen: Seen) -> Response:
    """Close a program for good."""
    held = see_client(session, member, number)
    commands.close_client(session, held.name, member.actor, seen)
    return see_other(f"{LIST}/{number}")


def _show_key(
    request: Request,
    member: StaffMember,
    program: ListedClient,
    key: ApiKey,
    until: date | None = None,
) -> Response:
    return show(request, member, "clients/key.html", program=program, key=key, until=until)

"""Pages of webhooks: the list with state and lag; one of them with its dead letters."""

import re
from operator import attrgetter
from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import Response

from service.admin.answer import Seen, see_other, show, staff_pages
from service.auth.guards import staff
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.changes.events import Subject
from service.core.database import LARGEST_NUMBER
from service.core.paging import page_of
from service.core.web import ReadSession, WriteSession
from service.divisions.queries import find_names
from service.webhooks import commands
from service.webhooks.queries import (
    HookRow,
    WebhookNotFound,
    get_hook,
    list_deliveries,
    list_hooks,
)
from service.webhooks.states import DELIVERY_NAMES, STATE_NAMES, HookState

router = staff_pages()
MANAGE = Permission.CLIENTS_MANAGE
Manager = Annotated[StaffMember, staff(MANAGE)]
Cursor = Annotated[int, Query(ge=0, le=LARGEST_NUMBER)]
PAGE = 50
LIST = "/admin/webhooks"
ONE = LIST + "/{number}"
KINDS = {subject: re.split("[，；（]", subject.line)[0] for subject in Subject}
"""The kinds of records as the guide for departments calls them."""


@router.get(LIST)
def webhooks(
    request: Request,
    session: ReadSession,
    member: Manager,
    *,
    trouble: str = "",
    after: Cursor = 0,
) -> Response:
    """The webhooks of programs that the person manages, those with trouble alone if wanted."""
    scopes, only = member.scopes(MANAGE), bool(trouble)
    rows = list_hooks(session, scopes=scopes, troubled=only, after=after, limit=PAGE + 1)
    shown, following = page_of(rows, PAGE, attrgetter("id"))
    narrowed = "trouble=1&" if only else ""
    return show(
        request,
        member,
        "webhooks/list.html",
        hooks=shown,
        names=find_names(session, [one.division for one in shown if one.division]),
        states=STATE_NAMES,
        kinds=KINDS,
        trouble=only,
        more=f"{LIST}?{narrowed}after={following}" if following else "",
    )


@router.get(ONE)
def webhook(
    request: Request, session: ReadSession, member: Manager, number: int, before: Cursor = 0
) -> Response:
    """One webhook: how far it is, and its messages, the newest first."""
    found = _visible(session, member, number)
    rows = list_deliveries(session, number, before=before, limit=PAGE + 1)
    shown, following = page_of(rows, PAGE, attrgetter("id"))
    return show(
        request,
        member,
        "webhooks/one.html",
        hook=found,
        deliveries=shown,
        names=find_names(session, [found.division] if found.division else []),
        states=STATE_NAMES,
        delivery_states=DELIVERY_NAMES,
        kinds=KINDS,
        more=f"{LIST}/{number}?before={following}" if following else "",
    )


@router.post(ONE + "/state")
def set_state(
    session: WriteSession,
    member: Manager,
    number: int,
    seen: Seen,
    state: Annotated[HookState, Form()],
) -> Response:
    """Stop sending, or go on."""
    found = _visible(session, member, number)
    wanted = HookState.ACTIVE if state is HookState.ACTIVE else HookState.PAUSED
    commands.set_hook_state(session, found, wanted, member.actor, seen=seen)
    return see_other(f"{LIST}/{number}")


@router.post(ONE + "/redeliver")
def redeliver(
    session: WriteSession,
    member: Manager,
    number: int,
    seen: Seen,
    delivery: Annotated[int, Form(ge=0, le=LARGEST_NUMBER)] = 0,
) -> Response:
    """Send a message once more; all dead letters if none is named."""
    found = _visible(session, member, number)
    commands.redeliver(session, found, delivery or None, member.actor, seen=seen)
    return see_other(f"{LIST}/{number}")


def _visible(session: ReadSession, member: StaffMember, number: int) -> HookRow:
    """The webhook, if its program is managed in one of the person's divisions.

    Raises:
        WebhookNotFound: as if it did not exist.
    """
    found = get_hook(session, number)
    if not may(member, MANAGE, found.managed_in):
        raise WebhookNotFound(f"there is no webhook {number}")
    return found

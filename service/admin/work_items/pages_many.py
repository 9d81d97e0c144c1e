"""Gives out, puts off or cancels many work items at once: what is picked, then what was done."""

import re
from collections import Counter
from datetime import date
from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import Response

from address_model.work import CANCEL_REASONS, WORK_KIND_NAMES, WORK_STATE_NAMES, WorkKind
from service.admin.answer import show, staff_pages
from service.admin.scope import scope_of
from service.admin.work_items.guards import NOBODY, AskedWork
from service.admin.work_items.pages import LIST, MANY
from service.admin.work_items.pages_item import Chosen, Dispatcher, Text, join_reason
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.clock import today
from service.core.database import LARGEST_NUMBER
from service.core.errors import BadRequest, NotAllowed
from service.core.web import ReadSession, WriteSession
from service.worklists.commands import change_items
from service.worklists.commands.orders import MOST_CHANGED
from service.worklists.drafts import WorkAct, WorkOrder
from service.worklists.queries import WorkFilter, WorkRow, list_items, list_workers

router = staff_pages()
ASSIGN = Permission.WORK_ITEMS_ASSIGN
SHOWN = 20
_PICKED = re.compile(r"(\d{1,18})\.(\d{1,9})")
Ticked = Annotated[list[str], Query(max_length=MOST_CHANGED)]
Picked = Annotated[str, Form(max_length=60_000)]


@router.get(MANY)
def choose_act(
    request: Request,
    session: ReadSession,
    member: Dispatcher,
    asked: AskedWork,
    *,
    all_of: str = "",
    item: Ticked = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """What is picked, how many there are of each kind, and the forms of what can be done.

    ``item`` are the numbers of ticked items with the versions that were shown; ``all_of`` asks for
    all that the search form finds, the most urgent first, up to ``MOST_CHANGED``.
    """
    reach = scope_of(session, member, ASSIGN, asked.division)
    seen = read_picked("_".join(item)) if item else {}
    wanted = WorkFilter(numbers=tuple(seen) or (0,), scopes=member.scopes(ASSIGN))
    if all_of:
        wanted = asked.filter_in(reach)
    rows = list_items(session, wanted, limit=MOST_CHANGED + 1)
    items = rows[:MOST_CHANGED]
    if all_of:
        seen = {row.id: row.version for row in items}
    return show(
        request,
        member,
        "work_items/many.html",
        items=items,
        first=items[:SHOWN],
        is_cut=len(rows) > MOST_CHANGED,
        most=MOST_CHANGED,
        by_kind=Counter(WORK_KIND_NAMES[WorkKind(row.kind)] for row in items).most_common(),
        by_grid=Counter(row.area or "没有网格" for row in items).most_common(SHOWN),
        picked="_".join(f"{number}.{version}" for number, version in seen.items()),
        kinds=WORK_KIND_NAMES,
        reach=reach,
        today=today(),
        workers=list_workers(session, reach.division),
        cancel_reasons=CANCEL_REASONS,
        back=asked.link(LIST),
        many=MANY,
        nobody=NOBODY,
    )


@router.post(f"{MANY}/assign")
def assign_many(
    request: Request,
    session: WriteSession,
    member: Dispatcher,
    *,
    picked: Picked,
    assignee: Chosen,
) -> Response:
    """Give them to somebody, or to nobody."""
    order = WorkOrder(WorkAct.ASSIGN, assignee="" if assignee == NOBODY else assignee)
    return _carry_out(request, session, member, picked, order)


@router.post(f"{MANY}/postpone")
def postpone_many(
    request: Request,
    session: WriteSession,
    member: Dispatcher,
    *,
    picked: Picked,
    due: Annotated[date, Form()],
    reason: Text = "",
) -> Response:
    """Give them another due day."""
    order = WorkOrder(WorkAct.POSTPONE, due=due, reason=reason.strip())
    return _carry_out(request, session, member, picked, order)


@router.post(f"{MANY}/cancel")
def cancel_many(
    request: Request,
    session: WriteSession,
    member: Dispatcher,
    *,
    picked: Picked,
    reason: Chosen,
    note: Text = "",
) -> Response:
    """Cancel them, with the reason."""
    order = WorkOrder(WorkAct.CANCEL, reason=join_reason(reason, note))
    return _carry_out(request, session, member, picked, order)


def read_picked(text: str) -> dict[int, int]:
    """The versions that were seen of the picked items, by number: ``12.3_15.1``.

    Raises:
        BadRequest: it is written in another way, or names nothing.
    """
    pairs = [_PICKED.fullmatch(part) for part in text.split("_")]
    found = {int(pair[1]): int(pair[2]) for pair in pairs if pair}
    if not all(pairs) or len(found) != len(pairs) or max(found, default=0) > LARGEST_NUMBER:
        raise BadRequest("no items are picked", zh="没有勾选工单，请返回列表勾选。")
    return found


def _carry_out(
    request: Request, session: WriteSession, member: StaffMember, picked: str, order: WorkOrder
) -> Response:
    """Do it, and show how many were done and which were left, with the reason.

    Raises:
        NotAllowed: none of these lies in the person's divisions.
    """
    seen = read_picked(picked)
    result = change_items(session, seen, order, member.actor, scopes=member.scopes(ASSIGN))
    readable = member.scopes(Permission.WORK_ITEMS_READ)
    wanted = WorkFilter(numbers=tuple(result.left) or (0,), scopes=readable)
    left: list[WorkRow] = list_items(session, wanted, state="", limit=MOST_CHANGED)
    if not result.changed and not left:
        raise NotAllowed(
            "none of these work items lies in your divisions",
            zh="没有这些工单，或不在您负责的区划内。",
        )
    return show(
        request,
        member,
        "work_items/many_done.html",
        order=order,
        result=result,
        left=left,
        unknown=len(result.left) - len(left),
        kinds=WORK_KIND_NAMES,
        states=WORK_STATE_NAMES,
    )

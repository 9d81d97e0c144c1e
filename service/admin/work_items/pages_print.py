"""The list that a crew takes along on paper: open work in walking order, with boxes to tick."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from address_model.walking_order import Stop, order_by_nearest, order_by_street
from address_model.work import WORK_KIND_NAMES
from service.admin.address.queries.facts import find_display_names
from service.admin.answer import show, staff_pages
from service.admin.scope import scope_of
from service.admin.work_items.guards import NOBODY, AskedWork
from service.admin.work_items.pages import LIST, PRINTED
from service.admin.work_items.pages_item import Reader
from service.admin.work_items.route_sketch import draw_route
from service.auth.permissions import Permission
from service.core.clock import today
from service.core.web import ReadSession
from service.worklists.queries import WorkFilter, list_area_loads, list_items, list_workers

router = staff_pages()
READ = Permission.WORK_ITEMS_READ
MOST_PRINTED = 500
MOST_DRAWN = 80
WAYS = {"street": "按街路：单号一侧去，双号一侧回", "nearest": "就近：从第一户起，每次去最近的一户"}


@router.get(PRINTED)
def printed_list(
    request: Request,
    session: ReadSession,
    member: Reader,
    asked: AskedWork,
    way: Annotated[str, Query(max_length=20)] = "street",
) -> Response:
    """Open work of a person, a grid or a division on paper, in the order of walking."""
    reach = scope_of(session, member, READ, asked.division)
    rows = list_items(session, asked.filter_in(reach), limit=MOST_PRINTED + 1)
    items = {row.id: row for row in rows[:MOST_PRINTED]}
    stops = [
        Stop.at(row.id, row.area, row.division, row.elements, row.point) for row in items.values()
    ]
    walked = order_by_nearest(stops) if way == "nearest" else order_by_street(stops)
    numbered = [(place, items[stop.number]) for place, stop in enumerate(walked, start=1)]
    marked = [(place, item.point) for place, item in numbered if item.point is not None]
    people = find_display_names(session, {asked.assignee, *(row.assignee for row in rows)})
    people[NOBODY] = "还没有派的"
    return show(
        request,
        member,
        "work_items/print.html",
        numbered=numbered,
        is_cut=len(rows) > MOST_PRINTED,
        most=MOST_PRINTED,
        sketch=draw_route(marked) if len(marked) <= MOST_DRAWN else None,
        reach=reach,
        asked=asked,
        way=way if way in WAYS else "street",
        ways=WAYS,
        kinds=WORK_KIND_NAMES,
        whom=people.get(asked.assignee, asked.assignee),
        people=people,
        workers=list_workers(session, reach.division),
        grids=list_area_loads(session, WorkFilter(division=reach.prefix)),
        nobody=NOBODY,
        today=today(),
        back=asked.link(LIST),
    )

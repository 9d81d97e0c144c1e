"""The list of work items for officers: what is due, where, when and for whom; and as a workbook."""

import tempfile
from operator import attrgetter
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from address_model.work import WORK_KIND_NAMES, WORK_STATE_NAMES, WorkState
from service.admin.address.queries.facts import find_display_names
from service.admin.address_file import MEDIA_TYPES, FileKind
from service.admin.answer import show, staff_pages
from service.admin.scope import scope_of
from service.admin.work_items.guards import NOBODY, AskedWork
from service.admin.work_items.work_file import write_work
from service.audit.commands import record_export
from service.auth.guards import staff
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core import html
from service.core.clock import today
from service.core.files import read_parts
from service.core.paging import page_of
from service.core.pool import STAFF_FILES
from service.core.web import ReadSession, WriteSession, database_of
from service.worklists.queries import (
    WorkFilter,
    count_due,
    count_items,
    list_area_loads,
    list_items,
    list_workers,
)

router = staff_pages()
READ, ASSIGN = Permission.WORK_ITEMS_READ, Permission.WORK_ITEMS_ASSIGN
Reader = Annotated[StaffMember, staff(READ)]
PAGE = 50
MOST_COUNTED = 10_000
LIST, FILE, MANY, PRINTED = (
    "/admin/work-items",
    "/admin/work-items/list.xlsx",
    "/admin/work-items/many",
    "/admin/work-items/print",
)


@router.get(LIST)
def work_items(
    request: Request, session: ReadSession, member: Reader, asked: AskedWork
) -> Response:
    """Work items of a division, by due day; of a grid, a person, a kind, overdue."""
    reach, state = scope_of(session, member, READ, asked.division), asked.kept_state
    wanted = asked.filter_in(reach)
    rows = list_items(session, wanted, state=state, after=asked.after, limit=PAGE + 1)
    shown, following = page_of(rows, PAGE, attrgetter("cursor"))
    is_open = state is WorkState.OPEN
    due = count_due(session, wanted, today()).get("") if is_open else None
    count = count_items(session, wanted, state, most=MOST_COUNTED + 1) if not due else due.open
    return show(
        request,
        member,
        "work_items/list.html",
        items=shown,
        count=count,
        most_counted=MOST_COUNTED,
        late=due.overdue if due else 0,
        more=asked.link(LIST, after=following) if following else "",
        late_link=asked.link(LIST, overdue="1"),
        file=asked.link(FILE),
        printed=asked.link(PRINTED) if is_open else "",
        reach=reach,
        asked=asked,
        state=state,
        may_see_distant=may(member, Permission.INSPECTIONS_READ),
        may_assign=is_open and may(member, ASSIGN, reach.division),
        kinds=WORK_KIND_NAMES,
        states=WORK_STATE_NAMES,
        today=today(),
        nobody=NOBODY,
        workers=list_workers(session, reach.division),
        grids=list_area_loads(session, WorkFilter(division=reach.prefix)),
        people=find_display_names(session, {item.assignee for item in shown}),
    )


@router.get(FILE)
def work_file(
    request: Request, session: WriteSession, member: Reader, asked: AskedWork
) -> Response:
    """The list as a workbook; who takes one is noted in the audit chain."""
    reach, state = scope_of(session, member, READ, asked.division), asked.kept_state
    url = database_of(request).url
    with tempfile.TemporaryDirectory(prefix="menpai-") as folder:
        path = Path(folder, "list.xlsx")
        wanted = asked.filter_in(reach)
        done = STAFF_FILES.compute_for(member.name, write_work, url, wanted, str(state), path)
        cut = f"（只有前{done.count}件）" if done.is_cut else ""
        name = f"工单-{reach.name}-{WORK_STATE_NAMES[state]}{cut}.xlsx".replace("/", "-")
        fields = asked.model_dump(exclude={"after"}, exclude_defaults=True)
        fields |= {"division": reach.division}
        record_export(session, member.actor, "work_items", Path(name), done.count, **fields)
        size = path.stat().st_size
        stream = path.open("rb")  # still readable when the folder is gone
    headers = html.PRIVATE | {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Length": str(size),
    }
    media = MEDIA_TYPES[FileKind.XLSX]
    return StreamingResponse(read_parts(stream), headers=headers, media_type=media)

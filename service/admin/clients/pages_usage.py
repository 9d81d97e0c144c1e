"""The page of what a program called, by day and call, with a drawing, and the same as CSV."""

import csv
import io
from collections import Counter
from datetime import date, timedelta
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import Query, Request
from fastapi.responses import Response

from service.admin.answer import show, staff_pages
from service.admin.clients.grant_words import CALL_WORDS, REFUSAL_WORDS
from service.admin.clients.usage_chart import HEIGHT, WIDTH, draw_usage
from service.admin.clients.visible_client import MANAGE, see_client
from service.auth.guards import staff
from service.auth.members import StaffMember
from service.auth.queries import list_usage
from service.core import html
from service.core.clock import today
from service.core.sheets.rows import safe_cell
from service.core.web import ReadSession

router = staff_pages()
Manager = Annotated[StaffMember, staff(MANAGE)]
USAGE = "/admin/clients/{number}/usage"
KEPT_DAYS = 366
HEADINGS = ("日期", "调用", "说明", "结果", "次数", "读出行数")


@router.get(USAGE)
def usage(
    request: Request,
    session: ReadSession,
    member: Manager,
    number: int,
    days: Annotated[Literal["30", "90"], Query()] = "30",
) -> Response:
    """The calls of a program in the last days: a drawing by day, and each call."""
    program = see_client(session, member, number)
    span = int(days)
    rows = list_usage(session, program.id, since=today() - timedelta(days=span - 1))
    answered, refused = Counter[date](), Counter[date]()
    for row in rows:
        (refused if row.refusal else answered)[row.day] += row.count
    return show(
        request,
        member,
        "clients/usage.html",
        program=program,
        home=f"/admin/clients/{program.id}",
        rows=rows,
        days=span,
        chart=draw_usage(answered, refused, today(), span),
        width=WIDTH,
        height=HEIGHT,
        answered=sum(answered.values()),
        refused=sum(refused.values()),
        read=sum(row.rows for row in rows),
        calls=CALL_WORDS,
        refusals=REFUSAL_WORDS,
    )


@router.get(f"{USAGE}.csv")
def usage_file(session: ReadSession, member: Manager, number: int) -> Response:
    """The calls of a year as a file."""
    program = see_client(session, member, number)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for row in list_usage(session, program.id, since=today() - timedelta(days=KEPT_DAYS)):
        what = CALL_WORDS.get(row.operation, "")
        done = REFUSAL_WORDS.get(row.refusal, "答复")
        cells = (str(row.day), row.operation, what, done, row.count, row.rows)
        writer.writerow([safe_cell(cell) for cell in cells])
    name = quote(f"用量-{program.name}-{today()}.csv".replace("/", "-"), safe="")
    headers = html.PRIVATE | {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    body = "\ufeff" + text.getvalue()
    return Response(body, headers=headers, media_type="text/csv; charset=utf-8")

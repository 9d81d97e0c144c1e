"""The list of what residents report, for those who answer it."""

from operator import attrgetter
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from address_model.reports import (
    FIRST_LEVEL,
    HIGHEST_LEVEL,
    KIND_NAMES,
    STATE_NAMES,
    Feedback,
    ReportKind,
    ReportState,
)
from service.admin.address.queries.facts import find_display_names
from service.admin.answer import show, staff_pages
from service.admin.guards import PickedDivision
from service.admin.reports.queries import (
    ReportFilter,
    count_feedback,
    count_waiting,
    list_reports,
)
from service.admin.reports.words import LEVEL_NAMES, TONES
from service.admin.scope import scope_of
from service.auth.guards import staff
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.paging import page_of
from service.core.web import ReadSession

router = staff_pages()
READ = Permission.REPORTS_READ
Reader = Annotated[StaffMember, staff(READ)]
PAGE = 50
LIST = "/admin/reports"
RISEN = {level: LEVEL_NAMES[level] for level in range(FIRST_LEVEL - 1, HIGHEST_LEVEL - 1, -1)}


class ReportQuery(BaseModel):
    """The fields of the search form, and where the list goes on."""

    division: str = ""
    state: str = Field("", max_length=20)
    kind: str = Field("", max_length=20)
    overdue: str = Field("", max_length=5)
    risen: int = Field(0, ge=0, le=9)
    after: str = Field("", max_length=200)

    def filter_in(self, prefix: str) -> ReportFilter:
        """The filter of what is asked for; what is no state or kind asks for nothing."""
        return ReportFilter(
            prefix,
            ReportState(self.state) if self.state in set(ReportState) else None,
            ReportKind(self.kind) if self.kind in set(ReportKind) else None,
            is_overdue=bool(self.overdue),
            risen_to=self.risen if self.risen in RISEN else 0,
        )

    def link(self, **changes: Any) -> str:
        """The URL of the list with some fields changed."""
        fields = self.model_dump() | {"after": ""} | changes
        asked = urlencode({name: value for name, value in fields.items() if value})
        return f"{LIST}?{asked}" if asked else LIST


def read_query(asked: Annotated[ReportQuery, Query()], division: PickedDivision) -> ReportQuery:
    """What the search form says, with the division that its pick list means."""
    return asked.model_copy(update={"division": division})


@router.get(LIST)
def reports(
    request: Request,
    session: ReadSession,
    member: Reader,
    asked: Annotated[ReportQuery, Depends(read_query)],
) -> Response:
    """What residents report in a division: what waits, or what was answered."""
    reach = scope_of(session, member, READ, asked.division)
    wanted = asked.filter_in(reach.prefix)
    rows = list_reports(session, wanted, after=asked.after, limit=PAGE + 1)
    shown, following = page_of(rows, PAGE, attrgetter("cursor"))
    said = count_feedback(session, reach.prefix)
    return show(
        request,
        member,
        "reports/list.html",
        rows=shown,
        more=asked.link(after=following) if following else "",
        reach=reach,
        asked=asked,
        waiting=count_waiting(session, reach.prefix, HIGHEST_LEVEL),
        late_link=asked.link(overdue="1", state=""),
        useful=said.get(Feedback.USEFUL, 0),
        unsolved=said.get(Feedback.UNSOLVED, 0),
        kinds=KIND_NAMES,
        states=STATE_NAMES,
        tones=TONES,
        levels=LEVEL_NAMES,
        risen=RISEN,
        people=find_display_names(session, {row.assignee for row in shown}),
    )

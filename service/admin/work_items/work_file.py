"""Writes the list of work items as a workbook, in a process of its own."""

from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from address_model.codes import format_code
from address_model.work import WORK_KIND_NAMES, WORK_STATE_NAMES, WorkKind, WorkState
from service.core.clock import day_of
from service.core.paging import page_of
from service.core.sheets import write_rows
from service.matching.answers import database_here
from service.worklists.queries import WorkFilter, list_items

MOST_ROWS = 50_000
PAGE = 1000
HEADINGS = (
    "工单号",
    "类别",
    "状态",
    "地址",
    "地址编码",
    "门牌短码",
    "区划代码",
    "网格",
    "期限",
    "办理人",
    "事由",
    "结果",
    "开单日",
    "办结日",
)


@dataclass(frozen=True, slots=True)
class WrittenWork:
    """How many items were written, and whether there are more."""

    count: int
    is_cut: bool


def write_work(url: str, wanted: WorkFilter, state: str, path: Path) -> WrittenWork:
    """Write the items that fit to a workbook, at most ``MOST_ROWS``.

    Runs in a process of its own: ``url`` is that of the database.
    """
    count, after = 0, ""
    with database_here(url).reading() as session, write_rows(path, HEADINGS) as sink:
        while count < MOST_ROWS:
            rows = list_items(session, wanted, state=state, after=after, limit=PAGE + 1)
            shown, following = page_of(rows, PAGE, attrgetter("cursor"))
            for row in shown:
                cells = (
                    str(row.id),
                    WORK_KIND_NAMES[WorkKind(row.kind)],
                    WORK_STATE_NAMES[WorkState(row.state)],
                    row.standard_text,
                    format_code(row.code),
                    row.token,
                    row.division,
                    row.area,
                    row.due.isoformat(),
                    row.assignee,
                    row.reason,
                    row.outcome,
                    day_of(row.opened_at).isoformat(),
                    day_of(row.closed_at).isoformat() if row.closed_at else "",
                )
                sink.write(list(cells))
            count, after = count + len(shown), following or ""
            if not after:
                return WrittenWork(count, is_cut=False)
    return WrittenWork(count, is_cut=True)

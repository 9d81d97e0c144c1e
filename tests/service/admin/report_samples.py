"""Reports of residents and the forms of the desk, for the samples of routes."""

from collections.abc import Callable

from address_model.reports import ReportKind, ReportState
from service.core.actor import COMMAND_LINE
from service.reports.commands import answer_report
from service.reports.queries import find_open_report
from tests.factories.office import Office
from tests.factories.reports import make_report
from tests.service.admin.area_samples import answer_for_area

_ANSWER = (ReportState.DONE, "已经办好。")
_others: dict[str, str] = {}
"""A report to join another to, by its side."""


def make_report_of(office: Office, side: str) -> dict[str, str]:
    """A report of a county that doubles none: an older one is answered before."""
    code, token = office.codes[side], office.plates[side]
    with office.database.session() as session:
        if (older := find_open_report(session, code, token, ReportKind.BROKEN)) is not None:
            answer_report(session, older.number, _ANSWER, COMMAND_LINE)
        other = find_open_report(session, code, token, ReportKind.WRONG)
        _others[side] = (other or make_report(session, token, ReportKind.WRONG)).number
        return {"number": make_report(session, token).number}


def _reached(office: Office, side: str) -> dict[str, str]:
    return answer_for_area(office, side) | make_report_of(office, side)


REPORT_RECORDS: dict[str, Callable[[Office, str], dict[str, str]]] = {
    "/admin/reports/{number}": make_report_of,
    "/crew/reports/{number}": _reached,
}
"""How a report is made, by the beginning of the path."""

REPORT_FIELDS: dict[str, Callable[[str], dict[str, str]]] = {
    "/admin/reports/{number}/assign": lambda _: {"assignee": "-"},
    "/admin/reports/{number}/answer": lambda _: {"state": "done", "ready": "门牌已经修好。"},
    "/admin/reports/{number}/join": lambda side: {"to": _others.get(side, "0000000000")},
}
"""What a form sends, by path."""

REPORT_LET_IN = {
    ("GET", "/admin/reports/{number}/photo"): {404},  # without a photo
    ("GET", "/crew/reports/{number}/photo"): {404},
    ("POST", "/crew/items/{number}"): {303, 403},  # an own area lets one close reports alone
}
"""What a route answers to whoever was let in, where it is not a page or a way on."""

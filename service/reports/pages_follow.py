"""The pages on which the sender of a report reads the answer, and says whether it helped."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from address_model.report_answers import translate_answer
from address_model.reports import Feedback
from address_model.tokens import fold_token
from service.auth.guards import require_same_origin
from service.core import html
from service.core.clock import day_of
from service.core.database import discard
from service.core.errors import Conflict
from service.core.web import ReadSession, WriteSession, count_unknown_token
from service.core.words import mark
from service.reports.commands import give_feedback
from service.reports.page_frame import (
    HEADERS,
    KIND_TEXTS,
    STATE_TEXTS,
    add_to_query,
    language_of,
    words_of,
)
from service.reports.queries import ReportNotFound, ReportRow, find_followed

ContextOf = Callable[[Request], dict[str, object]]
"""Supplies the shared template context: words, view, language, operator. Passed in by the app."""

UNKNOWN = mark("没有查到。请核对报告编号和查询码，看看有没有看错字母或数字。")
_MOST = 40
_Text = Annotated[str, Form()]


def add_follow_pages(router: APIRouter, context_of: ContextOf) -> None:
    """Add the pages to follow a report; ``context_of`` gives the context of the page frame."""

    @router.get("/reports")
    def find(request: Request, number: str = "", t: str = "") -> Response:
        """The field for number and follow token that were written down."""
        context = context_of(request)
        typed = fold_token(number[:_MOST])
        if not typed:
            return _ask(request, context)
        query = str(context["query"])
        more = f"{query}{'&' if query else '?'}t={fold_token(t[:_MOST])}"
        if not typed.isalnum():
            return _ask(request, context, typed=number, fault=UNKNOWN)
        return RedirectResponse(f"/reports/{typed}{more}", 303, HEADERS)

    @router.get("/reports/{number}")
    def follow(
        request: Request, session: ReadSession, number: str, t: str = "", new: str = ""
    ) -> Response:
        """One report: its state and answer; the field for the follow token without it."""
        context = context_of(request)
        if not t:
            return _ask(request, context, typed=number)
        found = find_followed(session, fold_token(number[:_MOST]), t[:_MOST])
        if found is None:
            count_unknown_token(request)
            return _ask(request, context, typed=number, fault=UNKNOWN)
        return _show(request, context, found, fold_token(t), is_new=bool(new) and found.is_open)

    _add_answer(router, context_of)


def _add_answer(router: APIRouter, context_of: ContextOf) -> None:
    """Add what the buttons below an answer do."""

    @router.post("/reports/{number}")
    def answer(
        request: Request, session: WriteSession, number: str, *, t: _Text = "", said: _Text = ""
    ) -> Response:
        """Whether the answer helped; then the report again."""
        require_same_origin(request)
        context, follow = context_of(request), fold_token(t[:_MOST])
        if said not in (Feedback.USEFUL, Feedback.UNSOLVED):
            return _ask(request, context, typed=number, fault=UNKNOWN)
        try:
            give_feedback(session, fold_token(number[:_MOST]), follow, Feedback(said))
        except ReportNotFound:
            count_unknown_token(request)
            return _ask(request, context, typed=number, fault=UNKNOWN)
        except Conflict:
            discard(session)
        query = str(context["query"])
        path = f"/reports/{fold_token(number)}{query}{'&' if query else '?'}t={follow}"
        return RedirectResponse(path, 303, HEADERS)


def _ask(
    request: Request, context: dict[str, object], *, typed: str = "", fault: str = ""
) -> Response:
    """The fields for number and follow token; the same for numbers that exist and that do not."""
    page = html.render(
        "reports/find.html",
        **context,
        typed=typed[:_MOST],
        fault=words_of(context)(fault) if fault else "",
    )
    return html.page(request, page, status=404 if fault else 200, headers=HEADERS)


def _show(
    request: Request, context: dict[str, object], report: ReportRow, follow: str, *, is_new: bool
) -> Response:
    words = words_of(context)
    is_english = language_of(context) == "en"
    ready, own = translate_answer(report.answer) if is_english else ("", report.answer)
    moments = {"received": report.received_at, "closed": report.closed_at}
    page = html.render(
        "reports/report.html",
        **add_to_query(context, {"t": follow}),
        report=report,
        follow=follow,
        is_new=is_new,
        ready=ready,
        own=own,
        kind=words(KIND_TEXTS[report.kind][0]),
        state=words(STATE_TEXTS[report.state][0]),
        meaning=words(STATE_TEXTS[report.state][1]),
        days={name: words.day(day_of(one)) if one else "" for name, one in moments.items()},
    )
    return html.page(request, page, headers=HEADERS)

"""The page on which a resident shows a department the address of a plate; it needs no script."""

from collections.abc import Callable
from typing import Annotated, cast

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from address_model.codes import format_code
from address_model.plate_text import LONGEST
from service.core import html
from service.core.clock import zone
from service.core.web import ReadSession, WriteSession, WritingRoute, count_unknown_token
from service.core.words import Words
from service.departments.address_requests.guards import TokenKeys
from service.departments.address_requests.queries import (
    UNKNOWN,
    OpenRequest,
    ShownAddress,
    find_request,
    judge_plate,
)
from service.departments.address_requests.return_urls import host_of, lead_back, origin_of
from service.departments.commands.address_requests import RequestOver, show_address

ContextOf = Callable[[Request], dict[str, object]]
"""Supplies the shared template context: words, view, language, operator. Passed in by the app."""

Context = dict[str, object]
_HEADERS = html.PRIVATE | html.NOT_INDEXED
_LARGE_TYPE = {"elder": True}
"""The one view: many who come here were sent by a form, and hold a phone."""


def make_router(context_of: ContextOf) -> APIRouter:
    """Create the router; ``context_of`` gives the context of the shared page frame."""
    router = APIRouter(prefix="/address-requests", include_in_schema=False)
    router.route_class = WritingRoute

    @router.get("/{number}")
    def see(request: Request, session: ReadSession, number: str) -> Response:
        """Who asks, for what, and what they get; a field for the short code of the plate."""
        context, asked = context_of(request) | _LARGE_TYPE, find_request(session, number)
        return _answer(request, context, asked) if asked else _answer_over(request, context)

    @router.post("/{number}")
    def show(
        request: Request,
        session: WriteSession,
        number: str,
        keys: TokenKeys,
        *,
        plate: Annotated[str, Form(max_length=LONGEST)] = "",
        agrees: Annotated[str, Form(max_length=3)] = "",
    ) -> Response:
        """The address of a plate; with ``agrees``, back to the department with a token for it."""
        context, asked = context_of(request) | _LARGE_TYPE, find_request(session, number)
        if asked is None or asked.is_redeemed:
            return _answer(request, context, asked) if asked else _answer_over(request, context)
        found = judge_plate(session, asked, plate)
        if found == UNKNOWN:
            count_unknown_token(request)
        if not isinstance(found, ShownAddress):
            return _answer(request, context, asked, typed=plate, fault=found)
        if agrees != "yes":
            return _answer(request, context, asked, address=found)
        try:
            back = show_address(session, asked.id, found.code, keys)
        except RequestOver:
            return _answer_over(request, context)
        return RedirectResponse(back, 303, _HEADERS)

    return router


def _answer(
    request: Request,
    context: Context,
    asked: OpenRequest,
    *,
    typed: str = "",
    fault: str = "",
    address: ShownAddress | None = None,
) -> Response:
    """The page of a request: what is asked, or the address that was found."""
    page = html.render(
        "address-requests/request.html",
        **context,
        asked=asked,
        host=host_of(asked.return_url),
        until=asked.expires_at.astimezone(zone()).strftime("%H:%M"),
        back=lead_back(asked.return_url, error="declined", request=asked.id, state=asked.state),
        typed=typed,
        fault=cast(Words, context["words"])(fault),
        address=address,
        code_text=format_code(address.code) if address else "",
    )
    # A browser holds the answer to a form to `form-action`, wherever it leads.
    policy = html.CONTENT_SECURITY_POLICY.replace(
        "form-action 'self'", f"form-action 'self' {origin_of(asked.return_url)}"
    )
    headers = _HEADERS | {"Content-Security-Policy": policy}
    return html.page(request, page, status=400 if fault else 200, headers=headers)


def _answer_over(request: Request, context: Context) -> Response:
    """The page of a request that nobody can answer; whoever guesses their ids is limited."""
    count_unknown_token(request)
    page = html.render("address-requests/over.html", **context)
    return html.page(request, page, status=404, headers=_HEADERS)

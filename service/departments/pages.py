"""Pages of the problem types (RFC 9457): what an error means, and how to resolve it."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from service.core import html
from service.core.problem_types import PATH, PROBLEM_TYPES

ContextOf = Callable[[Request], dict[str, object]]
"""Supplies the shared template context: words, view, language, operator. Passed in by the app."""


def make_router(context_of: ContextOf) -> APIRouter:
    """Create the router; ``context_of`` gives the context of the shared page frame."""
    router = APIRouter(prefix=PATH, include_in_schema=False)

    @router.get("")
    def list_types(request: Request) -> Response:
        """All problem types, by status."""
        types = sorted(PROBLEM_TYPES.values(), key=lambda one: (one.status, one.name))
        context = context_of(request)
        page = html.render("problems/list.html", **context, types=types)
        return html.page(request, page, headers=html.PUBLIC)

    @router.get("/{name}")
    def show_type(request: Request, name: str) -> Response:
        """One problem type in Chinese and English: the target of the ``type`` URI."""
        found = PROBLEM_TYPES.get(name)
        if found is None:
            raise HTTPException(404)
        page = html.render("problems/type.html", **context_of(request), type=found)
        return html.page(request, page, headers=html.PUBLIC)

    return router

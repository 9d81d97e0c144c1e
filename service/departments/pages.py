"""The pages of the problem types: what an error means, and what to do about it."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from service.core import html
from service.core.problem_types import PATH, PROBLEM_TYPES

ContextOf = Callable[[Request], dict[str, object]]
"""What every page of the site may ask for: words, view, language, operator; given by the roof."""


def make_router(context_of: ContextOf) -> APIRouter:
    """Return the routes over the frame that all pages of the site share."""
    router = APIRouter(prefix=PATH, include_in_schema=False)

    @router.get("")
    def list_types(request: Request) -> Response:
        """Every type, in order of status."""
        types = sorted(PROBLEM_TYPES.values(), key=lambda one: (one.status, one.name))
        context = context_of(request)
        page = html.render("problems/list.html", **context, types=types)
        return html.page(request, page, headers=html.PUBLIC)

    @router.get("/{name}")
    def show_type(request: Request, name: str) -> Response:
        """One type, in Chinese and in English; it is what the member ``type`` leads to."""
        found = PROBLEM_TYPES.get(name)
        if found is None:
            raise HTTPException(404)
        page = html.render("problems/type.html", **context_of(request), type=found)
        return html.page(request, page, headers=html.PUBLIC)

    return router

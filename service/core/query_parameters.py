"""Validates queries: only declared parameters, and no control characters."""

import re
from difflib import get_close_matches
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from fastapi.routing import APIRoute

from service.core.errors import BadRequest, NotFound, UnknownParameter
from service.core.web import dependencies_of

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def _refuse_control(request: Request) -> None:
    if any(_CONTROL.search(str(part)) for part in request.path_params.values()):
        raise NotFound("no record has a control character in its name", hint="leave out %00 to %1F")
    for name, value in parse_qsl(request.url.query, keep_blank_values=True):
        if _CONTROL.search(name + value):
            shown = _CONTROL.sub("?", name)[:40]
            raise BadRequest(
                f"the query parameter {shown} holds a NUL or another control character",
                hint="leave out %00 to %1F",
            )


WithoutControl = Depends(_refuse_control)
"""For every API call and staff page: refuses control characters in path and query, as no name, code
or search term contains any.

In bodies the database refuses them (``service.core.problems``)."""


def _refuse_unknown(request: Request) -> None:
    if not request.url.query:
        return
    route = request.scope.get("route")
    asked = dependencies_of(route) if isinstance(route, APIRoute) else ()
    known = list(dict.fromkeys(param.alias for one in asked for param in one.query_params))
    for name in request.query_params:
        if name not in known:
            near = get_close_matches(name, known, 1)
            meant = f"did you mean {near[0]}? " if near else ""
            there_are = f"there are {', '.join(known)}" if known else "there are none here"
            raise UnknownParameter(
                f"there is no query parameter {name[:40]!r}", hint=f"{meant}{there_are}"
            )


KnownParameters = Depends(_refuse_unknown)
"""For every API call: a mistyped filter must not return the whole register."""

"""Every route that the application has, and what its query may say."""

from typing import get_args

from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel

from service.admin.guards import PickedDivision
from service.app import create_app
from service.auth.guards import GrantGuard
from service.core.database import Database
from service.core.settings import Settings
from service.core.web import dependencies_of


def routes() -> list[tuple[str, str, APIRoute]]:
    """Every route of the application: method, path, route."""
    app = create_app(Database("postgresql+psycopg://nobody@/nothing"), Settings())
    return [
        (method, str(context.path), context.original_route)
        for context in iter_route_contexts(app.fastapi.routes)
        if isinstance(context.original_route, APIRoute)
        for method in sorted(context.original_route.methods or ())
    ]


ROUTES = routes()
OF_PROGRAMS = {
    (method, path)
    for method, path, route in ROUTES
    if any(isinstance(one.call, GrantGuard) for one in dependencies_of(route))
}
"""Calls of departments' programs alone, which refuse everybody of staff."""

OF_NO_STAFF = OF_PROGRAMS | {
    ("POST", "/oauth/token"),  # a program by its key
    ("DELETE", "/api/v1/runs/{run_id}"),  # whoever has started it, a program
    # residents, who have no account
    ("POST", "/address-requests/{number}"),
    ("POST", "/report/{text}"),
    ("POST", "/report/a/{text}"),
    ("POST", "/reports/{number}"),
}
"""What nobody of staff sends; what it leaves when it is refused is tested beside it."""


def names_asked(route: APIRoute) -> set[str]:
    """What the query of a route may say, the fields of its forms of search among it."""
    found = set()
    (picked,) = get_args(PickedDivision)[1:]  # reads the query itself
    for dependant in dependencies_of(route):
        if dependant.call is picked.dependency:
            found.add("division")
        for one in dependant.query_params:
            kind = one.field_info.annotation
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                found |= {field.alias or name for name, field in kind.model_fields.items()}
            else:
                found.add(one.alias)
    return found

"""Which routes may read on a standby: those of residents and departments, and none that writes."""

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from service.app import create_app
from service.core import web
from service.core.database import Database
from service.core.settings import get_settings
from service.core.web import dependencies_of
from tests.service.admin.route_list import OF_PROGRAMS

PRIMARY, ANYWHERE, WRITING = web._reading, web._reading_anywhere, web._writing  # noqa: SLF001
ON_PRIMARY = {
    "/{text}": "a card with contacts, while a process begins or ends",
    "/api/v1/plates/{token}/events": "staff ask too, and look at once for what they have sent",
    "/api/v1/runs/{run_id}": "whoever has begun a run asks how far it is",
    "/reports/{number}": "a report that its sender has filed a moment ago",
    "/address-requests/{number}": "a request that a program has opened a moment ago",
    "/api/v1/webhooks": "whoever has registered one looks at once",
    "/api/v1/webhooks/{number}": "the same",
    "/api/v1/webhooks/{number}/deliveries": "the same; the feed does not tell of deliveries",
    "/api/v1/runs/{run_id}/{part}": "whoever has begun a run reads it when it is done",
    "/api/v1/addresses/imports/{number}": "whoever has sent a list asks how far it is",
    "/api/v1/batches": "staff",
    "/api/v1/batches/{batch_id}": "staff",
    "/api/v1/batches/{batch_id}/files": "staff",
}


def routes() -> list[tuple[str, APIRoute, set[object]]]:
    app = create_app(Database("postgresql+psycopg://nobody@/nothing"), get_settings()).fastapi
    found = []
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            calls: set[object] = {one.call for one in dependencies_of(route)}
            found.append((str(context.path), route, calls))
    return found


ROUTES = routes()


def names(found: list[tuple[str, APIRoute, set[object]]]) -> list[str]:
    return [f"{sorted(route.methods or ())} {path}" for path, route, _ in found]


def test_staff_read_on_the_primary() -> None:
    """What somebody has just written is there when the next page is shown."""
    staff = [one for one in ROUTES if one[0].startswith(("/admin", "/crew"))]
    assert staff
    assert names([one for one in staff if ANYWHERE in one[2]]) == []


def test_nothing_that_writes_reads_on_a_standby() -> None:
    """Who calls is told by the primary then, whatever session the guard was given."""
    both = [one for one in ROUTES if {ANYWHERE, WRITING} <= one[2]]
    guarded = {path for _, path in OF_PROGRAMS}
    assert names([one for one in both if one[0] not in guarded]) == []
    for _, route, _ in both:
        own = {one.call for one in route.dependant.dependencies}
        assert ANYWHERE not in own


def test_residents_and_departments_read_on_the_standby() -> None:
    others = [
        one
        for one in ROUTES
        if not one[0].startswith(("/admin", "/crew"))
        and one[0] not in ON_PRIMARY
        and WRITING not in one[2]
    ]
    assert names([one for one in others if PRIMARY in one[2]]) == []
    assert sum(ANYWHERE in one[2] for one in others) > 15


@pytest.mark.parametrize("path", ON_PRIMARY)
def test_what_is_named_here_is_there(path: str) -> None:
    assert path in {one[0] for one in ROUTES}

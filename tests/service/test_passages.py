"""Who may send what where: the table of passages against the routes there are."""

from collections.abc import Iterator

from fastapi.routing import APIRoute

from service.app import create_app
from service.auth.guards import GrantGuard, StaffGuard, require_caller
from service.core.database import Database
from service.core.settings import get_settings
from service.passages import (
    BULK,
    CARDS,
    CONNECTIONS,
    DEPARTMENTS,
    LISTS,
    PREVIEWS,
    RESIDENTS,
    SIGN_IN,
    STAFF,
    passage_of,
)


def routes() -> Iterator[tuple[str, APIRoute]]:
    """Every route with its whole path."""
    app = create_app(Database("postgresql+psycopg://nobody@/nothing"), get_settings())
    waiting = [("", route) for route in app.fastapi.routes]
    while waiting:
        prefix, route = waiting.pop()
        router = getattr(route, "original_router", None)
        if router is not None:
            inner = getattr(getattr(route, "include_context", None), "prefix", "")
            waiting += [(prefix + inner, one) for one in router.routes]
        elif isinstance(route, APIRoute):
            yield prefix + route.path, route


def is_guarded(route: APIRoute) -> bool:
    waiting = [route.dependant]
    while waiting:
        dependant = waiting.pop()
        waiting += dependant.dependencies
        if dependant.call is require_caller or isinstance(dependant.call, StaffGuard | GrantGuard):
            return True
    return False


def asked(method: str, path: str) -> dict[str, object]:
    return {"type": "http", "method": method, "path": path, "headers": []}


def test_only_who_is_known_sends_to_a_guarded_route_and_anybody_to_the_others() -> None:
    found = dict[str, tuple[bool, bool]]()
    for path, route in routes():
        for method in (route.methods or set()) - {"GET", "HEAD"}:
            guarded = is_guarded(route)
            found[path] = guarded, passage_of(asked(method, path)).needs_credentials
    assert len(found) >= 25
    wrong = {path: pair for path, pair in found.items() if pair[0] != pair[1]}
    assert wrong == {}


def test_each_kind_has_its_places() -> None:
    kinds = {
        "/": RESIDENTS,
        "/heritage/ZJH-0001": RESIDENTS,
        "/card/0123456789.pdf": CARDS,
        "/admin/batches/7/previews/1.png": PREVIEWS,
        "/a/3301020000000123": RESIDENTS,
        "/admin/sign-in": SIGN_IN,
        "/admin/batches": STAFF,
        "/crew": STAFF,
        "/api/v1/addresses": DEPARTMENTS,
        "/api/v1/resolve/batch": BULK,
    }
    assert {path: passage_of(asked("GET", path)).kind for path in kinds} == kinds
    pool = Database("postgresql+psycopg://nobody@/nothing").for_serving(CONNECTIONS)
    assert pool.pool_size * 3 >= CONNECTIONS


def test_lists_that_take_long_have_places_and_time_of_their_own() -> None:
    plain = asked("GET", "/admin/addresses")
    suspects = plain | {"query_string": b"q=&division=330102&suspect=1"}
    assert passage_of(plain).kind is STAFF
    for slow in (suspects, asked("GET", "/admin/address-files")):
        assert passage_of(slow).kind is LISTS
        assert passage_of(slow).patience_s > 100

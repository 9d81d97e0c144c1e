from collections.abc import Iterator

from fastapi.routing import APIRoute

from service.app import create_app
from service.core.database import Database
from service.core.settings import get_settings
from service.scans.answer import token_of


def paths() -> Iterator[str]:
    app = create_app(Database("postgresql+psycopg://nobody@/nothing"), get_settings())
    for route in app.fastapi.routes:
        yield str(getattr(route, "path", ""))
        for inner in getattr(getattr(route, "original_router", None), "routes", []):
            if isinstance(inner, APIRoute):
                yield inner.path


def test_no_page_of_ours_can_be_taken_for_a_token() -> None:
    found = list(paths())
    assert any("/privacy" in path for path in found)
    assert [path for path in found if token_of({"method": "GET", "path": path})] == []

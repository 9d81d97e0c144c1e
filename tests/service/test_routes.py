from fastapi.routing import iter_route_contexts

from service.app import create_app
from service.core.database import Database
from service.core.settings import get_settings
from service.scans.answer import token_of


def paths() -> list[str]:
    app = create_app(Database("postgresql+psycopg://nobody@/nothing"), get_settings())
    return [str(one.path) for one in iter_route_contexts(app.fastapi.routes) if one.path]


def test_no_page_of_ours_can_be_taken_for_a_token() -> None:
    found = paths()
    assert any("/privacy" in path for path in found)
    assert [path for path in found if token_of({"method": "GET", "path": path})] == []

"""The public page of figures in a browser: on a phone and at a desk, before and after the first."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from service.app import create_app
from service.core.database import Database
from service.core.settings import Settings
from tests.browser.axe import list_barriers
from tests.browser.photographs import photograph
from tests.browser.serving import serve
from tests.browser.test_accessibility import CONTRASTS
from tests.browser.test_every_desk_page import WIDEST
from tests.database import migrated_database
from tests.factories.divisions import make_place
from tests.factories.figures import publish_figures


@pytest.fixture(scope="module", params=["none", "published"])
def figures(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """The URL of a server, and whether it has figures."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            make_place(session)
            if request.param == "published":
                publish_figures(session)
        with serve(create_app(database, Settings())) as url:
            yield url, str(request.param)
        database.dispose()


@pytest.mark.parametrize("view", ["", "?v=elder", "?lang=en"])
def test_the_figures_have_no_barriers_and_nothing_cut(
    browser: Browser, figures: tuple[str, str], view: str
) -> None:
    url, name = figures
    page = browser.new_context(java_script_enabled=True).new_page()
    page.goto(f"{url}/figures{view}")
    for width, height in ((360, 740), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        photograph(page, f"figures-{name}-{view.strip('?').replace('=', '-') or 'zh'}-{width}")
        assert list_barriers(page) == [], width
        assert page.evaluate(WIDEST) == [], width
        assert [one for one in page.evaluate(CONTRASTS) if one[0] < 4.5] == [], width

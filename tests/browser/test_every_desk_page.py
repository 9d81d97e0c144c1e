"""Every page of staff on a phone, a tablet, a desk and at 200 %: no barrier, and nothing cut off.

The pages come from the application and are opened with the records of ``route_samples``, so that a
new page is looked at without anybody adding it. A window of 1,280 pixels at 200 % lays its page out
in 640.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from service.admin.address.actions import ACTIONS
from service.app import create_app
from service.auth.permissions import Role
from service.core.settings import Settings
from tests.browser.axe import list_barriers
from tests.browser.bureau import Bureau, enter
from tests.browser.conftest import DESK, PHONE, ZOOMED
from tests.browser.photographs import photograph
from tests.browser.serving import serve
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import Office, opened_office
from tests.factories.staff import make_account
from tests.service.admin.route_samples import LET_IN, RECORDS, ROUTES, fill_path

TABLET = (768, 1024)
SIZES = {"phone": PHONE, "tablet": TABLET, "desk": DESK, "zoomed": ZOOMED}
PAGES = [
    path
    for method, path, _ in ROUTES
    if method == "GET" and path.startswith(("/admin", "/crew")) and path != "/admin/sign-in"
]
STATES = {
    page: [key for key in RECORDS if key.startswith(f"{page}/")] for page in PAGES if "{" in page
}
"""Records in another state, made for a step of the page."""

QUERIES = {
    "/admin/addresses/{code}": [f"?do={name}" for name in ACTIONS],
    "/admin/addresses": ["?q=%E6%B2%B3%E5%9D%8A%E8%A1%97", "?q=none", "?division=330102"],
    "/admin/alarms": ["?closed=1"],
    "/admin/plates": ["?q=none"],
    "/admin/areas": ["?q=none", "?kind=grid"],
    "/admin/audit": ["?actor=nobody"],
    "/admin/work-items": ["?assignee=-&overdue=1"],
    "/admin/work-items/far": ["?decided=1"],
    "/admin/work-items/many": ["?all_of=1"],
    "/admin/work-items/print": ["?way=nearest"],
    "/crew": ["?near=120.165,30.24"],
}
"""What else a page shows."""

NOWHERE = "nowhere"
LOOKS = [
    *((page, page, "") for page in PAGES),
    *((page, key, "") for page, keys in STATES.items() for key in keys),
    *((page, page, query) for page, queries in QUERIES.items() for query in queries),
    ("/admin/nowhere", NOWHERE, ""),
    ("/admin/addresses/1", NOWHERE, ""),
]
FILES = {
    "/admin/address-files", "/admin/address-points", "/admin/area-files",
    "/admin/work-items/list.xlsx", "/admin/tiles/{zoom}/{x}/{y}",
    "/admin/batches/designs/{name}.png", "/admin/batches/{number}/previews/{place}.png",
    "/admin/bulk-changes/{number}/result.csv", "/admin/datasets/{number}/pushes/{push}",
    "/admin/clients/{number}/usage.csv",
}  # fmt: skip
"""Routes whose answer is no page."""

WIDEST = """() => {
  const out = [...document.querySelectorAll('body *')].filter(e => {
    const box = e.getBoundingClientRect();
    if (!box.width || box.right <= innerWidth + 1) return false;
    for (let p = e.parentElement; p; p = p.parentElement)
      if (getComputedStyle(p).overflowX !== 'visible') return false;
    return true;
  });
  return document.documentElement.scrollWidth > innerWidth
    ? out.map(e => e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 30)) : [];
}"""


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as made:
        make_account(made.database, "zhang.wei", *((role, "") for role in Role))
        yield made


@pytest.fixture(scope="module")
def desk(
    browser: Browser, office: Office, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    """A page of somebody who may do everything; its address is that of the application."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, operator="示例市地名管理部门", public_url=PUBLIC_URL)
    with serve(create_app(office.database, settings)) as url:
        page = enter(browser, Bureau(office.database, url, home), "zhang.wei")
        page.goto(f"{url}/admin")
        yield page
        page.context.close()


@pytest.mark.parametrize(
    ("page", "record", "query"), LOOKS, ids=["".join(dict.fromkeys(one)) for one in LOOKS]
)
def test_a_page_has_no_barrier_and_nothing_cut_at_any_size(
    desk: Page, office: Office, page: str, record: str, query: str
) -> None:
    complaints: list[str] = []
    desk.on("console", lambda message: complaints.append(message.text))
    root = "/".join(desk.url.split("/")[:3])
    path = fill_path(office, page, "own", record)
    answer = desk.request.get(f"{root}{path}{query}")
    if "text/html" not in answer.headers["content-type"]:
        assert page in FILES
        return
    expected = {404} if record == NOWHERE else LET_IN.get(("GET", page), {200})
    assert answer.status in expected
    desk.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    desk.goto(f"{root}{path}{query}")
    found = {}
    for name, (width, height) in SIZES.items():
        desk.set_viewport_size({"width": width, "height": height})
        found[name] = list_barriers(desk) + desk.evaluate(WIDEST)
        shown = "".join(dict.fromkeys((page, record, query)))
        shown = re.sub(r"[^\w=]+", "-", shown).strip("-")
        photograph(desk, f"desk-{shown}-{name}")
    assert {name: faults for name, faults in found.items() if faults} == {}
    assert [one for one in complaints if "Content Security Policy" in one] == []

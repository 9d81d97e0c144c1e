"""Every link of every page leads to a page: followed as nobody, as a program, and as an officer."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from address_model.shipped import data_folder
from address_model.tables import RoleAssignment, StaffAccount
from service.app import create_app
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import Settings
from service.divisions.commands import load_divisions
from service.divisions.sources import read_divisions
from service.heritage.commands import load_catalogue
from service.heritage.seed import Seed
from service.linking.commands import link_places
from service.plates.commands import issue_plates, open_batch
from tests.database import migrated_database
from tests.factories.batches import insert_batch
from tests.factories.doors import enter
from tests.factories.hosts import PREFIX, PUBLIC_URL
from tests.factories.office import insert_account
from tests.factories.programs import make_program
from tests.factories.staff import sign_in
from tests.web_client import open_client

HREF = re.compile(r'<(?:a|link|script|img|form)\b[^>]*?\s(?:href|src|action)="([^"]*)"')
MOST_OF_A_SHAPE = 40
"""Divisions are picked among tens of thousands: so many links that differ by values are opened."""
NAVIGATED = re.compile(r"^/(admin|crew)\b")
DOORS = {
    "河坊街": ("330102001", {"county": "上城区", "thoroughfare": "河坊街"}),
    "诸葛村": ("330781104", {"county": "兰溪市", "natural_village": "诸葛村"}),
}


@dataclass(frozen=True)
class Town:
    """A served register with the whole catalogue and a few doors."""

    database: Database
    app: Any
    tokens: list[str]
    codes: list[str]
    key: str


@pytest.fixture(scope="module")
def town(seed: Seed) -> Iterator[Town]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            lists = data_folder() / "divisions" / "zj_divisions_2023.csv.gz"
            load_divisions(session, read_divisions(lists), "nbs", "2023")
            load_catalogue(session, seed.entries, seed.schemes, COMMAND_LINE)
            codes = [enter(session, division, **more) for division, more in DOORS.values()]
            link_places(session, COMMAND_LINE)
            batch = open_batch(
                session, name="t", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
            )
            tokens = issue_plates(session, batch, codes, COMMAND_LINE, status="in_use")
            key = str(make_program(session, "department"))
            for state in ("draft", "submitted"):
                insert_batch(session, "330102", state, codes[0])
            insert_account(session, "everybody", Role.ADMINISTRATOR, "")
            named = select(StaffAccount.id).where(StaffAccount.name == "everybody")
            number = session.scalars(named).one()
            rest = set(Role) - {Role.ADMINISTRATOR}
            session.add_all(RoleAssignment(account_id=number, role=r, division="") for r in rest)
        app = create_app(database, Settings(public_url=PUBLIC_URL))
        app.fastapi.state.gate = None
        yield Town(database, app, tokens, codes, key)
        database.dispose()


def browser_of(town: Town, **headers: str) -> TestClient:
    return open_client(town.app, PUBLIC_URL, raises=False, **({"accept": "text/html"} | headers))


def links_of(page: str, address: str) -> set[str]:
    """The addresses of our own to which a page leads, without what stands behind #."""
    found = set()
    for link in HREF.findall(page):
        path = urljoin(address, unescape(link)).partition("#")[0]
        if not urlsplit(path).scheme and path.startswith("/"):
            found.add(path)
    return found


class Walk:
    """A browser that opens each address once and notes what is not answered with 200."""

    def __init__(self, browser: TestClient) -> None:
        self._browser = browser
        self._pages: dict[str, str] = {}
        self.wrong: list[tuple[str, str, int]] = []

    def open(self, address: str, source: str = "") -> str:
        """The page of an address; the empty text where it is none."""
        if address not in self._pages:
            answer = self._browser.get(address)
            is_page = answer.headers.get("content-type", "").startswith("text/html")
            self._pages[address] = answer.text if is_page else ""
            is_asked_to_sign_in = address == "/admin" and answer.has_redirect_location
            if answer.status_code != 200 and not is_asked_to_sign_in:
                self.wrong.append((source, address, answer.status_code))
        return self._pages[address]

    @property
    def opened(self) -> int:
        """How many addresses were asked."""
        return len(self._pages)

    def follow(self, address: str) -> set[str]:
        """Open a page and all to which it leads; the latter."""
        found = links_of(self.open(address), address)
        for link in sorted(found):
            self.open(link, address)
        return found


def test_every_link_of_every_public_page_is_answered(town: Town) -> None:
    walk = Walk(browser_of(town))
    pages = {"/", "/privacy", f"/a/{town.codes[0]}", *(f"/{token}" for token in town.tokens)}
    for way in ("", "?show=map", "?show=time"):
        pages |= {f"/heritage{way}"}
    waiting, seen = deque(sorted(pages)), set(pages)
    while waiting:
        for link in sorted(walk.follow(waiting.popleft())):
            # of the catalogue's narrowings one step is opened, and every page that is no narrowing
            if link not in seen and not urlsplit(link).query:
                seen.add(link)
                waiting.append(link)
    assert not walk.wrong, "\n".join(map(str, walk.wrong))
    entries = [path for path in seen if path.startswith("/heritage/")]
    assert len(entries) == 187
    assert walk.opened > 600


def test_every_list_of_the_catalogue_narrows_to_what_it_counts(town: Town) -> None:
    browser = browser_of(town)
    page = browser.get("/heritage").text
    lists = re.findall(r'<a href="([^"]*scheme=[^"]*)"[^>]*><span>[^<]*</span> <b>(\d+)</b>', page)
    assert len(lists) > 5
    for link, count in lists:
        for way in ("", "&show=map", "&show=time"):
            answer = browser.get(unescape(link) + way)
            assert answer.status_code == 200, link + way
            assert f"找到 {count} 条" in re.sub(r"<[^>]+>| (?= )", "", answer.text), link


def test_every_link_that_staff_are_shown_is_answered(town: Town) -> None:
    browser = browser_of(town)
    sign_in(town.database, "everybody", browser)
    walk = Walk(browser)
    waiting, seen = deque(["/admin", "/crew"]), {"/admin", "/crew"}
    shapes: Counter[str] = Counter()
    while waiting:
        page = waiting.popleft()
        for link in sorted(links_of(walk.open(page), page) - seen):
            seen.add(link)
            shapes[shape_of(link)] += 1
            is_new = shapes[shape_of(link)] <= MOST_OF_A_SHAPE
            if is_new and NAVIGATED.match(link) and not is_sent(walk.open(page), link):
                waiting.append(link)
    assert not walk.wrong, "\n".join(map(str, walk.wrong))
    assert walk.opened > 15


def shape_of(link: str) -> str:
    """A link without its values: the path with 0 for numbers, and the names of the query."""
    parts = urlsplit(link)
    return f"{re.sub(r'[0-9]+', '0', parts.path)}?{'&'.join(sorted(parse_qs(parts.query)))}"


def is_sent(page: str, link: str) -> bool:
    """Whether a page leads there by a form that writes."""
    return bool(re.search(rf'method="post"[^>]*action="{re.escape(link)}["#]', page)) or bool(
        re.search(rf'action="{re.escape(link)}["#][^>]*method="post"', page)
    )


def test_every_read_of_the_api_and_what_follows_it_is_answered(town: Town) -> None:
    browser = browser_of(town, accept="application/json", **{"X-API-Key": town.key})
    filled = {"{code}": town.codes[0], "{token}": town.tokens[0], "{entry_id}": "ZJH-0087"}
    asked = {"q": "河坊", "lon": "120.1", "lat": "30.2", "prefix": "乌"}
    wrong = []
    for path, methods in town.app.fastapi.openapi()["paths"].items():
        if "get" not in methods:
            continue
        address = path
        for gap, value in filled.items():
            address = address.replace(gap, value)
        address = re.sub(r"\{\w+\}", "1", address)
        needed = [p["name"] for p in methods["get"].get("parameters", []) if p.get("required")]
        query = {name: asked[name] for name in needed if name in asked}
        for accept in ("application/json", "text/html", "*/*"):
            answer = browser.get(address, params=query, headers={"accept": accept})
            if answer.status_code >= 500:
                wrong.append((address, answer.status_code))
            for link in answer.links.values():
                further = browser.get(link["url"])
                if further.status_code != 200:
                    wrong.append((link["url"], further.status_code))
    assert not wrong, wrong

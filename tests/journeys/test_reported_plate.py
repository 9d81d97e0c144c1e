"""A resident reports a broken plate; the grid worker, the desk and the crew do the rest."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from address_model.tables import AddressArea
from service.auth.permissions import Role
from service.auth.queries import get_account
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import now_utc
from service.core.database import Database
from service.core.settings import Settings
from service.plates.commands import ReplacementRequest, replace_plate
from service.plates.queries import get_plate
from tests.database import migrated_database
from tests.factories.areas import make_area, make_duty
from tests.factories.divisions import make_place
from tests.factories.hosts import PREFIX
from tests.factories.plates import make_plates, make_visit
from tests.factories.staff import SignedIn, make_account, open_browser, sign_in

COUNTY = "330102000000"
EVENT = re.compile(r'name="event_id" value="([^"]+)"')
SEEN = re.compile(r'name="seen" value="(\d+)"')
MADE = text("update plate set status = 'to_install' where token = :token")


class Street:
    """河坊街 with two plates on its walls, and those who look after them."""

    def __init__(self, database: Database, home: Path) -> None:
        self.database, self.home = database, home
        people = {"wang": Role.OFFICER, "zhao": Role.GRID_WORKER, "li": Role.CREW}
        with database.session() as session:
            place = make_place(session)
        for name, role in people.items():
            make_account(database, name, (role, COUNTY))
        with database.session() as session:
            self.tokens = make_plates(session, 2, status="in_use", place=place)
            area = make_area(session, division_id=place.ids["330102000000"])
            for token in self.tokens:
                link = {"area_id": area.id, "kind": "grid", "how": "point"}
                session.add(AddressArea(code=get_plate(session, token).code, **link))
            account = get_account(session, "zhao").id
            self.duty = make_duty(session, area, display_name="演示赵", account_id=account).id
        self.follow_pages: dict[str, str] = {}
        self.desk, self.grid, self.crew = (self.sign_in(name) for name in people)

    def sign_in(self, name: str) -> SignedIn:
        return sign_in(self.database, name, open_browser(self.database, Settings(home=self.home)))

    def scan(self, token: str, query: str = "") -> str:
        resident = open_browser(self.database, Settings(home=self.home))
        return words(resident.get(f"/{token}{query}").text)

    def report(self, token: str, kind: str) -> str:
        """Report a plate by two taps from its page; the number to follow it."""
        resident = open_browser(self.database, Settings(home=self.home))
        assert f'href="/report/{token}"' in resident.get(f"/{token}").text
        form = resident.get(f"/report/{token}?kind={kind}").text
        fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
        sent = resident.post(f"/report/{token}", data=dict(fields), follow_redirects=False)
        assert sent.status_code == 303
        path = sent.headers["location"].removesuffix("&new=1")
        number = path.removeprefix("/reports/").partition("?")[0]
        self.follow_pages[number] = path
        return number

    def answer_to(self, number: str, query: str = "") -> str:
        """What the page says by which its sender follows a report."""
        resident = open_browser(self.database, Settings(home=self.home))
        return words(resident.get(self.follow_pages[number] + query).text)

    def record(self, person: SignedIn, token: str, what: str) -> int:
        form = person.get(f"/crew/{token}").text.partition('id="record"')[2]
        event, seen = EVENT.search(form), SEEN.search(form)
        assert event
        assert seen
        sent = person.post(f"/crew/{token}", event_id=event[1], seen=seen[1], what=what)
        return sent.status_code


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    with migrated_database() as made:
        database = Database(made.app_url)
        yield Street(database, tmp_path_factory.mktemp("home"))
        database.dispose()


def test_a_broken_plate_is_reported_seen_replaced_and_its_sender_told(street: Street) -> None:
    token = street.tokens[0]
    number = street.report(token, "broken")
    assert "居民报告" in words(street.desk.get("/admin").text)
    assert number in words(street.desk.get("/admin/reports").text)
    street.desk.post(f"/admin/reports/{number}/assign", assignee="zhao")
    assert "已经派人去办" in street.answer_to(number)

    assert "核实 河坊街1号" in words(street.grid.get("/crew").text)
    assert "居民报告：门牌坏了" in words(street.grid.get(f"/crew/{token}").text)
    assert street.record(street.grid, token, "broken") == 303
    assert "已经派人去办" in street.answer_to(number)  # seen, and not yet solved

    with street.database.session() as session:
        order = ReplacementRequest("破裂", PREFIX, approval_above=10)
        newer = str(replace_plate(session, token, order, make_visit(), ME).successor)
    with street.database.session() as session:
        session.execute(MADE, {"token": newer})
    assert street.record(street.crew, newer, "installed") == 303
    for query in ("", "&v=elder"):
        assert "已经换上新门牌。" in street.answer_to(number, query)
    assert "Done" in street.answer_to(number, "&lang=en")
    story = words(street.desk.get(f"/admin/reports/{number}").text)
    assert "答复“已办”：已经换上新门牌。" in story


def test_a_telephone_that_nobody_answers_is_changed_and_the_next_scan_shows_it(
    street: Street,
) -> None:
    token = street.tokens[1]
    assert "0571-00000001" in street.scan(token)
    number = street.report(token, "phone")
    page = street.desk.get(f"/admin/reports/{number}").text
    way = re.search(r'href="(/admin/duties/\d+\?report=\w+)">换人或换电话', page)
    assert way
    form = street.desk.get(way[1]).text
    assert "办好以后回到那里答复居民" in form
    back = street.desk.post(
        way[1].partition("?")[0] + "/holder",
        display_name="演示赵",
        begins=str(now_utc().date()),
        phone="0571-00000088",
        report=number,
    )
    assert back.headers["location"] == f"/admin/reports/{number}"
    said = {"state": "done", "ready": "电话已经更新，请重新扫码查看。"}
    assert street.desk.post(f"/admin/reports/{number}/answer", **said).status_code == 303
    assert "电话已经更新，请重新扫码查看。" in street.answer_to(number)
    for query in ("", "?v=elder", "?lang=en", "?v=elder&lang=en"):
        shown = re.sub(r"\D", "", street.scan(token, query))  # +86 571 0000 0088 in English
        assert "57100000088" in shown
        assert "57100000001" not in shown

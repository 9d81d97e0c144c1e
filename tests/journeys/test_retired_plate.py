"""A plate that must not hang: a crew stands before the door, and the address has ended since."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.addresses.commands import correct_address, split_address
from service.addresses.queries import get_address
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.core.settings import Settings
from service.plates.commands import follow_addresses
from service.plates.queries import get_plate
from service.worklists.commands import open_installs
from tests.database import migrated_database
from tests.factories.addresses import make_draft
from tests.factories.divisions import Place, make_place
from tests.factories.plates import make_plates
from tests.factories.staff import SignedIn, make_account, open_browser, sign_in

EVENT = re.compile(r'name="event_id" value="([^"]+)"')


class Street:
    """河坊街 with three plates that have come from the maker, its crew and its officer."""

    def __init__(self, database: Database, home: Path) -> None:
        self.database = database
        with database.session() as session:
            self.place: Place = make_place(session)
            self.tokens = make_plates(session, 3, place=self.place)
            open_installs(session, self.tokens, ME)
        make_account(database, "li", (Role.CREW, "330102000000"))
        make_account(database, "wang", (Role.OFFICER, "330102000000"))
        browser = open_browser(database, Settings(home=home))
        self.crew = sign_in(database, "li", browser)
        self.desk = sign_in(database, "wang")

    def divide(self, token: str) -> None:
        with self.database.session() as session:
            held = get_address(session, get_plate(session, token).code)
            drafts = [make_draft(self.place, number) for number in ("101", "102")]
            split_address(session, held.code, drafts, ME, reason="分户")
            follow_addresses(session, [held], ME)

    def correct(self, token: str, number: str) -> None:
        with self.database.session() as session:
            held = get_address(session, get_plate(session, token).code)
            before = correct_address(session, held, make_draft(self.place, number), ME)
            follow_addresses(session, before, ME)

    def crew_page(self, token: str) -> str:
        return words(self.crew.browser.get(f"/crew/{token}").text)

    def send(self, token: str, **fields: str) -> Any:
        found = EVENT.search(self.crew.browser.get(f"/crew/{token}").text)
        assert found
        return self.crew.post(f"/crew/{token}", event_id=found[1], **fields)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))


def page_of(signed_in: SignedIn, path: str) -> str:
    return words(signed_in.browser.get(path).text)


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    with migrated_database() as made:
        database = Database(made.app_url)
        yield Street(database, tmp_path)
        database.dispose()


def test_a_crew_is_stopped_from_hanging_the_plate_of_an_ended_address(street: Street) -> None:
    token = street.tokens[0]
    assert "不要挂" not in street.crew_page(token)
    street.divide(token)

    assert "河坊街1号 " not in page_of(street.crew, "/crew")
    told = street.crew_page(token)
    assert told.index("不要挂：地址已终止") < told.index("现在的情况")
    assert "地址已终止（替换）：分户" in told
    assert all(f"河坊街{number}号" in told for number in ("101", "102"))
    assert "已装好" not in told

    refused = street.send(token, what="installed")
    assert (refused.status_code, "不能再挂" in refused.text) == (409, True)
    assert "取下带回" in refused.text

    desk = page_of(street.desk, f"/admin/plates/{token}")
    assert "不要挂：地址已终止" in desk
    assert "地址已终止" in page_of(street.desk, "/admin/plates?division=330102")

    back = street.send(token, what="taken_down")
    assert back.status_code == 303
    assert "注销" in street.crew_page(token)
    scan = words(street.crew.browser.get(f"/{token}").text)
    assert "已经注销，不要相信它" in scan


def test_a_plate_with_another_text_is_hung_by_who_says_so(street: Street) -> None:
    token = street.tokens[1]
    street.correct(token, "29")
    assert re.search("更换 河坊街29号 文字不符", page_of(street.crew, "/crew"))
    told = street.crew_page(token)
    assert told.index("不要挂：文字不符") < told.index("现在的情况")
    assert "牌上是“河坊街2号”，地址现在是“河坊街29号”" in told

    refused = street.send(token, what="installed")
    assert (refused.status_code, "勾选" in refused.text) == (409, True)
    assert street.send(token, what="installed", accepts_text="1").status_code == 303
    assert "文字不符" in street.crew_page(token)
    assert "门牌上写的是： 河坊街2号" in words(street.crew.browser.get(f"/{token}").text)
    assert "更换 待办" in page_of(street.desk, f"/admin/plates/{token}")

    street.correct(token, "2")
    assert "文字不符" not in street.crew_page(token).split("经过")[0]
    assert "更换 已取消" in page_of(street.desk, f"/admin/plates/{token}")


def test_a_scan_of_an_old_plate_tells_all_that_its_address_was_divided_into(
    street: Street,
) -> None:
    token = street.tokens[2]
    assert street.send(token, what="installed").status_code == 303
    street.divide(token)
    assert "取下 河坊街3号" in page_of(street.crew, "/crew")
    assert "已取下，带回" in street.crew_page(token)
    for query in ("", "?v=elder", "?lang=en", "?v=elder&lang=en"):
        page = words(street.crew.browser.get(f"/{token}{query}").text)
        said = page.replace(" ", "")
        assert "原河坊街3号，这里已分为河坊街101号、河坊街102号，不知是哪一个" in said
    twin: Any = street.crew.browser.get(f"/{token}", headers={"accept": "application/json"}).json()
    assert twin["successor"] is None
    assert [one["local_text"] for one in twin["successors"]] == ["河坊街101号", "河坊街102号"]

import re
from collections.abc import Iterator

import pytest

from service.admin import pages_distant_checkins
from service.auth.permissions import Role
from service.core.actor import Actor
from service.core.database import Database
from service.plates.commands import install_plate
from tests.database import TestDatabase
from tests.factories.office import COUNTIES, insert_account
from tests.factories.plates import make_plates, make_visit, metres_north
from tests.factories.staff import SignedIn, sign_in


@pytest.fixture
def hung(fresh_database: TestDatabase) -> Iterator[tuple[Database, list[str]]]:
    """Four plates hung by a crew, the last at its door and the others 60, 70 and 80 m off."""
    database = Database(fresh_database.app_url)
    with database.session() as session:
        tokens = make_plates(session, 4)
        for token, metres in zip(tokens, (60, 70, 80, 3), strict=True):
            visit = make_visit(metres_north(metres))
            install_plate(session, token, visit, Actor("staff", "li"))
        insert_account(session, "officer", Role.OFFICER, COUNTIES["own"])
        insert_account(session, "stranger", Role.OFFICER, COUNTIES["foreign"])
    yield database, tokens
    database.dispose()


def read(person: SignedIn, path: str) -> str:
    return str(person.browser.get(path).text)


def test_far_check_ins_are_listed_newest_first_in_pages_that_neither_repeat_nor_skip(
    hung: tuple[Database, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    database, tokens = hung
    monkeypatch.setattr(pages_distant_checkins, "PAGE", 2)
    officer = sign_in(database, "officer")
    first = read(officer, "/admin/work-items/far")
    assert re.findall(r"(\d+) 米</span>", first) == ["80", "70"]
    (more,) = re.findall(r'href="(/admin/work-items/far\?[^"]+)"', first)
    second = read(officer, more.replace("&amp;", "&"))
    assert re.findall(r"(\d+) 米</span>", second) == ["60"]
    assert tokens[3] not in first + second
    assert "下一页" not in second


def test_another_county_has_none_and_a_wrong_cursor_is_told(
    hung: tuple[Database, list[str]],
) -> None:
    database, tokens = hung
    stranger = sign_in(database, "stranger")
    page = read(stranger, "/admin/work-items/far")
    assert "没有位置异常的打卡" in page
    assert not any(token in page for token in tokens)
    wrong = sign_in(database, "officer").browser.get("/admin/work-items/far?after=x")
    assert wrong.status_code == 422

import re
from collections.abc import Iterator

import pytest

from service.admin.work_items import pages_distant
from service.auth.permissions import Role
from service.core.actor import Actor
from service.core.database import Database
from service.plates.commands import install_plate
from service.plates.queries import get_plate
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
    monkeypatch.setattr(pages_distant, "PAGE", 2)
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
    assert "没有等待核实的位置异常的打卡" in page
    assert not any(token in page for token in tokens)
    wrong = sign_in(database, "officer").browser.get("/admin/work-items/far?after=x")
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("answer", "name", "status"),
    [
        ("moved", "属实移点", "in_use"),
        ("again", "重拍", "in_use"),
        ("refused", "退回", "to_install"),
    ],
)
def test_a_far_check_in_is_decided_about_at_the_desk_once(
    hung: tuple[Database, list[str]], answer: str, name: str, status: str
) -> None:
    database, tokens = hung
    officer = sign_in(database, "officer")
    paths = re.findall(
        r'href="(/admin/work-items/far/[^"]+)"', read(officer, "/admin/work-items/far")
    )
    (path,) = [one for one in paths if f"/{tokens[2]}/" in one]
    page = read(officer, path)
    assert page.count("<button") >= 3
    (spot,) = re.findall(r'name="spot" value="([^"]+)"', page)
    done = officer.post(path, answer=answer, spot=spot, note="核实过")
    assert (done.status_code, done.headers["location"]) == (303, path), done.text
    after = read(officer, path)
    assert f"{name}（officer）：核实过" in after
    assert 'name="answer"' not in after
    with database.reading() as session:
        assert get_plate(session, tokens[2]).status == status
    again = officer.post(path, answer="refused")
    assert again.status_code == 409
    assert f"处理了这次打卡：{name}" in again.text
    assert tokens[2] not in read(officer, "/admin/work-items/far")
    assert f"{name}（officer）" in read(officer, "/admin/work-items/far?decided=1")
    assert f"{name}（officer）" in read(officer, f"/admin/plates/{tokens[2]}")


def test_who_may_not_decide_sees_the_check_in_and_a_wrong_one_is_not_found(
    hung: tuple[Database, list[str]],
) -> None:
    database, tokens = hung
    with database.session() as session:
        insert_account(session, "reader", Role.VIEWER, COUNTIES["own"])
    reader, officer = sign_in(database, "reader"), sign_in(database, "officer")
    (path, *_) = re.findall(
        r'href="(/admin/work-items/far/[^"]+)"', read(reader, "/admin/work-items/far")
    )
    assert 'name="answer"' not in read(reader, path)
    assert reader.post(path, answer="again").status_code == 403
    assert sign_in(database, "stranger").get(path).status_code == 404
    assert officer.get(f"/admin/work-items/far/{tokens[0]}/nothing").status_code == 404
    assert officer.get(f"/admin/work-items/far/{tokens[3]}/nothing").status_code == 404

"""Rows of a list that wait for an answer, one street or two, are answered at the desk."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from service.auth.permissions import Role
from service.core.database import Database
from tests.factories.lists import texts
from tests.factories.office import insert_account
from tests.factories.uploads import declare, enter, upload

YIWU = "330782000000"
LIST = "地址,经度,纬度\n"
OLD = "".join(f"金华市义乌市稠城街道{{street}}{n}号,120.07{n},29.31\n" for n in (1, 3))
NEW = "".join(f"金华市义乌市北苑街道{{street}}{n}号,120.08{n},29.33\n" for n in (3, 5, 7))


@pytest.fixture(scope="module")
def yiwu(register: Database) -> Database:
    with register.session() as session:
        insert_account(session, "county", Role.OFFICER, "330782")
        insert_account(session, "street", Role.OFFICER, "330782004")
    return register


def store(person: object, street: str, file: str = "义乌.csv") -> str:
    """The page of a stored list whose doors in another township wait."""
    lines = (OLD + NEW).format(street=street)
    path = upload(person, LIST + lines, name=file, division=YIWU)  # type: ignore[arg-type]
    declare(person, path)  # type: ignore[arg-type]
    person.post(f"{path}/store")  # type: ignore[attr-defined]
    return path


def find_question(person: object, street: str) -> str:
    """The path of the question about a street."""
    page = person.get("/admin/imports/questions").text  # type: ignore[attr-defined]
    found = re.search(rf'<a href="(/admin/imports/questions/[^"]+)">{street}</a>', page)
    assert found, page
    return found[1]


def test_two_streets_of_one_name_are_told_apart_and_their_doors_stored(
    yiwu: Database, tmp_path: Path
) -> None:
    clerk = enter(yiwu, tmp_path, "county")
    path = store(clerk, "丹溪北路")
    page = clerk.get(path).text
    assert "待定 3" in page
    assert 'href="/admin/imports/questions"' in page
    assert "有 3 行等着定" in clerk.get("/admin/imports").text
    asked = find_question(clerk, "丹溪北路")
    page = clerk.get(asked).text
    assert "两边都有 3号" in page
    assert re.search(r"最近的两处相距 2\.\d 公里", page)
    assert page.count('class="held" cx=') == 2
    assert page.count('class="asked" x=') == 3
    assert clerk.post(asked, answer="two").status_code == 303
    found = [one for one in texts(yiwu) if "丹溪北路" in one]
    assert len(found) == 5
    page = clerk.get(path).text
    assert "新增 <b>5</b>" in page
    assert "待定 <b>0</b>" in page
    assert clerk.get(asked).status_code == 404
    with yiwu.reading() as session:
        entries = text("select actor from audit_entry where action = 'imports:answer'")
        assert session.scalars(entries).all() == ["staff:county"]


def test_one_street_shares_its_doors_and_a_door_that_is_far_from_itself_is_refused(
    yiwu: Database, tmp_path: Path
) -> None:
    clerk = enter(yiwu, tmp_path, "county")
    path = store(clerk, "雪峰西路", file="义乌雪峰.csv")
    page = clerk.post(find_question(clerk, "雪峰西路"), answer="one").text
    assert "下面 1 行没有入库" in page
    found = {one.rpartition("雪峰西路")[2] for one in texts(yiwu) if "雪峰西路" in one}
    assert found == {"1号", "3号", "5号", "7号"}
    page = clerk.get(f"{path}?show=conflict").text
    assert "待定 <b>0</b>" in page
    assert "冲突 <b>1</b>" in page
    assert "新增 <b>4</b>" in page
    assert f'href="{path}/rows/4"' in page


def test_both_doors_of_one_row_are_refused_together(yiwu: Database, tmp_path: Path) -> None:
    clerk = enter(yiwu, tmp_path, "county")
    held = "".join(f"金华市义乌市稠城街道宾王路{n}号,120.07{n},29.31\n" for n in (1, 3, 5))
    waits = "金华市义乌市北苑街道宾王路3、5号,120.083,29.33\n"
    path = upload(clerk, LIST + held + waits, name="义乌宾王.csv", division=YIWU)
    declare(clerk, path)
    clerk.post(f"{path}/store")
    assert "待定 <b>2</b>" in clerk.get(path).text
    answer = clerk.post(find_question(clerk, "宾王路"), answer="one")
    assert answer.status_code == 200
    assert "下面 2 行没有入库" in answer.text
    page = clerk.get(path).text
    assert "待定 <b>0</b>" in page
    assert "冲突 <b>1</b>" in page
    with yiwu.reading() as session:
        told = text("select faults from list_upload_row where upload_id = :id and part = -1")
        faults = session.scalars(told, {"id": int(path.rpartition("/")[2])}).one()
    assert len(faults) == 2


def test_a_street_office_sees_its_question_and_the_county_decides(
    yiwu: Database, tmp_path: Path
) -> None:
    clerk = enter(yiwu, tmp_path, "county")
    store(clerk, "城北路", file="义乌城北.csv")
    asked = find_question(clerk, "城北路")
    street = enter(yiwu, tmp_path, "street")
    seen = re.search(r'name="seen" value="(\d+)"', clerk.get(asked).text)
    assert seen
    assert "要由县（市、区）的地址专员来定" in street.get(asked).text
    assert street.post(asked, answer="two", seen=seen[1]).status_code == 404
    neighbour = enter(yiwu, tmp_path, "neighbour")
    assert neighbour.get(asked).status_code == 404
    assert "城北路" not in neighbour.get("/admin/imports/questions").text
    assert neighbour.post(asked, answer="two", seen=seen[1]).status_code == 404


def test_an_answer_about_a_place_that_was_changed_meanwhile_is_refused(
    yiwu: Database, tmp_path: Path
) -> None:
    clerk = enter(yiwu, tmp_path, "county")
    store(clerk, "工人西路", file="义乌工人.csv")
    asked = find_question(clerk, "工人西路")
    seen = re.search(r'name="seen" value="(\d+)"', clerk.get(asked).text)
    assert seen
    number = asked.split("/")[4]
    with yiwu.session() as session:
        touch = text("update place_name set kind = kind where number = :number")
        session.execute(touch, {"number": number})
    answer = clerk.post(asked, answer="one", seen=seen[1])
    assert answer.status_code == 412
    assert "在您看过以后改过" in answer.text
    assert len([one for one in texts(yiwu) if "工人西路" in one]) == 2

"""Numbers are changed and addresses divided on the page, with all that lies in them."""

import re

from address_model.elements import local_text
from service.addresses.queries import find_addresses, find_successors, list_descendants
from service.auth.permissions import Role
from tests.factories.office import insert_account
from tests.factories.staff import sign_in
from tests.service.admin.address.conftest import Desk
from tests.service.admin.address.test_pages import words

CITED = {"reason": "门牌重编", "document": "上政办〔2026〕7号", "dated": "2026-11-20"}


def inside(desk: Desk) -> list[str]:
    """The texts of what lies in the first door."""
    with desk.database.reading() as session:
        below = list_descendants(session, desk.codes[:1], most=10)
        return sorted(local_text(row.elements) for _, row in below)


def versions_in(page: str) -> str:
    found = re.search(r'name="versions" value="([^"]*)"', page)
    assert found
    return found[1]


def test_two_doors_exchange_their_numbers_with_their_rooms_and_back(desk: Desk) -> None:
    assert "1号 " in desk.page(1, "?do=renumber")
    typed = {"numbers": "1号 2号\n2 1\n", **CITED}
    looked = desk.send("renumber", step="look", **typed)
    assert looked.status_code == 200, looked.text
    said = words(looked.text)
    assert "改动的文字6个" in said
    assert "河坊街1号1幢101室浙江省杭州市上城区清波街道河坊街2号1幢101室" in said
    assert "1个（连同再下级共4个）" in said
    assert desk.row().standard_text.endswith("河坊街1号")  # nothing was done yet
    answer = desk.send("renumber", versions=versions_in(looked.text), **typed)
    assert answer.status_code == 303, words(answer.text)
    assert desk.row().standard_text.endswith("河坊街2号")
    assert desk.row(2).standard_text.endswith("河坊街1号")
    assert inside(desk)[0] == "河坊街2号1幢"
    said = words(desk.page())
    assert "改号：“浙江省杭州市上城区清波街道河坊街1号”改为" in said
    assert "（同一批改号2个）事由：门牌重编。依据：上政办〔2026〕7号（2026-11-20）。" in said
    assert "撤销，整批改回原号" in said
    entry = re.search(r'name="entry" value="(\d+)"', desk.page())
    assert entry
    assert desk.send("undo", entry=entry[1]).status_code == 303
    assert desk.row().standard_text.endswith("河坊街1号")
    assert desk.row(2).standard_text.endswith("河坊街2号")
    assert inside(desk)[-1] == "河坊街1号1幢201室"


def test_a_batch_that_was_worked_on_since_is_not_undone(desk: Desk) -> None:
    typed = {"numbers": "1 12\n2 14", **CITED}
    looked = desk.send("renumber", step="look", **typed)
    assert desk.send("renumber", versions=versions_in(looked.text), **typed).status_code == 303
    moved = {"lon": "120.1651", "lat": "30.24", "crs": "4490"}
    assert desk.send("move", 2, **moved).status_code == 303
    entry = re.search(r'name="entry" value="(\d+)"', desk.page())
    assert entry
    refused = desk.send("undo", entry=entry[1])
    assert refused.status_code == 422
    assert "河坊街14号”以后又有办理" in words(refused.text)
    assert desk.row().standard_text.endswith("河坊街12号")


def test_a_list_that_cannot_be_read_comes_back_with_the_line(desk: Desk) -> None:
    for numbers, told in (
        ("", "请写明哪个号改成哪个号"),
        ("1号", "第1行请写“旧号新号”"),
        ("1号 2号\n99号 100号", "第2行：旁边没有99号这个地址"),
        ("1号 那边", "第1行："),
        ("1号 1号", "没有要改的"),
        ("1号 3号", "已经是"),
        ("1号 9号\n2号 9号", "已经是"),
    ):
        answer = desk.send("renumber", step="look", numbers=numbers, reason="重编")
        assert answer.status_code in (409, 422), numbers
        assert told in words(answer.text), (numbers, words(answer.text)[:400])
        assert 'id="numbers-fault"' in answer.text
    for versions in ("", f"{desk.codes[1]}:²", "a:b:c", f"{desk.codes[1]}:{'9' * 5000}"):
        fields = {"numbers": "2号 9号", "reason": "重编", "versions": versions}
        assert desk.send("renumber", **fields).status_code in (412, 422), versions
    unlooked = desk.send("renumber", numbers="2号 9号", reason="重编")
    assert "请重新看结果" in words(unlooked.text)
    assert desk.row().version == 1


def test_another_door_that_changed_since_the_look_is_shown_and_nothing_done(desk: Desk) -> None:
    typed = {"numbers": "1 12\n2 14", **CITED}
    looked = desk.send("renumber", step="look", **typed)
    moved = {"lon": "120.1651", "lat": "30.24", "crs": "4490"}
    assert desk.send("move", 2, **moved).status_code == 303
    answer = desk.send("renumber", versions=versions_in(looked.text), **typed)
    assert answer.status_code == 412
    assert desk.row().standard_text.endswith("河坊街1号")


def test_an_address_is_divided_and_one_part_takes_the_rooms(desk: Desk) -> None:
    town = "上城区清波街道河坊街"
    typed = {"parts": f"{town}1号\n{town}1号之一", "heir": "2", **CITED}
    looked = words(desk.send("split", step="look", **typed).text)
    assert "替换，由" in looked
    assert "改挂到浙江省杭州市上城区清波街道河坊街1号之一下，文字随着改" in looked
    assert desk.row().status == "active"
    assert desk.send("split", **typed).status_code == 303
    assert desk.row().status == "replaced"
    with desk.database.reading() as session:
        heirs = find_successors(session, desk.codes[:1])[desk.codes[0]]
        below = list_descendants(session, [row.code for row in heirs], most=10)
        rows = find_addresses(session, [row.code for _, row in below])
    assert sorted(local_text(row.elements) for row in heirs) == ["河坊街1号", "河坊街1号之一"]
    assert {local_text(row.elements)[:8] for row in rows.values()} == {"河坊街1号之一1"}
    said = words(desk.page())
    assert "事由：门牌重编。依据：上政办〔2026〕7号" in said


def test_parts_that_are_no_two_addresses_are_refused_with_their_line(desk: Desk) -> None:
    town = "上城区清波街道河坊街"
    for fields, told, field in (
        ({"parts": f"{town}11号"}, "请写2到20个新地址", "parts"),
        ({"parts": f"{town}11号\n{town}11号"}, "两个以上互不相同", "parts"),
        ({"parts": f"{town}11号\n河坊街"}, "第2行：", "parts"),
        ({"parts": f"{town}11号\n{town}2号"}, "已经是", "parts"),
        ({"parts": f"{town}11号\n{town}13号", "heir": "3"}, "第几个新地址", "heir"),
        ({"parts": f"{town}11号\n{town}13号", "heir": "²"}, "第几个新地址", "heir"),
        ({"parts": f"{town}11号\n{town}13号", "dated": "2026-11-20"}, "哪份文件", "document"),
    ):
        answer = desk.send("split", **{"reason": "分户"} | fields)
        assert answer.status_code in (409, 422), fields
        assert told in words(answer.text), fields
        assert f'id="{field}-fault"' in answer.text
    assert desk.row().status == "active"


def test_correction_and_move_stand_in_the_history_with_their_document(desk: Desk) -> None:
    typed = {"text": "上城区清波街道河坊街11号", **CITED}
    looked = words(desk.send("correct", step="look", **typed).text)
    assert "改动的文字5个" in looked
    assert "文字随着改，编码不变" in looked
    assert desk.send("correct", **typed).status_code == 303
    assert desk.send("move", lon="120.1651", lat="30.24", crs="4490", **CITED).status_code == 303
    said = words(desk.page())
    assert said.count("依据：上政办〔2026〕7号（2026-11-20）") == 2
    assert "来源上政办〔2026〕7号" in said
    assert inside(desk)[0] == "河坊街11号1幢"


def test_only_numbers_of_the_own_divisions_are_changed(desk: Desk) -> None:
    with desk.database.session() as session:
        insert_account(session, "foreigner", Role.OFFICER, "330106")
    foreigner = sign_in(desk.database, "foreigner")
    path = desk.path("renumber")
    assert foreigner.post(path, seen=1, numbers="1 9", reason="x").status_code == 404
    viewer = sign_in(desk.database, "viewer")
    assert viewer.post(path, seen=1, numbers="1 9", reason="x").status_code == 403

"""Many addresses are changed at the desk: chosen, looked at, done by a run, and what was left."""

import re
from dataclasses import dataclass, replace

import pytest
from httpx2 import Response
from sqlalchemy import text

from address_model.elements import Numbered, local_text
from service.addresses.commands import enter_addresses, freeze_address
from service.addresses.drafts import draft_of
from service.addresses.queries import find_addresses, get_address, list_descendants
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import Settings
from service.run_kinds import register_run_kinds
from service.runs import worker_loop
from tests.factories.hosts import PUBLIC_URL
from tests.factories.staff import SignedIn, open_browser, sign_in
from tests.service.admin.address.test_pages import words

NEW = "/admin/bulk-changes/new"
FREEZE = {"action": "freeze", "reason": "整治核查"}


@dataclass(frozen=True)
class Street:
    """Four doors of 河坊街, the first with a room, and two colleagues."""

    database: Database
    codes: list[str]
    officer: SignedIn
    colleague: SignedIn

    def look(self, **fields: object) -> Response:
        return self.officer.post(NEW, **{"step": "look", "q": "河坊街"} | fields)

    def begin(self, **fields: object) -> str:
        """Look, and begin what was seen; the page of the change."""
        page = self.look(**fields).text
        found = re.search(r'name="agreed" value="(\w{64})"', page)
        assert found, words(page)
        answer = self.officer.post(NEW, **{"q": "河坊街", "agreed": found[1]} | fields)
        assert answer.status_code == 303, words(answer.text)
        return str(answer.headers["location"])

    def work(self, path: str) -> str:
        """Let a worker do it; the page then."""
        worker_loop.run_chunks(self.database, int(path.rpartition("/")[2]))
        return words(self.officer.get(path).text)

    def states(self) -> list[str]:
        with self.database.reading() as session:
            rows = find_addresses(session, self.codes)
        return [rows[code].status for code in self.codes]


@pytest.fixture
def doors(street: Database) -> Street:
    register_run_kinds()
    with street.session() as session:
        codes = list(session.scalars(text("select code from address order by number_order")))
        held = get_address(session, codes[0])
        room = held.elements._replace(room=Numbered("101", "室"))
        enter_addresses(session, [replace(draft_of(held), elements=room)], COMMAND_LINE)
        session.execute(
            text(
                "update address set geom = ST_SetSRID(ST_MakePoint(120.16 + 0.01 * number_order, "
                "30.24), 4490)"
            )
        )
    settings = Settings(address_approval_above=20, public_url=PUBLIC_URL)
    people = [
        sign_in(street, name, open_browser(street, settings)) for name in ("officer", "colleague")
    ]
    return Street(street, codes, *people)


def test_the_addresses_of_a_search_are_frozen_and_made_valid_again(doors: Street) -> None:
    page = doors.officer.get("/admin/addresses?q=河坊街").text
    assert f'href="{NEW}?q=' in page
    assert "5个地址" in words(doors.officer.get(f"{NEW}?q=河坊街").text)
    said = words(doors.look(**FREEZE).text)
    assert "地址5个" in said
    assert "河坊街1号（冻结）" in said
    assert doors.states() == ["active"] * 4
    said = doors.work(doors.begin(**FREEZE))
    assert "已办5个，没有办0个" in said
    assert doors.states() == ["frozen"] * 4
    said = doors.work(doors.begin(action="unfreeze"))
    assert "已办5个" in said
    assert doors.states() == ["active"] * 4


def test_who_changed_meanwhile_or_cannot_be_changed_is_left_and_named(doors: Street) -> None:
    with doors.database.session() as session:
        freeze_address(session, doors.codes[3], COMMAND_LINE, reason="争议")
    path = doors.begin(action="retire", ending="gone", reason="拆迁")
    with doors.database.session() as session:
        session.execute(
            text("update address set point_note = '复测' where code = :c"), {"c": doors.codes[1]}
        )
    said = doors.work(path)
    assert "没有办1个" in said or "没有办2个" in said
    assert "在您看过以后改过" in said
    assert doors.states()[0] == "retired"
    assert doors.states()[1] == "active"
    result = doors.officer.get(f"{path}/result.csv")
    assert result.text.startswith("\ufeff地址编码,地址,结果,原因")
    assert "没有办" in result.text
    assert result.text.count("已办") >= 3


def test_a_list_moves_to_a_community_and_its_rooms_follow(doors: Street) -> None:
    form = doors.officer.get(f"{NEW}?q=河坊街").text
    target = re.search(r'<option value="(\d{12})">清波街道 (\w+)</option>', form)
    assert target, "no community to move to"
    typed = {"q": "", "codes": "\n".join(doors.codes[:2]), "action": "division"}
    said = doors.work(doors.begin(**typed, target=target[1], reason="区划调整"))
    assert "已办2个，没有办0个" in said
    with doors.database.reading() as session:
        rows = find_addresses(session, doors.codes)
        below = [row for _, row in list_descendants(session, doors.codes, most=9)]
    assert [rows[code].division_code == target[1] for code in doors.codes] == [
        *(True, True, False, False)
    ]
    assert [row.division_code for row in below] == [target[1]]
    assert target[2] in below[0].standard_text


def test_an_element_is_changed_and_what_lies_below_is_counted_once(doors: Street) -> None:
    typed = {"action": "element", "element": "estate", "value": "清河坊小区", "reason": "补登小区"}
    assert "其中1个是别的下级，随着改" in words(doors.look(**typed).text)
    said = doors.work(doors.begin(**typed))
    assert "已办4个，没有办0个" in said
    with doors.database.reading() as session:
        rows = find_addresses(session, doors.codes)
        below = [row for _, row in list_descendants(session, doors.codes, most=9)]
    assert local_text(rows[doors.codes[0]].elements) == "河坊街1号清河坊小区"
    assert [local_text(row.elements) for row in below] == ["河坊街1号清河坊小区101室"]


def test_a_polygon_takes_what_lies_in_it(doors: Street) -> None:
    corners = "120.165,30.23\n120.185,30.23\n120.185,30.25\n120.165,30.25"
    said = words(doors.look(q="", polygon=corners, **FREEZE).text)
    assert "多边形里的地址：3个地址" in said
    for wrong in ("120.1,30", "120,95 1,2 3,4", "东 西"):
        refused = doors.look(q="", polygon=wrong, **FREEZE)
        assert refused.status_code == 422
        assert 'id="polygon-fault"' in refused.text


def test_a_file_of_codes_is_read_and_shown(doors: Street) -> None:
    listed = f"编码\n{doors.codes[2]}\n3301029032882641\n".encode()
    fields = {"form_token": doors.officer.form_token, "step": "look"} | FREEZE
    page = doors.officer.browser.post(
        NEW, data=fields, files={"file": ("名单.csv", listed, "text/csv")}
    ).text
    assert "名单里的地址：1个地址；1个编码没有登记" in words(page)
    assert doors.codes[2] in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"action": ""}, "action"),
        ({"action": "freeze"}, "reason"),
        ({"action": "retire", "reason": "拆除"}, "ending"),
        ({"action": "division", "reason": "调整"}, "target"),
        ({"action": "element", "reason": "调整"}, "element"),
        ({"action": "freeze", "reason": "核查", "dated": "昨天"}, "dated"),
        ({"action": "freeze", "reason": "核查", "dated": "2026-01-01"}, "document"),
        ({"action": "freeze", "reason": "核查", "codes": "河坊街"}, "codes"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    doors: Street, typed: dict[str, str], field: str
) -> None:
    refused = doors.look(**typed)
    assert refused.status_code == 422
    assert f'id="{field}-fault"' in refused.text


def test_what_changed_after_the_look_asks_for_another_look(doors: Street) -> None:
    page = doors.look(**FREEZE).text
    agreed = re.search(r'name="agreed" value="(\w{64})"', page)
    assert agreed
    with doors.database.session() as session:
        freeze_address(session, doors.codes[3], COMMAND_LINE, reason="争议")
    refused = doors.officer.post(NEW, q="河坊街", agreed=agreed[1], **FREEZE)
    assert refused.status_code == 422
    assert "请重新看结果" in words(refused.text)
    none = doors.look(q="没有这条路", **FREEZE)
    assert "没有可以办理的地址" in words(none.text)


def test_many_wait_for_a_second_person(doors: Street) -> None:
    settings = Settings(address_approval_above=2, public_url=PUBLIC_URL)
    officer = sign_in(doors.database, "officer", open_browser(doors.database, settings))
    some = replace(doors, officer=officer)
    assert "须由另一位有审批权限的同事同意" in words(some.look(**FREEZE).text)
    path = some.begin(**FREEZE)
    number = int(path.rpartition("/")[2])
    worker_loop.run_chunks(doors.database, number)
    assert doors.states() == ["active"] * 4
    assert path in doors.colleague.get("/admin").text
    assert officer.post(f"{path}/approve").status_code == 403
    assert doors.colleague.post(f"{path}/send-back", reason="").status_code == 422
    assert doors.colleague.post(f"{path}/approve").status_code == 303
    assert "已办5个" in doors.work(path)
    again = some.begin(action="unfreeze")
    assert doors.colleague.post(f"{again}/send-back", reason="请附公告").status_code == 303
    said = words(officer.get(again).text)
    assert "退回：请附公告" in said
    assert "已停下" in said
    third = some.begin(action="unfreeze")
    assert officer.post(f"{third}/stop").status_code == 303
    assert "已撤回" in words(officer.get(third).text)
    assert doors.states() == ["frozen"] * 4


def test_a_text_may_mean_one_address_or_a_division(doors: Street) -> None:
    assert "河坊街1号" in words(doors.look(q="河坊街1号", **FREEZE).text)
    assert "1个地址" in words(doors.officer.get(f"{NEW}?q=河坊街2号").text)
    assert "清波街道：5个地址" in words(doors.officer.get(f"{NEW}?q=清波街道").text)

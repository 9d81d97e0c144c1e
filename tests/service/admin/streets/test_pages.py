"""The numbers of a street at the desk: what is found is mended or accepted, a rule laid down."""

import re
from dataclasses import dataclass, replace

import pytest
from httpx2 import Response
from sqlalchemy import text

from address_model.elements import Numbered
from service.addresses.commands import enter_addresses
from service.addresses.drafts import draft_of
from service.addresses.queries import get_address
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.placenames.queries import get_place
from tests.factories.office import insert_account
from tests.factories.staff import SignedIn, sign_in
from tests.service.admin.address.test_pages import words


@dataclass(frozen=True)
class Street:
    """河坊街 with the doors 1 … 4 and 11, and an officer of its county."""

    database: Database
    officer: SignedIn
    number: str
    codes: list[str]

    def page(self, query: str = "") -> str:
        answer = self.officer.get(f"/admin/streets/{self.number}/numbers{query}")
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def send(self, step: str, **fields: object) -> Response:
        with self.database.reading() as session:
            seen = get_place(session, self.number).version
        path = f"/admin/streets/{self.number}/numbers/{step}"
        return self.officer.post(path, **{"seen": seen} | fields)


@pytest.fixture
def numbers(street: Database) -> Street:
    with street.session() as session:
        codes = list(session.scalars(text("select code from address order by number_order")))
        door = get_address(session, codes[0])
        later = replace(
            draft_of(door), elements=door.elements._replace(number=Numbered("11", "号"))
        )
        codes += [code.digits for code in enter_addresses(session, [later], COMMAND_LINE)]
        place = session.scalars(text("select number from place_name where county <> ''")).one()
        insert_account(session, "viewer", Role.VIEWER, "330102")
        insert_account(session, "neighbour", Role.OFFICER, "330106")
    return Street(street, sign_in(street, "officer"), place, codes)


def test_a_gap_is_found_and_mended_by_a_new_door(numbers: Street) -> None:
    said = words(numbers.page())
    assert "断号缺5号至9号，共3个" in said
    assert "登记5号" in said
    form = numbers.page("?new=5")
    assert 'name="door" type="text" value="5号"' in form
    assert "在3号与11号之间" in words(form)
    made = numbers.send("doors", door="5号", lon="120.165", lat="30.2401")
    assert made.status_code == 303, words(made.text)
    page = words(str(numbers.officer.get(made.headers["location"]).text))
    assert "浙江省杭州市上城区清波街道河坊街5号" in page
    assert "缺7号至9号" in words(numbers.page())
    again = numbers.send("doors", door="5", lon="", lat="")
    assert again.status_code == 409
    assert "已经是" in words(again.text)


def test_between_two_neighbours_a_door_becomes_one_of_the_first(numbers: Street) -> None:
    form = numbers.page(f"?behind={numbers.codes[0]}")
    assert 'value="1号之一"' in form
    assert numbers.send("doors", door="1号之一").status_code == 303
    assert 'value="1号之二"' in numbers.page(f"?behind={numbers.codes[0]}")


def test_what_is_right_as_it_is_is_accepted_and_counts_again(numbers: Street) -> None:
    key = re.search(r'name="key" value="([^"]+)"', numbers.page())
    assert key
    assert numbers.send("accept", key=key[1], reason="").status_code == 422
    assert numbers.send("accept", key=key[1], reason="规划预留").status_code == 303
    said = words(numbers.page())
    assert "要核对的0条" in said
    assert "缺5号至9号，共3个：规划预留officer" in said
    assert numbers.send("reopen", key=key[1]).status_code == 303
    assert "要核对的1条" in words(numbers.page())
    assert numbers.send("reopen", key=key[1]).status_code == 409


def test_a_rule_is_laid_down_and_judged_by(numbers: Street) -> None:
    assert "没有规定编号规则" in numbers.page()
    rule = {"sides": "both", "method": "sequence", "heading": "east", "start": "1"}
    assert numbers.send("rule", **rule, reserved="5-9").status_code == 303
    said = words(numbers.page())
    assert "已规定编号规则" in said
    assert "要核对的0条" in said
    for wrong, field in (({"reserved": "路口"}, "reserved"), ({"step_m": "0"}, "step_m")):
        refused = numbers.send("rule", **rule | wrong)
        assert refused.status_code == 422
        assert f'id="{field}-fault"' in refused.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"door": "大门"}, "号码请写成"),
        ({"door": "13", "lon": "东", "lat": "30"}, "没有办理"),
        ({"door": "13", "lon": "100", "lat": "30"}, "没有办理"),
        ({"door": "11"}, "已经是"),
    ],
)
def test_a_door_that_cannot_be_entered_is_said_so(
    numbers: Street, typed: dict[str, str], said: str
) -> None:
    refused = numbers.send("doors", **typed)
    assert refused.status_code in (409, 422)
    assert said in words(refused.text)


def test_others_see_what_they_may_and_strangers_nothing(numbers: Street) -> None:
    viewer = sign_in(numbers.database, "viewer")
    page = viewer.get(f"/admin/streets/{numbers.number}/numbers").text
    assert "断号" in page
    assert "<form" not in page.split("<main")[1]
    stranger = sign_in(numbers.database, "neighbour")
    assert stranger.get(f"/admin/streets/{numbers.number}/numbers").status_code == 404
    assert numbers.officer.get("/admin/streets/nothing/numbers").status_code == 404


def test_the_list_of_a_street_leads_to_its_numbers(numbers: Street) -> None:
    page = numbers.officer.get("/admin/addresses?q=河坊街").text
    assert f'href="/admin/streets/{numbers.number}/numbers"' in page

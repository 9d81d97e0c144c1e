"""Departments' programs at the desk: a key shown once, grants looked at, agreed to, withdrawn."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from itertools import count

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.auth.permissions import Role
from service.auth.queries import get_client, list_clients
from service.core.clock import today
from service.core.settings import Settings
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import COUNTIES, Office, insert_account, opened_office
from tests.factories.staff import SignedIn, open_browser, sign_in
from tests.service.admin.client_records import GRANT_FIELDS

_numbers = count(1)
KEY = re.compile(r"mp_[0-9a-f]{12}_[0-9a-f]{64}")
PROGRAM = {"owner": "上城区民政局（演示）", "note": "婚姻登记时核对住址"}


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as made:
        with made.database.session() as session:
            for name in ("boss", "second"):
                insert_account(session, name, Role.ADMINISTRATOR, COUNTIES["own"])
            insert_account(session, "neighbour", Role.ADMINISTRATOR, COUNTIES["foreign"])
            insert_account(session, "clerk", Role.OFFICER, COUNTIES["own"])
        yield made


def enter(office: Office, name: str, above: int = 10_000) -> SignedIn:
    settings = Settings(public_url=PUBLIC_URL, grant_approval_above=above)
    return sign_in(office.database, name, open_browser(office.database, settings))


@pytest.fixture
def boss(office: Office) -> SignedIn:
    return enter(office, "boss")


@pytest.fixture
def program(office: Office, boss: SignedIn) -> tuple[str, str]:
    """The page of a new program, and its key."""
    name = f"民政局婚姻登记 {next(_numbers)}"
    shown = boss.post("/admin/clients/new", name=name, division=COUNTIES["own"], **PROGRAM)
    found = KEY.search(shown.text)
    assert found, shown.text
    with office.database.reading() as session:
        return f"/admin/clients/{get_client(session, name).id}", found[0]


def call(office: Office, key: str, side: str = "own") -> tuple[int, dict[str, object]]:
    """What the program gets when it asks for an address."""
    app = create_app(office.database, Settings())
    caller = TestClient(app)
    address = f"/api/v1/addresses/{office.codes[side]}"
    answer = caller.get(address, headers={"Authorization": f"Bearer {key}"})
    return answer.status_code, answer.json()


def grant_of(office: Office, home: str) -> str:
    """The page of the newest grant of a program."""
    with office.database.reading() as session:
        from_id = int(home.rpartition("/")[2])
        rows = [row for one in list_clients(session, ids=[from_id]) for row in one.grants]
    return f"/admin/grants/{rows[-1].grant.number}"


def test_a_key_is_shown_once_and_reads_nothing_without_a_grant(
    office: Office, boss: SignedIn, program: tuple[str, str]
) -> None:
    home, key = program
    page = boss.get(home).text
    assert key not in page
    assert key.split("_")[1] in page
    assert "什么也读不到" in page
    assert call(office, key)[0] == 403


def test_a_look_shows_the_very_answer_of_the_program_and_gives_nothing(
    office: Office, boss: SignedIn, program: tuple[str, str]
) -> None:
    home, key = program
    fields = GRANT_FIELDS | {"division": COUNTIES["own"]}
    look = boss.post(f"{home}/give", **fields, step="look").text
    for said in (
        "还没有办理",
        "按编码或条件读地址",
        "上城区",
        "到门牌",
        "每分钟 600 次",
        "2099-12-31",
    ):
        assert said in look
    assert "<b>1</b> 个地址" in look
    assert "parent_code" not in look
    assert call(office, key)[0] == 403
    carried = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', look)
    given = boss.browser.post(f"{home}/give", data=dict(carried))
    assert given.status_code == 303
    status, answer = call(office, key)
    assert status == 200
    sample = re.search(r'<pre class="answer"[^>]*>([^<]+)</pre>', look)
    assert sample
    assert json.loads(unescape(sample[1])) == answer
    assert call(office, key, "foreign")[0] == 404


def test_register_fields_are_in_the_sample_when_they_are_granted(
    boss: SignedIn, program: tuple[str, str]
) -> None:
    fields = GRANT_FIELDS | {"division": COUNTIES["own"], "classes": "register", "depth": "room"}
    look = boss.post(f"{program[0]}/give", **fields, step="look").text
    assert "公开和登记" in look
    assert "到户室" in look
    assert "parent_code" in look


def test_another_grant_takes_the_place_of_one_and_is_withdrawn(
    office: Office, boss: SignedIn, program: tuple[str, str]
) -> None:
    home, key = program
    fields = GRANT_FIELDS | {"division": COUNTIES["own"]}
    boss.post(f"{home}/give", **fields)
    first = grant_of(office, home)
    look = boss.post(f"{first}/change", **fields | {"per_day": "50"}, step="look").text
    assert "每天 10,000 次" in look
    assert "<b>每分钟 600 次，每天 50 次</b>" in look
    assert boss.post(f"{first}/change", **fields | {"per_day": "50"}).status_code == 303
    assert "已收回" in boss.get(first).text
    second = grant_of(office, home)
    assert second != first
    assert call(office, key)[0] == 200
    assert boss.post(f"{second}/withdraw").status_code == 303
    assert call(office, key)[0] == 403
    assert boss.post(f"{second}/withdraw").status_code == 412


def test_what_is_refused_stands_again_with_the_reason(
    boss: SignedIn, program: tuple[str, str]
) -> None:
    own = {"division": COUNTIES["own"]}
    for fields, said in (
        ({"networks": "10.1"}, "不是网段"),
        ({"valid_until": "2020-01-01"}, "已经过去"),
        ({"permissions": ""}, "请"),
        ({"permissions": "clients:manage"}, "请至少选择一项"),
        ({"per_minute": "0"}, "填写有误"),
        ({"division": "330000000000"}, "没有这项权限"),
    ):
        answer = boss.post(f"{program[0]}/give", **GRANT_FIELDS | own | fields)
        assert answer.status_code >= 400, fields
        assert said in answer.text, (fields, answer.text)
    again = {"name": "民政局", "division": COUNTIES["own"]} | PROGRAM
    assert boss.post("/admin/clients/new", **again).status_code == 200
    answer = boss.post("/admin/clients/new", **again)
    assert answer.status_code == 409
    assert "请换一个名称" in answer.text


def test_a_grant_for_bulk_reading_waits_for_a_second_administrator(
    office: Office, program: tuple[str, str]
) -> None:
    home, key = program
    boss, second = enter(office, "boss", above=0), enter(office, "second", above=0)
    fields = GRANT_FIELDS | {"division": COUNTIES["own"]}
    assert "由另一位管理员同意" in boss.post(f"{home}/give", **fields, step="look").text
    boss.post(f"{home}/give", **fields)
    grant = grant_of(office, home)
    assert call(office, key)[0] == 403
    assert "待审批" in boss.get(home).text
    assert "不能审批自己给的授权" in boss.get(grant).text
    digest = second.read_digest(grant)
    assert boss.post(f"{grant}/approve", agreed=digest).status_code == 403
    assert grant in second.get("/admin").text
    assert grant not in boss.get("/admin").text
    assert second.post(f"{grant}/approve", agreed="0" * 64).status_code == 409
    assert second.post(f"{grant}/approve").status_code == 303
    assert call(office, key)[0] == 200
    assert second.post(f"{grant}/approve").status_code == 409
    assert "second 已同意" in boss.get(grant).text


def test_a_grant_is_sent_back_with_a_reason_and_ends(
    office: Office, program: tuple[str, str]
) -> None:
    home, key = program
    boss, second = enter(office, "boss", above=0), enter(office, "second", above=0)
    boss.post(f"{home}/give", **GRANT_FIELDS | {"division": COUNTIES["own"]})
    grant = grant_of(office, home)
    assert second.post(f"{grant}/send-back", reason="").status_code == 422
    assert second.post(f"{grant}/send-back", reason="只要一个街道").status_code == 303
    page = boss.get(grant).text
    assert "已退回：只要一个街道" in page
    assert "已收回" in page
    assert call(office, key)[0] == 403
    boss.post(f"{home}/give", **GRANT_FIELDS | {"division": COUNTIES["own"]})
    asked = grant_of(office, home)
    assert boss.post(f"{asked}/withdraw").status_code == 303
    assert second.post(f"{asked}/approve", agreed="0" * 64).status_code == 412


def test_resolving_single_texts_needs_no_second_person(
    office: Office, program: tuple[str, str]
) -> None:
    boss = enter(office, "boss", above=0)
    fields = GRANT_FIELDS | {"permissions": "addresses:resolve", "division": COUNTIES["own"]}
    boss.post(f"{program[0]}/give", **fields)
    assert "待审批" not in boss.get(program[0]).text


def test_keys_rotate_with_overlap_and_are_revoked(
    office: Office, boss: SignedIn, program: tuple[str, str]
) -> None:
    home, old = program
    boss.post(f"{home}/give", **GRANT_FIELDS | {"division": COUNTIES["own"]})
    past = boss.post(f"{home}/keys", last_day=str(today() - timedelta(days=1)))
    assert past.status_code == 422
    assert "已经过去" in past.text
    shown = boss.post(f"{home}/keys", last_day=str(today() + timedelta(days=7))).text
    new = KEY.search(shown)
    assert new
    assert new[0] != old
    assert str(today() + timedelta(days=7)) in shown
    assert [call(office, key)[0] for key in (old, new[0])] == [200, 200]
    assert boss.post(f"{home}/keys/{old.split('_')[1]}/revoke").status_code == 303
    assert [call(office, key)[0] for key in (old, new[0])] == [401, 200]
    assert boss.post(f"{home}/keys/{old.split('_')[1]}/revoke").status_code == 409


def test_a_closed_program_has_no_keys_and_is_listed_apart(
    office: Office, boss: SignedIn, program: tuple[str, str]
) -> None:
    home, key = program
    boss.post(f"{home}/give", **GRANT_FIELDS | {"division": COUNTIES["own"]})
    assert boss.post(f"{home}/close").status_code == 303
    assert call(office, key)[0] == 401
    page = boss.get(home).text
    assert "已停用" in page
    assert "给权限" not in page
    assert f'href="{home}"' not in boss.get("/admin/clients").text
    assert f'href="{home}"' in boss.get("/admin/clients?state=closed").text
    assert boss.post(f"{home}/give", **GRANT_FIELDS).status_code in (403, 409)


def test_a_program_is_found_by_its_owner_and_of_no_other_county(
    office: Office, boss: SignedIn, program: tuple[str, str]
) -> None:
    home, _ = program
    assert f'href="{home}"' in boss.get("/admin/clients?q=民政局（演示）").text
    assert "没有符合条件的程序" in boss.get("/admin/clients?q=无此单位").text
    neighbour, clerk = enter(office, "neighbour"), enter(office, "clerk")
    assert neighbour.get(home).status_code == 404
    assert f'href="{home}"' not in neighbour.get("/admin/clients").text
    assert clerk.get("/admin/clients").status_code == 403
    corrected = PROGRAM | {"contact": "婚姻登记科 0571-87000000"}
    assert boss.post(f"{home}/correct", **corrected).status_code == 303
    assert "婚姻登记科 0571-87000000" in boss.get(home).text


def test_what_ends_soon_stands_on_the_dashboard(
    office: Office, boss: SignedIn, program: tuple[str, str]
) -> None:
    home, _ = program
    soon = str(today() + timedelta(days=3))
    boss.post(f"{home}/give", **GRANT_FIELDS | {"division": COUNTIES["own"], "valid_until": soon})
    board = boss.get("/admin").text
    assert grant_of(office, home) in board
    assert "快到期，还要用的请换新的" in board

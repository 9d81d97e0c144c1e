"""What an officer finds in the list of addresses, by whatever names them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import pytest
from sqlalchemy import text

from address_model.codes import format_code
from address_model.work import WorkKind
from service.addresses.commands import enter_addresses
from service.admin import pages_addresses
from service.admin.address_search import NOTHING
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.plates.commands import issue_plates, open_batch
from service.plates.queries import address_lists
from service.scans.pages import WRONG_DIGITS
from service.worklists.commands import open_item
from service.worklists.drafts import WorkDraft
from tests.database import migrated_database
from tests.factories.addresses import make_draft, make_elements
from tests.factories.divisions import make_place
from tests.factories.hosts import PREFIX
from tests.factories.office import COUNTIES, insert_account
from tests.factories.staff import SignedIn, sign_in
from tests.factories.streets import enter_doors

DOORS = ["河坊街1号", "河坊街2号", "河坊街3弄1号", "河坊街10号", "文一路2号", "文一路10号"]
"""In the order of the list: 河坊街 before 文一路, as in pinyin."""


@dataclass(frozen=True)
class Town:
    """Doors in street order, the tokens of their plates, and a door of another county."""

    database: Database
    codes: list[str]
    tokens: dict[str, str]
    foreign: str


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            place = make_place(session)
            codes = enter_doors(session, DOORS, place=place)
            batch = open_batch(
                session, name="t", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
            )
            issued = issue_plates(session, batch, codes[:2], COMMAND_LINE, status="in_use")
            draft = make_draft(
                place,
                county="330106",
                division_id=place.ids["330106001000"],
                division_code="330106001000",
                elements=make_elements("88", county="西湖区"),
            )
            (foreign,) = enter_addresses(session, [draft], COMMAND_LINE)
            insert_account(session, "officer", Role.OFFICER, COUNTIES["own"])
            insert_account(session, "stranger", Role.OFFICER, COUNTIES["foreign"])
            insert_account(session, "auditor", Role.AUDITOR, COUNTIES["own"])
        with database.session() as session:
            session.execute(
                text("update address set status = 'frozen' where code = :c"), {"c": codes[3]}
            )
            session.execute(text("update address set geom = null where code = :c"), {"c": codes[4]})
            session.execute(
                text(
                    "insert into address_identifier (scheme, value, code, valid_from) "
                    "values ('公安', 'GA-7', :c, '2020-01-01')"
                ),
                {"c": codes[5]},
            )
        yield Town(database, codes, dict(zip(codes[:2], issued, strict=True)), str(foreign))
        database.dispose()


@pytest.fixture
def officer(town: Town) -> SignedIn:
    return sign_in(town.database, "officer")


def listed(page: str) -> list[str]:
    return re.findall(r'href="/admin/addresses/(\d{16})"', page)


def ask(person: SignedIn, **fields: str) -> str:
    answer = person.browser.get("/admin/addresses", params=fields)
    if answer.status_code == 303:
        return f"→ {answer.headers['location']}"
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def test_without_a_word_the_own_division_is_listed_in_street_order(
    town: Town, officer: SignedIn
) -> None:
    page = ask(officer)
    assert "上城区，按街路顺序排列" in page
    assert listed(page) == town.codes
    assert town.foreign not in page
    assert '<option value="330102001000">清波街道</option>' in page


@pytest.mark.parametrize(
    "writing", ["code", "spaced", "begun", "token", "scanned", "text", "half", "identifier"]
)
def test_what_means_one_address_leads_to_it(town: Town, officer: SignedIn, writing: str) -> None:
    code, token = next(iter(town.tokens.items()))
    typed = {
        "code": code,
        "spaced": format_code(code),
        "begun": format_code(code)[:14],
        "token": token.lower(),
        "scanned": f"https://mp.hangzhou.gov.cn/{token}",
        "text": "浙江省杭州市上城区清波街道河坊街1号",
        "half": "河坊街1号",
        "identifier": "GA-7",
    }
    wanted = town.codes[5] if writing == "identifier" else code
    assert ask(officer, q=typed[writing]) == f"→ /admin/addresses/{wanted}"


@pytest.mark.parametrize("typed", ["河坊街", "HeFang Jie", " 河坊街 "])
def test_a_street_lists_its_doors_in_order(town: Town, officer: SignedIn, typed: str) -> None:
    page = ask(officer, q=typed)
    assert "河坊街，按街路顺序排列" in page
    assert listed(page) == town.codes[:4]


def test_a_former_name_of_a_street_lists_its_doors(town: Town, officer: SignedIn) -> None:
    with town.database.session() as session:
        session.execute(
            text(
                "insert into place_name_form (place_name_id, position, text, kind) "
                "select id, 1, '清河坊街', 'former' from place_name where standard_name = '河坊街' "
                "and county = '330102'"
            )
        )
    assert listed(ask(officer, q="清河坊街")) == town.codes[:4]


@pytest.mark.parametrize(
    ("typed", "code"), [("清波街道", "330102001000"), ("330102", "330102000000")]
)
def test_a_division_leads_to_its_list(officer: SignedIn, typed: str, code: str) -> None:
    path = ask(officer, q=typed, state="active")
    assert path == f"→ /admin/addresses?division={code}&state=active"


def test_the_list_of_a_township(town: Town, officer: SignedIn) -> None:
    page = ask(officer, division="清波街道")
    assert "清波街道，按街路顺序排列" in page
    assert listed(page) == town.codes


def test_states_and_what_is_missing_combine(town: Town, officer: SignedIn) -> None:
    assert listed(ask(officer, state="frozen")) == [town.codes[3]]
    assert listed(ask(officer, no_point="1")) == [town.codes[4]]
    assert listed(ask(officer, no_plate="1")) == town.codes[2:]
    assert listed(ask(officer, no_plate="1", state="frozen", q="河坊街")) == [town.codes[3]]
    assert "上城区没有这样的地址" in ask(officer, state="invalid", no_plate="1")


def test_columns_say_state_point_and_plate(town: Town, officer: SignedIn) -> None:
    page = ask(officer)
    cells = re.findall(r"<tr>\n(.*?)</tr>", page, re.DOTALL)
    assert f'href="/admin/plates/{town.tokens[town.codes[0]]}">在用' in cells[0]
    assert "冻结" in cells[3]
    assert "无牌" in cells[4]
    assert "缺" in cells[4]


def test_the_list_goes_on_by_pages(
    town: Town, officer: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages_addresses, "PAGE", 2)
    seen, path = [], "/admin/addresses?no_plate=1"
    while path:
        page = officer.browser.get(path).text
        seen += listed(page)
        more = re.search(r'href="([^"]+)">下一页', page)
        path = unescape(more[1]) if more else ""
        assert ("回到开头" in page) == (len(seen) > 2)
    assert seen == town.codes[2:]


def test_a_long_list_is_looked_through_in_parts_and_says_so(
    town: Town, officer: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address_lists, "SCANNED", 3)
    monkeypatch.setattr(pages_addresses, "SCANNED", 3)
    page = ask(officer, no_plate="1")
    assert listed(page) == [town.codes[2]]
    assert "这次查看了 3 个地址，其中符合的有 1 个" in page
    more = re.search(r'href="([^"]+)">继续查找', page)
    assert more
    assert listed(officer.browser.get(unescape(more[1])).text)[0] == town.codes[3]


def test_a_cursor_of_another_list_is_refused(officer: SignedIn) -> None:
    assert officer.browser.get("/admin/addresses?after=x").status_code == 422
    assert officer.browser.get("/admin/addresses?after=zz~1").status_code == 422


def test_suspects_are_looked_for_in_a_county_with_their_reasons(
    town: Town, officer: SignedIn
) -> None:
    with town.database.session() as session:
        session.execute(
            text(
                "insert into address_identifier (scheme, value, code, valid_from) values "
                "('source:旧系统', 'A1', :c, '2020-01-01'), "
                "('source:旧系统', 'A2', :c, '2020-01-01')"
            ),
            {"c": town.codes[1]},
        )
    page = ask(officer, suspect="1")
    assert listed(page) == [town.codes[1]]
    assert "有多条记录" in page


@pytest.mark.parametrize("typed", ["西湖区河坊街88号", "没有这样的路9号", "hello"])
def test_nothing_of_another_county_is_found(town: Town, officer: SignedIn, typed: str) -> None:
    for searched in (typed, town.foreign):
        assert town.foreign not in listed(ask(officer, q=searched))
    stranger, code = sign_in(town.database, "stranger"), town.codes[0]
    for typed_by in (code, code[:12], "河坊街1号", town.tokens[code], "GA-7"):
        assert not set(listed(ask(stranger, q=typed_by))) & set(town.codes)


def test_what_is_not_found_is_said_with_advice(officer: SignedIn) -> None:
    assert NOTHING in ask(officer, q="ZZZZZZZZZZ")
    assert WRONG_DIGITS in ask(officer, q="3301061234567834")
    page = ask(officer, q="河坊")
    assert 'href="/admin/addresses?q=%E6%B2%B3%E5%9D%8A%E8%A1%97' in page


def test_the_search_stands_in_the_head_of_every_page_for_who_may_read(town: Town) -> None:
    officer, auditor = sign_in(town.database, "officer"), sign_in(town.database, "auditor")
    for path in ("/admin", "/admin/plates", "/admin/addresses"):
        page = officer.browser.get(path).text
        assert 'class="seek" role="search"' in page
        assert '<a href="/admin/addresses"' in page
    page = auditor.browser.get("/admin").text
    assert 'class="seek"' not in page
    assert "/admin/addresses" not in page
    assert 'href="/heritage"' in page


def test_a_page_that_refuses_keeps_the_head_of_the_others(town: Town) -> None:
    officer = sign_in(town.database, "officer")
    for path in ("/admin/addresses?division=330106", "/admin/plates/ZZZZZZZZZZ", "/admin/audit"):
        answer = officer.browser.get(path)
        assert answer.status_code in (403, 404)
        assert 'class="seek"' in answer.text
        assert '<a href="/admin/plates"' in answer.text


@pytest.mark.parametrize(
    "typed",
    ["(", "[河", "%", "*", "\\", "'", "1" * 300, "jianshejie", "号", "😀", "330102199999", "0"],
)
def test_whatever_is_typed_gets_a_page(officer: SignedIn, typed: str) -> None:
    assert NOTHING in ask(officer, q=typed)


def test_who_reads_two_counties_finds_a_street_in_the_other_one(town: Town) -> None:
    with town.database.session() as session:
        insert_account(session, "both", Role.VIEWER, COUNTIES["own"])
        session.execute(
            text(
                "insert into role_assignment (account_id, role, division) "
                "select id, 'viewer', :d from staff_account where name = 'both'"
            ),
            {"d": COUNTIES["foreign"]},
        )
    both = sign_in(town.database, "both")
    assert listed(ask(both, q="河坊街")) == town.codes[:4]
    assert listed(ask(both, q="河坊街", division="西湖区")) == [town.foreign]
    page = ask(both, q="文一路", division="西湖区")
    assert listed(page) == town.codes[4:]
    assert "西湖区没有文一路的地址，以下是上城区的。" in page


def test_plates_and_work_items_lead_to_their_address(town: Town, officer: SignedIn) -> None:
    code, token = next(iter(town.tokens.items()))
    with town.database.session() as session:
        open_item(session, WorkDraft(WorkKind.INSPECT, code, token), COMMAND_LINE)
    for path in ("/admin/work-items", "/admin/plates", f"/admin/plates/{token}"):
        page = officer.browser.get(path).text
        assert f'href="/admin/addresses/{code}"' in page, path
    assert f'href="/admin/plates/{token}">门牌' in officer.browser.get("/admin/work-items").text

"""What is printed on a plate can be typed where crews and officers look for it."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest

from address_model.codes import format_code
from address_model.work import WorkKind
from service.admin.crew.form import NOT_READ, UNKNOWN
from service.admin.plates import pages as plates_pages
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.plates.commands import (
    ReplacementRequest,
    install_plate,
    issue_plates,
    open_batch,
    replace_plate,
)
from service.scans.pages import WRONG_DIGITS
from service.worklists.commands import open_item
from service.worklists.drafts import WorkDraft
from tests.database import migrated_database
from tests.factories.office import COUNTIES, insert_account
from tests.factories.plates import PREFIX, make_visit
from tests.factories.staff import SignedIn, sign_in
from tests.factories.streets import enter_doors

DOORS = [
    "河坊街1号", "河坊街2号", "河坊街2-1号", "河坊街3弄1号", "河坊街10号",
    "文一路1号", "文一路3号", "文一路5号",
]  # fmt: skip
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
WRITINGS: dict[str, Callable[[str, str], str]] = {
    "token": lambda token, code: token,
    "small": lambda token, code: f" {token.lower()} ",
    "confused": lambda token, code: token.replace("0", "o").replace("1", "l"),
    "scanned": lambda token, code: f"HTTPS://MP.HANGZHOU.GOV.CN/{token}?v=elder",
    "pasted": lambda token, code: f"[链接] http://mp.hangzhou.gov.cn/{token.lower()} 复制打开",
    "digits": lambda token, code: code,
    "spaced": lambda token, code: format_code(code),
    "wide": lambda token, code: format_code(code).translate(FULL_WIDTH),
    "page": lambda token, code: f"https://mp.hangzhou.gov.cn/a/{code}",
}


@pytest.fixture(scope="module")
def street() -> Iterator[tuple[Database, list[str], list[str]]]:
    """A street with plates to hang, its crew and officer, and an officer of another county."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            codes = enter_doors(session, DOORS)
            batch = open_batch(
                session, name="t", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
            )
            tokens = issue_plates(session, batch, codes[:7], COMMAND_LINE, status="to_install")
            for number in (4, 0, 3, 2, 1):
                draft = WorkDraft(WorkKind.INSTALL, codes[number], tokens[number])
                open_item(session, draft, COMMAND_LINE)
            insert_account(session, "li", Role.CREW, COUNTIES["own"])
            insert_account(session, "officer", Role.OFFICER, COUNTIES["own"])
            insert_account(session, "stranger", Role.OFFICER, COUNTIES["foreign"])
            insert_account(session, "hu", Role.CREW, COUNTIES["foreign"])
        yield database, tokens, codes
        database.dispose()


Street = tuple[Database, list[str], list[str]]


def landing(person: SignedIn, answer: Any) -> str:
    """Where a person ends up."""
    while answer.status_code == 303:
        path = answer.headers["location"]
        answer = person.browser.get(path)
    assert answer.status_code == 200, answer.text
    return str(path)


@pytest.mark.parametrize("writing", WRITINGS)
def test_a_crew_opens_a_plate_by_what_stands_on_it(street: Street, writing: str) -> None:
    database, tokens, codes = street
    crew = sign_in(database, "li")
    sent = crew.post("/crew", scanned=WRITINGS[writing](tokens[5], codes[5]))
    assert landing(crew, sent) == f"/crew/{tokens[5]}"


@pytest.mark.parametrize("writing", WRITINGS)
def test_an_officer_finds_a_plate_by_what_stands_on_it(street: Street, writing: str) -> None:
    database, tokens, codes = street
    officer = sign_in(database, "officer")
    answer = officer.browser.get(
        "/admin/plates", params={"q": WRITINGS[writing](tokens[5], codes[5])}
    )
    if answer.status_code == 303:
        assert answer.headers["location"] == f"/admin/plates/{tokens[5]}"
    else:
        assert links_in(answer.text) == [tokens[5]]


def links_in(page: str) -> list[str]:
    return re.findall(r'href="/admin/plates/(\w{10})"', page)


def test_what_is_no_code_is_told_in_words_of_the_plate(street: Street) -> None:
    database, _, _ = street
    crew, officer = sign_in(database, "li"), sign_in(database, "officer")
    for typed, fault in (("hello", NOT_READ), ("3301061234567834", WRONG_DIGITS)):
        answer: Any = crew.post("/crew", scanned=typed)
        assert (answer.status_code, fault in answer.text) == (422, True)
    assert WRONG_DIGITS in officer.browser.get("/admin/plates?q=3301061234567834").text
    for path, fault in (
        ("hello", NOT_READ),
        ("ZZZZZZZZZZ", UNKNOWN),
        ("3301061234567833", UNKNOWN),
    ):
        page = crew.browser.get(f"/crew/{path}")
        assert (page.status_code, fault in page.text) == (404, True)
        assert f'name="scanned" value="{path}"' in page.text


def test_of_several_plates_at_a_door_the_crew_says_which(street: Street) -> None:
    database, tokens, codes = street
    with database.session() as session:
        install_plate(session, tokens[6], make_visit(), COMMAND_LINE)
        order = ReplacementRequest("破裂", PREFIX, approval_above=100)
        new = replace_plate(session, tokens[6], order, make_visit(None), COMMAND_LINE).successor
    crew = sign_in(database, "li")
    page = crew.browser.get(f"/crew/{codes[6]}?photo={'0' * 64}").text
    offered = re.findall(r'href="/crew/(\w{10})\?photo=0{64}"', page)
    assert offered == [new, tokens[6]]
    assert [page.count(state) for state in ("在用", "待制作")] == [1, 1]
    with database.session() as session:
        install_plate(session, str(new), make_visit(), COMMAND_LINE)
    assert crew.browser.get(f"/crew/{codes[6]}").headers["location"] == f"/crew/{new}"


def test_a_door_without_a_plate_is_said_to_have_none(street: Street) -> None:
    database, _, codes = street
    answer = sign_in(database, "li").browser.get(f"/crew/{codes[7]}")
    assert (answer.status_code, "这个地址还没有门牌" in answer.text) == (404, True)


def test_codes_of_other_counties_are_not_opened(street: Street) -> None:
    database, tokens, codes = street
    stranger = sign_in(database, "hu")
    assert stranger.browser.get(f"/crew/{codes[0]}").status_code == 403
    page = sign_in(database, "stranger").browser.get(f"/admin/plates?q={codes[0]}").text
    assert "您的区划内没有这个地址或编码" in page
    assert tokens[0] not in page


def test_a_street_lists_its_plates_in_its_order_by_pages(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, tokens, _ = street
    monkeypatch.setattr(plates_pages, "PAGE", 2)
    officer = sign_in(database, "officer")
    seen, path = [], "/admin/plates?q=河坊街"
    while path:
        page = officer.browser.get(path).text
        assert "河坊街的门牌，按街路顺序排列" in page
        seen += links_in(page)
        more = re.search(r'class="pager"><a[^>]* href="([^"]+)"', page)
        path = unescape(more[1]) if more else ""
    assert seen == tokens[:5]
    assert links_in(sign_in(database, "stranger").browser.get("/admin/plates?q=河坊街").text) == []


@pytest.mark.parametrize("typed", ["上城区", "清波街道", "330102"])
def test_a_division_lists_its_plates(street: Street, typed: str) -> None:
    database, tokens, _ = street
    page = sign_in(database, "officer").browser.get(f"/admin/plates?q={typed}").text
    assert set(links_in(page)) >= set(tokens)
    assert "按街路顺序排列" in page
    assert (
        links_in(sign_in(database, "stranger").browser.get(f"/admin/plates?q={typed}").text) == []
    )


def test_the_right_address_is_not_called_a_near_one(street: Street) -> None:
    database, tokens, _ = street
    page = sign_in(database, "officer").browser.get("/admin/plates?q=河坊街10号").text
    assert links_in(page) == [tokens[4]]
    assert "没有完全相同的地址" not in page


def test_work_and_the_next_plate_come_in_the_order_of_the_street(street: Street) -> None:
    database, tokens, _ = street
    crew = sign_in(database, "li")
    page = crew.browser.get("/crew").text
    assert re.findall(r'href="/crew/(\w{10})"', page) == tokens[:5]
    for number, following in ((1, 2), (2, 3), (3, 4), (4, 0)):
        form = crew.browser.get(f"/crew/{tokens[number]}").text
        event = re.search(r'name="event_id" value="([^"]+)"', form)
        assert event
        fields = {"event_id": event[1], "what": "installed", "lon": "120.165", "lat": "30.24"}
        done: Any = crew.post(f"/crew/{tokens[number]}", **fields)
        page = crew.browser.get(done.headers["location"]).text
        assert f'href="/crew/{tokens[following]}">下一块' in page

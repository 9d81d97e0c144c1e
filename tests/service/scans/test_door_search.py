"""What a resident finds by typing an address, and what nobody finds."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from service.app import create_app
from service.core.database import Database
from service.core.settings import Settings
from service.scans.queries.door_search import MOST_SHOWN, DoorSearch, Found, find_doors
from tests.database import database_with_divisions
from tests.factories.typed_town import CONTACT, PHONE, TypedTown, make_typed_town
from tests.factories.xss import VECTORS

Town = tuple[Database, TypedTown, TestClient]


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with database_with_divisions() as made:
        database = Database(made.app_url)
        with database.session() as session:
            codes = make_typed_town(session)
        app = create_app(database, Settings(door_search_limit=1_000_000, total_limit_times=100))
        with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
            client.headers["accept"] = "text/html"
            client.get("/", params={"q": "河坊街2号"})  # gazetteer and names are read once
            yield database, codes, client
        database.dispose()


def search(town: Town, text: str) -> DoorSearch:
    with town[0].reading() as session:
        return find_doors(session, text)


def codes_of(found: DoorSearch) -> list[str]:
    return [one.code for one in found.doors]


@pytest.mark.parametrize(
    ("typed", "kind", "names"),
    [
        ("河坊街2号", Found.HERE, ["河坊街2号"]),
        ("河坊街 ２ 号", Found.HERE, ["河坊街2号"]),
        ("上城区清波街道河坊街2号", Found.HERE, ["河坊街2号"]),
        ("浙江省杭州市上城区清波街道河坊街2号", Found.HERE, ["河坊街2号"]),
        ("杭州河坊街2号", Found.HERE, ["河坊街2号"]),
        ("hefangjie 2", Found.LIKELY, ["河坊街2号"]),
        ("Hefang Jie 88号", Found.LIKELY, ["河坊街88号"]),
        ("河访街2号", Found.LIKELY, ["河坊街2号"]),
        ("河坊街88号201室", Found.DOOR_ONLY, ["河坊街88号"]),
        ("河坊街88号2单元999室", Found.DOOR_ONLY, ["河坊街88号"]),
        ("河坊街88号3幢", Found.DOOR_ONLY, ["河坊街88号"]),
        ("金家桥小区1幢303室", Found.DOOR_ONLY, ["金家桥小区1幢"]),
        ("金家桥小区1幢", Found.HERE, ["金家桥小区1幢"]),
        ("旧门街5号", Found.FORMER, ["河坊街2号"]),
        ("拆光街7号", Found.HERE, ["拆光街7号"]),
        ("老号街12号", Found.NEAREST, ["老号街12号"]),
        ("民权路3号", Found.FORMER, ["民权路3号"]),
        ("民生路3号", Found.HERE, ["民权路3号"]),
        ("人民路1号", Found.SEVERAL, ["人民路1号 清波", "人民路1号 王店", "人民路1号 城西"]),
        ("王店镇人民路1号", Found.HERE, ["人民路1号 王店"]),
        ("义乌人民路1号", Found.HERE, ["人民路1号 城西"]),
        ("renminlu 1", Found.SEVERAL, ["人民路1号 清波", "人民路1号 王店", "人民路1号 城西"]),
        ("无此路3号", Found.NOTHING, []),
        ("河坊街300号777室", Found.NEAREST, []),
        ("12345", Found.NOTHING, []),
    ],
)
def test_a_text_leads_to_the_doors_it_may_mean(
    town: Town, typed: str, kind: Found, names: list[str]
) -> None:
    found = search(town, typed)
    assert found.kind is kind
    if names:
        assert sorted(codes_of(found)) == sorted(town[1].codes[name] for name in names)


def test_a_divided_door_leads_to_both_parts(town: Town) -> None:
    found = search(town, "分户街6号")
    assert found.kind is Found.FORMER
    assert sorted(one.local_text for one in found.doors) == ["分户街61号", "分户街62号"]


def test_a_missing_number_is_answered_with_doors_beside_it(town: Town) -> None:
    found = search(town, "河坊街91号")
    assert found.kind is Found.NEAREST
    assert "河坊街90号" in [one.local_text for one in found.doors]
    assert len(found.doors) <= MOST_SHOWN


@pytest.mark.parametrize("typed", ["河坊街", "上城区河坊街", "hefangjie", "Hefang Jie"])
def test_a_street_alone_is_asked_for_the_number_and_lists_no_door(town: Town, typed: str) -> None:
    found = search(town, typed)
    assert (found.kind, found.doors) == (Found.STREETS, ())
    assert [one.name for one in found.streets] == ["河坊街"]
    assert found.streets[0].text == "杭州市上城区清波街道河坊街"


def test_a_name_of_several_places_is_told_apart_by_division(town: Town) -> None:
    found = search(town, "人民路")
    assert found.kind is Found.STREETS
    assert sorted(one.where for one in found.streets) == [
        "嘉兴市秀洲区王店镇",
        "杭州市上城区清波街道",
        "金华市义乌市城西街道",
    ]
    for street in found.streets:
        assert search(town, f"{street.text}1号").kind is Found.HERE


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("河坊", ["河坊街"]),
        ("河访街", ["河坊街"]),
        ("金家桥", ["金家桥小区"]),
        ("hefa", ["河坊街"]),
    ],
)
def test_a_name_nobody_has_is_answered_with_those_like_it(
    town: Town, typed: str, names: list[str]
) -> None:
    found = search(town, typed)
    assert (found.kind, found.doors) == (Found.LIKE_NAMES, ())
    assert [one.name for one in found.streets] == names


def test_a_former_street_name_is_answered_with_the_present_one(town: Town) -> None:
    assert [one.name for one in search(town, "民权路").streets] == ["民生路"]


@pytest.mark.parametrize("typed", ["萧山区河坊街2号", "河坊街2号、88号"])
def test_a_number_that_fits_nowhere_leads_to_the_street(town: Town, typed: str) -> None:
    found = search(town, typed)
    assert found.doors == ()
    assert [one.name for one in found.streets] == ["河坊街"]


@pytest.mark.parametrize("typed", ["北京市海淀区人民路1号", "上海市人民路"])
def test_another_province_is_not_searched(town: Town, typed: str) -> None:
    assert search(town, typed).kind is Found.NOTHING


@pytest.mark.parametrize(
    ("home", "no_home"),
    [
        ("河坊街88号201室", "河坊街88号202室"),
        ("金家桥小区1幢303室", "金家桥小区1幢304室"),
        ("河坊街300号777室", "河坊街300号778室"),
        ("上城区河坊街300号777室", "上城区河坊街300号778室"),
    ],
)
def test_no_answer_tells_whether_there_is_a_home(town: Town, home: str, no_home: str) -> None:
    assert search(town, home) == search(town, no_home)


def ask(town: Town, typed: str, **more: str) -> str:
    answer = town[2].get("/", params={"q": typed} | more)
    assert answer.headers["cache-control"] == "private, no-store"
    if answer.status_code == 303:
        return answer.headers["location"]
    assert answer.status_code in (200, 400, 404), (answer.status_code, typed)
    assert "noindex" in answer.headers["x-robots-tag"]
    return answer.text


def test_one_exact_door_opens_its_page(town: Town) -> None:
    code = town[1].codes["河坊街2号"]
    assert ask(town, "河坊街2号") == f"/a/{code}"
    assert ask(town, "河坊街2号", v="elder", lang="en") == f"/a/{code}?v=elder&lang=en"


def test_links_of_a_list_keep_view_language_and_text(town: Town) -> None:
    page = ask(town, "人民路1号", v="elder", lang="en")
    assert f'href="/a/{town[1].codes["人民路1号 王店"]}?v=elder&amp;lang=en"' in page
    typed = "q=%E4%BA%BA%E6%B0%91%E8%B7%AF1%E5%8F%B7"
    assert f'href="?{typed}&amp;lang=en"' in page
    assert f'href="?{typed}&amp;v=elder"' in page
    assert "Renmin" in page


def test_nothing_found_says_how_to_go_on(town: Town) -> None:
    answer = town[2].get("/", params={"q": "无此路3号"})
    assert answer.status_code == 404
    assert 'href="tel:12345"' in answer.text
    assert "街路、小区或村的名字和门牌号" in answer.text
    assert 'value="无此路3号"' in answer.text


ROOM = re.compile(r"(201|303|777)\s*室|Room (201|303|777)")
SECRETS = (CONTACT, PHONE, PHONE.replace("-", ""))
WORDS = ("浙江省", "杭州市", "上城区", "清波街道", "河坊街", "金家桥小区", "人民路", "旧门街")
PIECES = st.sampled_from(
    [*WORDS, "王店镇", "hefangjie", "2", "88", "300", "1", "号", "幢", "1幢", "单元", " ", "室"]
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(PIECES, min_size=1, max_size=8))
def test_no_answer_holds_a_home_or_a_contact(town: Town, pieces: list[str]) -> None:
    typed = "".join(pieces).strip() or "河坊街"
    page = ask(town, typed)
    homes = {town[1].codes[name] for name in town[1].codes if "室" in name}
    assert [code for code in homes if code in page] == []
    assert not ROOM.search(page.replace(typed, ""))
    assert [secret for secret in SECRETS if secret in page] == []
    assert page.count('href="/a/') <= MOST_SHOWN


@pytest.mark.parametrize(
    "typed",
    [
        *VECTORS[::12],
        "'; drop table address; --",
        "%' or '1'='1",
        "\\",
        "a\0b",
        "号" * 300,
        "河坊街" * 100,
        "1" * 299,
        "-" * 299,
        "\u202e河坊街2号",
        "🏠2号",
    ],
)
def test_hostile_texts_get_an_answer_and_run_nothing(town: Town, typed: str) -> None:
    page = ask(town, typed)
    assert "<script>" not in page
    assert "window.ran=1>" not in page.replace("&gt;", "")
    assert ask(town, "河坊街2号").startswith("/a/")


@pytest.mark.parametrize("letter", ["1", "-", "a"])
def test_ten_thousand_letters_are_refused_as_too_long(town: Town, letter: str) -> None:
    answer = town[2].get("/", params={"q": letter * 10_000})
    assert answer.status_code == 414
    assert "请求有误" in answer.text


def test_too_many_searches_are_refused_in_plain_words_and_codes_are_not(town: Town) -> None:
    app = create_app(town[0], Settings(door_search_limit=2))
    with TestClient(app, follow_redirects=False) as client:
        client.headers["accept"] = "text/html"
        code = town[1].codes["河坊街2号"]
        limited = [client.get("/", params={"q": "河坊街2号"}).status_code for _ in range(4)]
        assert limited[-1] == 429
        refused = client.get("/", params={"q": "河坊街2号", "v": "elder", "lang": "en"})
        assert refused.headers["retry-after"]
        assert "Too many" in refused.text
        assert client.get("/", params={"q": code}).status_code == 303
        assert client.get("/").status_code == 200

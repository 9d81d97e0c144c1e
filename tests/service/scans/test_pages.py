import gzip
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.core.pool import POOL
from service.core.settings import Settings
from service.core.web import _reading
from service.scans import pages
from service.scans.card import CardState, CardStatus, ScanCard
from service.scans.site import Site
from service.scans.states import TELLINGS
from tests.factories.cards import CODE, DEMO_SITE, PLATE, card_of, street_card

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
NO_CONTACTS = "7K3M9QX2TC"


def find_by_token(session: object, token: str) -> ScanCard | None:
    cards = {PLATE: street_card(), NO_CONTACTS: street_card(contacts=())}
    return cards.get(token)


def find_by_code(session: object, code: str) -> ScanCard | None:
    return street_card(contacts=(), token="") if code == CODE.digits else None


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(pages.make_router(find_by_token, find_by_code, DEMO_SITE))
    app.dependency_overrides[_reading] = lambda: None
    with TestClient(app, follow_redirects=False) as client:
        yield client


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "input", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(page)
    assert parser.open == []
    return parser.found


PAGES = {
    "street": lambda: pages.render_card(street_card(), DEMO_SITE),
    "room": lambda: pages.render_card(card_of("ZJH-0087-B03-U2-501"), DEMO_SITE),
    "village": lambda: pages.render_card(card_of("ZJH-0080-3-007"), DEMO_SITE),
    "bare": lambda: pages.render_card(
        street_card(contacts=(), position=None, sketch=None, community="", pinyin="", romanised=""),
        Site(),
    ),
    "unknown": lambda: pages.render_unknown(DEMO_SITE),
    "home": lambda: pages.render_home(DEMO_SITE),
    "privacy": lambda: pages.render_privacy(DEMO_SITE),
    "error": lambda: pages.render_error(503, DEMO_SITE),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_script_no_foreign_resource_and_no_inline_style(name: str) -> None:
    for tag, attributes in tags(PAGES[name]()):
        assert tag not in ("script", "iframe", "object", "img")
        assert not any(key.startswith("on") or key == "style" for key in attributes)
        if tag == "link":
            assert (attributes["href"] or "").startswith("data:")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_weighs_under_fourteen_kilobytes_compressed(name: str) -> None:
    assert len(gzip.compress(PAGES[name]().encode(), 6)) <= 14_000


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_that_it_never_asks_for_money_or_codes(name: str) -> None:
    assert "不会要求付款、登录或输入验证码" in PAGES[name]()


@pytest.mark.parametrize("name", sorted(set(PAGES) - {"bare"}))
def test_a_demo_page_is_marked_as_example_data(name: str) -> None:
    assert "示例数据" in PAGES[name]()


def test_a_sample_card_is_marked_even_on_a_real_site() -> None:
    assert "示例数据" in pages.render_card(street_card(), Site())
    assert "示例数据" not in pages.render_card(street_card(is_demo=False, sketch=None), Site())


def test_the_scan_page_shows_what_stands_before_the_door() -> None:
    page = pages.render_card(street_card(), DEMO_SITE)
    text = re.sub(r"<[^>]+>", "", page)
    assert "河坊街" in text
    assert " ".join(street_card().groups) in text
    assert "示例社区 1" in text
    assert "在用" in text
    assert "网格员 演示乙" in text
    assert "11月20日核对" in text
    code = " ".join(street_card().groups)
    assert f"我在杭州市上城区清波街道河坊街88号，地址编码 {code}。" in text
    links = [attributes["href"] for tag, attributes in tags(page) if tag == "a"]
    assert links[:3] == ["tel:110", "tel:119", "tel:120"]
    assert "tel:057100000004" in links


@pytest.mark.parametrize("status", list(CardStatus))
def test_every_status_has_words(status: CardStatus) -> None:
    page = pages.render_card(street_card(status=status), DEMO_SITE)
    assert TELLINGS[CardState(status)].label in page


def test_without_contacts_the_page_names_the_public_hotline() -> None:
    assert "tel:12345" in pages.render_card(street_card(contacts=()), DEMO_SITE)


def test_text_from_the_register_is_escaped() -> None:
    evil = "<script>alert(1)</script>"
    card = street_card(community=evil, pinyin=evil, romanised=evil, standard_text=evil)
    assert "<script" not in pages.render_card(card, Site(operator=evil))


def test_the_scan_answers_a_page_that_no_cache_may_keep(client: TestClient) -> None:
    answer = client.get(f"/{PLATE}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers
    assert "etag" not in answer.headers


def test_the_style_in_the_page_is_the_one_the_policy_lets_in(client: TestClient) -> None:
    import base64
    import hashlib

    answer = client.get(f"/{PLATE}")
    style = answer.text.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy


def test_a_page_without_contact_may_be_cached_and_is_answered_304(client: TestClient) -> None:
    first = client.get(f"/{NO_CONTACTS}")
    assert first.headers["cache-control"].startswith("public, max-age=")
    again = client.get(f"/{NO_CONTACTS}", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize("written", [PLATE.lower(), "7k3m9-qx2tb", "7K3M9QX2TB?utm=1&x=y"])
def test_a_token_is_found_however_it_is_written(client: TestClient, written: str) -> None:
    assert client.get(f"/{written}").status_code == 200


def test_json_is_given_to_those_who_prefer_it(client: TestClient) -> None:
    answer = client.get(f"/{PLATE}", headers={"accept": "application/json"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["token"] == PLATE
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["vary"] == "Accept"


def test_an_unknown_token_is_warned_of_as_a_possible_forgery(client: TestClient) -> None:
    answer = client.get("/0000000000")
    assert answer.status_code == 404
    assert "伪造" in answer.text
    assert "tel:96110" in answer.text
    problem = client.get("/0000000000", headers={"accept": "application/json"})
    assert problem.status_code == 404
    assert problem.headers["content-type"] == "application/problem+json"


def test_what_cannot_be_a_token_is_an_ordinary_missing_page(client: TestClient) -> None:
    answer = client.get("/wp-login.php")
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("7k3m9 qx2tb", f"/{PLATE}"),
        (" ".join(street_card().groups), f"/a/{CODE}"),
        (CODE.digits, f"/a/{CODE}"),
        (CODE.digits.translate(FULL_WIDTH), f"/a/{CODE}"),
        (f"https://MP.HANGZHOU.GOV.CN/{PLATE.lower()}?from=wechat", f"/{PLATE}"),
        (f"[链接] http://x.cn/a/{CODE} 复制打开", f"/a/{CODE}"),
    ],
)
def test_the_field_on_the_home_page_leads_to_the_plate(
    client: TestClient, typed: str, leads_to: str
) -> None:
    answer = client.get("/", params={"q": typed})
    assert answer.status_code == 303
    assert answer.headers["location"] == leads_to


@pytest.mark.parametrize(
    ("typed", "fault"),
    [("3301061234567834", pages.WRONG_DIGITS), ("<b>河坊街</b>", pages.MISTYPED)],
)
def test_a_mistyped_code_is_shown_again_with_what_is_wrong(
    client: TestClient, typed: str, fault: str
) -> None:
    answer = client.get("/", params={"q": typed})
    assert answer.status_code == 400
    assert fault in answer.text
    assert "<b>河坊街" not in answer.text


@pytest.mark.parametrize(
    "typed", [CODE.digits, "%20".join(street_card().groups), CODE.digits.translate(FULL_WIDTH)]
)
def test_digits_behind_the_host_lead_to_the_address(client: TestClient, typed: str) -> None:
    answer = client.get(f"/{typed}?lang=en")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/a/{CODE}?lang=en")


def test_wrong_digits_behind_the_host_are_shown_again(client: TestClient) -> None:
    answer = client.get("/3301061234567834")
    assert answer.status_code == 404
    assert pages.WRONG_DIGITS in answer.text
    assert 'value="3301061234567834"' in answer.text


@pytest.mark.parametrize("path", ["/wp-login.php", "/ZZZZZZZZZZ", "/3301061234567834"])
def test_every_fault_page_has_the_field(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert '<form class="sheet" action="/"' in answer.text
    assert "16 位地址编码" in answer.text


def test_a_card_found_by_its_code_shows_no_contact(client: TestClient) -> None:
    answer = client.get(f"/a/{CODE}")
    assert answer.status_code == 200
    assert "演示甲" not in answer.text
    assert client.get("/a/3301061234567833").status_code == 404
    assert client.get("/a/nonsense").status_code == 404


@pytest.mark.parametrize("path", ["/", "/privacy", "/robots.txt"])
def test_the_plain_pages_answer(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_robots_keep_off_every_plate(client: TestClient) -> None:
    assert "Disallow: /\n" in client.get("/robots.txt").text


def test_no_page_of_ours_can_be_taken_for_a_token() -> None:
    router = pages.make_router(find_by_token, find_by_code, DEMO_SITE)
    paths = [getattr(route, "path", "") for route in router.routes]
    assert not [path for path in paths if re.fullmatch(r"/[0-9A-Za-z]{10}", path)]


@pytest.mark.parametrize("status", [404, 418, 429, 500, 503])
def test_every_error_has_a_page_with_words_for_residents(status: int) -> None:
    page = pages.render_error(status, DEMO_SITE)
    assert "tel:110" in page
    assert re.search(r"<h1>[一-龥]{4,}</h1>", page)


def test_the_address_card_is_a_pdf_that_names_nobody(client: TestClient) -> None:
    client.app.state.settings = Settings()  # type: ignore[attr-defined]
    answer = client.get(f"/card/{PLATE}.pdf")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-robots-tag"].startswith("noindex")
    assert answer.content.startswith(b"%PDF-")
    assert client.get(f"/card/{PLATE}.pdf?lang=en").content != answer.content
    POOL.close()


def test_no_address_card_for_a_plate_that_is_not_known(client: TestClient) -> None:
    assert client.get("/card/0000000000.pdf").status_code == 404
    assert client.get("/card/nonsense.pdf").status_code == 404


def test_the_elder_view_and_english_are_answered_by_the_address(client: TestClient) -> None:
    elder = client.get(f"/{PLATE}?v=elder")
    assert '<html lang="zh-CN" class="elder">' in elder.text
    assert "script-src 'self'" in elder.headers["content-security-policy"]
    english = client.get(f"/{PLATE}?lang=en&utm_source=wechat")
    assert '<html lang="en">' in english.text
    assert "script" not in english.headers["content-security-policy"]
    german = client.get(f"/{PLATE}", headers={"accept-language": "de"})
    assert '<html lang="zh-CN">' in german.text


def test_the_script_is_kept_under_an_address_that_changes_with_it(client: TestClient) -> None:
    (path,) = re.findall(r'src="(/static/[^"]+)"', client.get(f"/{PLATE}?v=elder").text)
    answer = client.get(path)
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert "speechSynthesis" in answer.text

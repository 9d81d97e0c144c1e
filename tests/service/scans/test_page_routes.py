"""What the pages of residents answer: headers, redirections, and what cannot be found."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from service.core.pool import RESIDENTS
from service.core.settings import Settings
from service.scans import pages
from service.scans.card import ScanCard
from tests.factories.cards import CODE, DEMO_SITE, PLATE, street_card
from tests.factories.fixed_scans import ScanApp

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
NO_CONTACTS = "7K3M9QX2TC"


def find_by_token(token: str) -> ScanCard | None:
    cards = {PLATE: street_card(), NO_CONTACTS: street_card(contacts=())}
    return cards.get(token)


def find_by_code(code: str) -> ScanCard | None:
    """A reader that has forgotten to leave the contacts out."""
    return street_card(token="") if code == CODE.digits else None


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = ScanApp(find_by_token, find_by_code, DEMO_SITE)
    with TestClient(app, follow_redirects=False) as client:
        yield client


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


def test_a_mistyped_code_is_shown_again_with_what_is_wrong(client: TestClient) -> None:
    answer = client.get("/", params={"q": "3301061234567834"})
    assert answer.status_code == 400
    assert pages.WRONG_DIGITS in answer.text
    assert 'value="3301061234567834"' in answer.text


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
    twin = client.get(f"/a/{CODE}", headers={"accept": "application/json"})
    assert (twin.json()["contacts"], twin.json()["grid"]) == ([], None)
    for text in (answer.text, twin.text):
        hidden = ("演示甲", "演示乙", "示例网格", "示例派出所", "0571-0000")
        assert [one for one in hidden if one in text] == []
    assert "扫门牌上的二维码才显示" in answer.text
    assert "暂未公布" not in answer.text
    assert answer.headers["cache-control"].startswith("public")
    assert twin.headers["cache-control"].startswith("public")
    assert client.get("/a/3301061234567833").status_code == 404
    assert client.get("/a/nonsense").status_code == 404


@pytest.mark.parametrize("path", ["/", "/privacy", "/robots.txt"])
def test_the_plain_pages_answer(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_robots_keep_off_every_plate(client: TestClient) -> None:
    assert "Disallow: /\n" in client.get("/robots.txt").text


def test_the_address_card_is_a_pdf_that_names_nobody(client: TestClient) -> None:
    client.app.state.settings = Settings()  # type: ignore[attr-defined]
    answer = client.get(f"/card/{PLATE}.pdf")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-robots-tag"].startswith("noindex")
    assert answer.content.startswith(b"%PDF-")
    assert client.get(f"/card/{PLATE}.pdf?lang=en").content != answer.content
    RESIDENTS.close()


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

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from service.heritage.catalogue_filter import Show
from service.heritage.labels import NOTES, RELATIONS
from service.heritage.seed import Seed
from tests.factories.heritage import HAIYAN, HEFANG, WUZHEN, YIWU, ZHUGE, heritage_client

WAYS = ["/heritage", "/heritage?show=map", "/heritage?show=time"]
ENTRIES = [f"/heritage/{one}" for one in (HAIYAN, WUZHEN, HEFANG, ZHUGE, YIWU)]


@pytest.fixture
def client(catalogue: Session) -> Iterator[TestClient]:
    with heritage_client(catalogue) as client:
        yield client


def read(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def words(page: str) -> str:
    """What a reader sees: the text without style, data and tags."""
    bare = re.sub(r"<(style|script|title).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", bare)).split())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("海盐", "海盐县"),
        ("haiyan", "海盐县"),
        ("Hǎiyán", "海盐县"),
        ("西陵", "西兴街道"),
        ("清河坊", "河坊街"),
    ],
)
def test_a_name_is_found_by_characters_pinyin_and_its_former_name(
    client: TestClient, text: str, name: str
) -> None:
    page = read(client, f"/heritage?q={text}")
    assert name in re.findall(r"<h2[^>]*>([^<]+)</h2>", page)


def test_a_facet_narrows_and_a_chosen_one_leads_back_out(client: TestClient) -> None:
    page = read(client, "/heritage")
    link, label, count = re.search(
        r'<a href="([^"]*kind=bridge[^"]*)"><span>([^<]+)</span> <b>(\d+)</b>', page
    ).groups()  # type: ignore[union-attr]
    narrowed = read(client, unescape(link))
    assert (label, f"找到 {count} 条" in words(narrowed)) == ("桥梁", True)
    assert narrowed.count('class="card ') == int(count)
    assert re.search(r'<a href="/heritage" class="chosen" aria-current="true">', narrowed)


def test_the_list_goes_on_over_its_pages_and_ends(client: TestClient) -> None:
    address, seen = "/heritage", []
    while address:
        page = read(client, address)
        seen += re.findall(r'class="card [\w-]+" href="/heritage/([^"]+)"', page)
        further = re.search(r'href="([^"]+)" rel="next"', page)
        address = unescape(further[1]) if further else ""
    total = re.search(r"共 (\d+) 条", read(client, "/heritage"))
    assert total is not None
    assert len(seen) == len(set(seen)) == int(total[1])


def test_nothing_found_says_what_to_try(client: TestClient) -> None:
    for show in Show:
        page = read(client, f"/heritage?q=无此地名&show={show}")
        assert "找到 0 条" in words(page)
    assert "可以试试旧名" in read(client, "/heritage?q=无此地名")


def test_the_name_of_wuzhen_is_younger_than_the_town(client: TestClient) -> None:
    """Row 1: name and settlement are two tests, and the page says which is not met and why."""
    said = words(read(client, f"/heritage/{WUZHEN}"))
    assert "聚落满千年 已满千年 872年起" in said
    assert "地名满千年 未满千年 1190年起" in said
    assert "未入选" in said


def test_a_place_on_no_list_says_so(client: TestClient) -> None:
    said = words(read(client, f"/heritage/{ZHUGE}"))
    assert "暂未列入名录 已查各级名录，未见收录" in said
    assert "Zhūgěcūn" in said


def test_every_relation_of_the_catalogue_is_said_in_chinese(seed: Seed) -> None:
    told = {
        NOTES.get(one.note, one.note) or RELATIONS.get(one.kind, one.kind)
        for entry in seed.entries
        for one in entry.relations
    }
    assert [one for one in told if re.search("[A-Za-z]", one)] == []


def test_rival_accounts_stand_side_by_side_and_a_legend_says_so(client: TestClient) -> None:
    """Row 3."""
    page = read(client, f"/heritage/{YIWU}")
    assert 'class="accounts rival"' in page
    kinds = re.findall(r'<div class="account is-(\w+)"><h3>([^<]+)</h3>', page)
    assert {("legend", "传说"), ("scholarly", "学者")} <= set(kinds)


@pytest.mark.parametrize("address", ENTRIES)
def test_every_statement_opens_its_source(client: TestClient, address: str) -> None:
    """Row 22: each citation leads to a numbered source on the page, and each source is cited."""
    page = read(client, address)
    cited = {int(number) for number in re.findall(r'class="cite" href="#s(\d+)"', page)}
    listed = {int(number) for number in re.findall(r'<li id="s(\d+)">', page)}
    assert cited
    assert cited <= listed
    for told in re.findall(r'<div class="account[^>]*>(.*?)</div>', page, re.DOTALL):
        assert 'class="cite"' in told


def test_an_estimated_place_has_a_broken_ring_and_no_distance(client: TestClient) -> None:
    """Row 12."""
    page = read(client, f"/heritage/{HEFANG}")
    assert "guess" in page
    assert "估计位置" in words(page)
    assert not re.search(r"约 \d+ 米", words(page))


@pytest.mark.parametrize(
    "address", [*WAYS, *ENTRIES, *(f"{one}?v=elder&lang=en" for one in ENTRIES)]
)
def test_a_page_is_light_and_asks_no_other_host_for_anything(
    client: TestClient, address: str
) -> None:
    answer = client.get(address)
    page = answer.text
    assert len(answer.content) <= 100_000
    assert not re.search(r"<(?:img|iframe|object|embed|audio|video|source|base)\b", page)
    assert not re.search(r"url\(|@import|\sstyle=|\son\w+=", page)
    assert re.findall(r"<script(?! type=\"application/ld\+json\")", page) == []
    assert [one for one in re.findall(r'<link[^>]+href="([^"]+)"', page) if "//" in one[:8]] == []
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]  # type: ignore[index]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_the_page_carries_its_data_for_machines(client: TestClient) -> None:
    page = read(client, f"/heritage/{HAIYAN}")
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    data = json.loads(block[1])  # type: ignore[index]
    assert (data["@type"], data["name"], data["identifier"]) == ("Place", "海盐县", HAIYAN)
    assert data["geo"]["geoRadius"] == 1000
    assert "展武县" in data["alternateName"]


@pytest.mark.parametrize("address", [*WAYS, *ENTRIES])
def test_in_english_only_names_and_quoted_texts_are_chinese(
    client: TestClient, address: str
) -> None:
    joint = "&" if "?" in address else "?"
    page = read(client, f"{address}{joint}lang=en")
    bare = re.sub(r"<(style|script|title|svg|small)\b.*?</\1>", " ", page, flags=re.DOTALL)
    bare = re.sub(r'<(\w+)[^>]*lang="zh-CN"[^>]*>.*?</\1>', " ", bare, flags=re.DOTALL)
    assert re.findall(r"[一-龥]+", re.sub(r"<[^>]+>", " ", bare)) == []


def test_view_and_language_are_carried_on_and_can_be_left(client: TestClient) -> None:
    page = read(client, f"/heritage/{HAIYAN}?v=elder&lang=en")
    assert '<html lang="en" class="elder">' in page
    assert 'href="/heritage?v=elder&amp;lang=en"' in page
    assert 'href="?lang=en"' in page
    assert 'href="?v=elder"' in page
    narrowed = read(client, "/heritage?q=海盐&kind=ancient_county&v=elder")
    assert re.search(r'href="/heritage\?q=[^"]*kind=ancient_county"', narrowed)


def test_an_unknown_entry_is_not_found_and_small_letters_lead_to_it(client: TestClient) -> None:
    for unknown in ("ZJH-9999", "..", "%3Cscript%3E", "x" * 200, "乌镇"):
        assert client.get(f"/heritage/{unknown}").status_code in (404, 307, 308)
    assert client.get("/heritage/ZJH-9999").status_code == 404
    moved = client.get(f"/heritage/{HAIYAN.lower()}?lang=en")
    assert (moved.status_code, moved.headers["location"]) == (308, f"/heritage/{HAIYAN}?lang=en")


def test_a_page_may_be_kept_and_is_told_apart_by_its_tag(client: TestClient) -> None:
    first = client.get(f"/heritage/{HAIYAN}")
    assert first.headers["cache-control"] == "public, max-age=300"
    again = client.get(f"/heritage/{HAIYAN}", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert "set-cookie" not in first.headers

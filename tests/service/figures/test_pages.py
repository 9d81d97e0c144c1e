"""The public page of figures and its file, as anybody gets them."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.core.database import Database
from service.core.settings import get_settings
from tests.database import migrated_database
from tests.factories.divisions import make_place
from tests.factories.figures import publish_figures


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            make_place(session)
        yield database
        database.dispose()


@pytest.fixture(scope="module")
def client(database: Database) -> Iterator[TestClient]:
    with TestClient(create_app(database, get_settings())) as client:
        assert "还没有公布数据" in client.get("/figures").text
        assert client.get("/figures.csv").text.count("\n") == 1
        with database.session() as session:
            publish_figures(session)
        yield client


def cells_of(page: str, first: str) -> list[str]:
    """The texts of the row of the page that begins with a text."""
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", page, re.DOTALL)
    plain = [re.sub(r"<[^>]+>", " ", row).split() for row in rows]
    return next(row for row in plain if row[0] == first)


def test_the_newest_month_is_shown_by_county(client: TestClient) -> None:
    answer = client.get("/figures")
    assert answer.headers["cache-control"].startswith("public")
    assert cells_of(answer.text, "上城区") == ["上城区", "980", "87%", "41,234", "–", "–"]
    assert cells_of(answer.text, "西湖区") == ["西湖区", "&lt;10", "–", "&lt;10", "–", "–"]
    assert cells_of(answer.text, "合计") == ["合计", "980", "85%", "41,234", "–", "–"]
    assert "2026年12月2日" in answer.text
    assert answer.text.count("<circle") == 2 + 6  # counties, legend
    assert re.findall(r"<circle.*?<title>(.*?)</title>", answer.text) == ["西湖区", "上城区 87%"]
    assert (
        client.get("/figures", headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    )


def test_a_month_before_is_chosen_by_its_link(client: TestClient) -> None:
    page = client.get("/figures").text
    assert '<a href="/figures?month=2026-10">' in page
    old = client.get("/figures?month=2026-10").text
    assert cells_of(old, "上城区") == ["上城区", "–", "–", "1,200", "–", "–"]
    assert "2026年11月" not in old


@pytest.mark.parametrize(
    "month", ["2026-09", "2026-13", "x", "2026-1", "２０２６-10", "2026-10-01"]
)
def test_a_month_that_is_not_published_is_not_found(client: TestClient, month: str) -> None:
    for path in ("/figures", "/figures.csv"):
        assert client.get(path, params={"month": month}).status_code == 404


def test_the_page_is_there_in_english(client: TestClient) -> None:
    page = client.get("/figures?lang=en").text
    assert cells_of(page, "上城区")[:3] == ["上城区", "Shangcheng", "Qu"]
    assert "Figures of 2026-11" in page
    assert 'href="/figures?month=2026-10&amp;lang=en"' in page


def rows_of(client: TestClient, query: str) -> list[list[str]]:
    answer = client.get(f"/figures.csv{query}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_the_file_has_all_months_and_of_one_its_days(client: TestClient) -> None:
    whole = rows_of(client, "")
    assert whole[0] == ["月份", "指标", "区划代码", "县（市、区）", "分项", "数值"]
    assert ["2026-10", "扫码次数", "330102", "上城区", "", "1200"] in whole
    assert ["2026-11", "在用门牌", "330106", "西湖区", "", "<10"] in whole
    assert len(whole) == 1 + 10
    one = rows_of(client, "?month=2026-11&lang=en")
    assert ["2026-11", "Scans by day", "330102", "上城区", "2026-11-07", "1007"] in one
    assert len(one) == 1 + 38


def test_the_home_page_leads_there(client: TestClient) -> None:
    assert '<a href="/figures">' in client.get("/").text
    assert "Allow: /figures\n" in client.get("/robots.txt").text

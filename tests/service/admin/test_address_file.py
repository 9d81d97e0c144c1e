"""The list of addresses as a file that an officer takes along."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from service.admin import address_file
from service.admin.address_file import HEADINGS, FileKind, write_list
from service.auth.permissions import Role
from service.plates.queries.address_lists import AddressFilter
from tests.factories.office import COUNTIES, Office, insert_account, opened_office
from tests.factories.staff import SignedIn, sign_in


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as made:
        with made.database.session() as session:
            insert_account(session, "officer", Role.OFFICER, COUNTIES["own"])
        yield made


@pytest.fixture
def officer(office: Office) -> SignedIn:
    return sign_in(office.database, "officer")


def test_the_list_comes_as_a_workbook_with_chinese_headings(
    office: Office, officer: SignedIn
) -> None:
    answer = officer.browser.get("/admin/address-files", params={"format": "xlsx"})
    assert answer.status_code == 200
    name = unquote(answer.headers["content-disposition"])
    assert name.endswith("''地址-上城区.xlsx")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[0] == HEADINGS
    (row,) = rows[1:]
    assert row[:3] == ("浙江省杭州市上城区清波街道河坊街88号", office.codes["own"], "有效")
    assert row[8] == "在用"
    assert office.plates["own"] not in row
    with office.database.session() as session:
        noted = session.execute(
            text("select actor, subject, detail from audit_entry where action = 'addresses:export'")
        ).one()
    assert noted[:2] == ("staff:officer", "地址-上城区.xlsx")
    assert noted.detail == {"count": 1, "division": COUNTIES["own"]}


def test_a_search_is_exported_as_it_is_listed(office: Office, officer: SignedIn) -> None:
    fields = {"format": "csv", "q": "河坊街", "state": "active"}
    body = officer.browser.get("/admin/address-files", params=fields).text
    assert body.startswith("\ufeff地址,地址编码")
    assert body.count("\n") == 2
    fields["state"] = "frozen"
    assert officer.browser.get("/admin/address-files", params=fields).text.count("\n") == 1


def test_the_list_comes_as_geojson(office: Office, officer: SignedIn) -> None:
    answer = officer.browser.get("/admin/address-files", params={"format": "geojson"})
    assert answer.headers["content-type"] == "application/geo+json"
    (feature,) = answer.json()["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [120.165, 30.24]}
    assert feature["properties"]["门牌状态"] == "在用"


def test_an_unknown_format_and_a_list_of_nothing_make_no_file(officer: SignedIn) -> None:
    assert officer.browser.get("/admin/address-files?format=exe").status_code == 422
    answer = officer.browser.get("/admin/address-files", params={"q": "ZZZZZZZZZZ"})
    assert answer.headers["location"] == "/admin/addresses?q=ZZZZZZZZZZ"
    foreign = f"/admin/address-files?division={COUNTIES['foreign']}"
    assert officer.browser.get(foreign).status_code == 403


def test_a_file_that_was_cut_says_so(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address_file, "MOST_ROWS", 1)
    path = tmp_path / "list.geojson"
    everything = AddressFilter()
    done = write_list(office.database.url, everything, FileKind.GEOJSON, path)
    assert (done.count, done.is_cut) == (1, True)
    assert len(json.loads(path.read_text())["features"]) == 1
    monkeypatch.setattr(address_file, "MOST_ROWS", 2)
    done = write_list(office.database.url, everything, FileKind.GEOJSON, path)
    assert (done.count, done.is_cut) == (2, False)


def test_text_that_a_spreadsheet_would_run_is_defused(office: Office, tmp_path: Path) -> None:
    with office.database.session() as session:
        session.execute(
            text("update address set source = '=cmd()' where code = :c"), {"c": office.codes["own"]}
        )
    path = tmp_path / "list.csv"
    write_list(office.database.url, AddressFilter(), FileKind.CSV, path)
    assert ",'=cmd()" in path.read_text()

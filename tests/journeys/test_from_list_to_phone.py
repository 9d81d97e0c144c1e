"""An officer takes a list in and has plates made; a resident scans; a department resolves."""

import csv
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from address_model.shipped import data_folder
from qr.proof import read_pdf
from service.app import create_app
from service.core.database import Database
from service.core.settings import get_settings
from service.plates.queries import list_plates
from tests.command_line import menpai
from tests.database import TestDatabase, migrated_database
from tests.factories.hosts import PREFIX

PLATES = 200


@pytest.fixture(scope="module")
def register() -> Iterator[TestDatabase]:
    """The register after the officer's morning: divisions, areas, duties, a list, its plates."""
    demo = data_folder() / "demo"
    with migrated_database() as database:
        for command in (
            ("divisions", "load"),
            ("areas", "load", str(demo / "areas.geojson")),
            ("duties", "load", str(demo / "duties.csv")),
            ("addresses", "import", str(demo / "addresses.csv"), "--source", "demo", "--sample"),
            ("plates", "issue", "--division", "3301", "--design", "medium", "--name", "杭州第一批"),
        ):
            done = menpai(*command, database=database)
            assert done.code == 0, done.err
        yield database


@pytest.fixture
def phone(register: TestDatabase) -> Iterator[TestClient]:
    """A phone that follows no redirect by itself."""
    app = create_app(
        Database(register.app_url), get_settings().model_copy(update={"api_page": True})
    )
    with TestClient(app, follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def printed(register: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hundred plates as the maker gets them."""
    folder = tmp_path_factory.mktemp("plates")
    done = menpai(
        "plates", "print", "--limit", str(PLATES), "--out", str(folder), database=register
    )
    assert done.code == 0, done.err
    return folder / "plates-0001.pdf"


def payloads(file: Path) -> tuple[str, ...]:
    return read_pdf(file.read_bytes(), module=2.0)


def test_every_printed_symbol_is_the_token_of_the_plate_at_its_place(
    register: TestDatabase, printed: Path
) -> None:
    read = payloads(printed)
    assert len(read) == PLATES
    tokens = [payload.removeprefix(PREFIX) for payload in read]
    database = Database(register.app_url)
    with database.reading() as session:
        in_order = [plate.token for plate in list_plates(session, limit=PLATES)]
    database.dispose()
    assert tokens == in_order
    verified = menpai("plates", "verify", str(printed), "--json", database=register)
    assert verified.json == {"read": PLATES, "unknown": []}


def test_the_maker_gets_true_millimetres_and_embedded_fonts(printed: Path) -> None:
    boxes = subprocess.run(
        ["pdfinfo", "-box", str(printed)], capture_output=True, text=True, check=True
    ).stdout
    trim = next(line for line in boxes.splitlines() if line.startswith("TrimBox"))
    left, bottom, right, top = map(float, trim.split()[1:])
    assert (right - left) * 25.4 / 72 == pytest.approx(270, abs=0.05)
    assert (top - bottom) * 25.4 / 72 == pytest.approx(170, abs=0.05)
    fonts = subprocess.run(
        ["pdffonts", str(printed)], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    assert fonts
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts)


def test_a_resident_scans_a_plate_and_sees_where_he_is_and_whom_to_call(
    phone: TestClient, printed: Path
) -> None:
    for payload in payloads(printed)[:20]:
        path = "/" + payload.removeprefix(PREFIX)
        page = phone.get(path, headers={"Accept": "text/html"})
        facts = phone.get(path, headers={"Accept": "application/json"}).json()
        assert page.status_code == 200
        assert facts["code_grouped"].replace(" ", "") == facts["code"]
        for words in (
            "示例数据",
            "网格员",
            "社区民警",
            "演示",
            facts["community"],
            'href="tel:110"',
        ):
            assert words in page.text
        assert facts["community"].startswith("示例社区")
        assert {contact["role"] for contact in facts["contacts"]} >= {
            "grid_worker",
            "community_officer",
        }


def test_a_scan_sets_no_cookie_runs_no_script_and_calls_nobody_else(
    phone: TestClient, printed: Path
) -> None:
    page = phone.get("/" + payloads(printed)[0].rsplit("/", 1)[1])
    assert "set-cookie" not in page.headers
    assert "<script" not in page.text
    assert "noindex" in page.headers["x-robots-tag"]
    assert page.headers["cache-control"] == "private, no-store"
    for mark in ('src="http', "url(http", "@import", '<link rel="stylesheet"', 'href="//'):
        assert mark not in page.text


def test_a_token_is_read_in_any_case_and_unknown_query_parameters_are_ignored(
    phone: TestClient, printed: Path
) -> None:
    token = payloads(printed)[0].rsplit("/", 1)[1]
    for path in (f"/{token.lower()}", f"/{token}?from=wechat&x=1"):
        assert phone.get(path).status_code == 200


def test_a_forged_plate_is_told_as_such(phone: TestClient) -> None:
    page = phone.get("/0000000000", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "96110" in page.text
    assert "noindex" in page.headers["x-robots-tag"]
    assert phone.get("/0000000000", headers={"Accept": "application/json"}).status_code == 404


def test_a_code_typed_at_home_leads_to_its_card_without_contacts(
    phone: TestClient, printed: Path
) -> None:
    token = payloads(printed)[0].rsplit("/", 1)[1]
    code = phone.get(f"/{token}", headers={"Accept": "application/json"}).json()["code"]
    lead = phone.get("/", params={"q": f"{code[:4]} {code[4:8]} {code[8:12]} {code[12:]}"})
    assert lead.status_code == 303
    card = phone.get(lead.headers["location"], headers={"Accept": "application/json"}).json()
    assert card["code"] == code
    assert card["contacts"] == []
    assert phone.get("/", params={"q": token.lower()}).headers["location"] == f"/{token}"


def test_a_department_resolves_an_address_and_gets_the_code_on_the_plate(
    register: TestDatabase, phone: TestClient, printed: Path
) -> None:
    key = menpai("clients", "create", "住建局", "--json", database=register).json["key"]
    named = ("addresses:read", "addresses:resolve", "plates:read")
    assert menpai("clients", "grant", "住建局", *named, database=register).code == 0
    token = payloads(printed)[0].rsplit("/", 1)[1]
    headers = {"Authorization": f"Bearer {key}"}
    plate = phone.get(f"/api/v1/plates/{token}", headers=headers).json()
    found = phone.post(
        "/api/v1/resolve", headers=headers, json={"text": plate["standard_text"]}
    ).json()
    assert (found["category"], found["address"]["code"]) == ("A", plate["code"])
    address = phone.get(f"/api/v1/addresses/{plate['code']}", headers=headers).json()
    assert address["standard_text"] == plate["standard_text"]
    wrong = phone.post("/api/v1/resolve", headers=headers, json={"text": "上城区河坊街99999号"})
    assert (wrong.json()["category"], wrong.json()["address"]) == ("C", None)


def test_a_department_has_a_text_read_to_its_elements(
    register: TestDatabase, phone: TestClient
) -> None:
    key = menpai("clients", "create", "公安局", "--json", database=register).json["key"]
    assert menpai("clients", "grant", "公安局", "addresses:resolve", database=register).code == 0
    text = "江北区大闸小区138弄附17-18号"
    read = phone.post("/api/v1/parse", headers={"X-API-Key": key}, json={"text": text}).json()
    assert read["verdict"] == "LIST"
    assert [plate["elements"]["number"]["text"] for plate in read["plates"]] == ["附17号", "附18号"]
    assert all(text[e["start"] : e["end"]] == e["text"] for e in read["elements"])


def test_nine_in_ten_demo_texts_resolve_to_their_own_code(
    register: TestDatabase, tmp_path: Path
) -> None:
    out = tmp_path / "all.csv"
    assert menpai("addresses", "export", str(out), database=register).code == 0
    again = menpai(
        "addresses", "import", str(out), "--dry-run", "--json",
        "--errors", str(tmp_path / "e.csv"), database=register,
    )  # fmt: skip
    with out.open(encoding="utf-8-sig") as file:
        total = sum(1 for _ in csv.reader(file)) - 1
    assert again.json["same"] >= 0.9 * total
    assert again.json["new"] == again.json["conflicts"] == 0


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer mp_0_0"}, {"X-API-Key": "x"}])
def test_the_api_is_closed_without_a_key(phone: TestClient, header: dict[str, str]) -> None:
    for method, path in (
        ("GET", "/api/v1/addresses/3301061234567833"),
        ("GET", "/api/v1/addresses"),
        ("GET", "/api/v1/plates/0000000000"),
        ("POST", "/api/v1/resolve"),
    ):
        answer = phone.request(method, path, headers=header, json={"text": "x"})
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["hint"]


def test_divisions_are_open_to_all(phone: TestClient) -> None:
    found = phone.get("/api/v1/divisions", params={"name": "清波街道"}).json()["divisions"]
    assert found[0]["code"] == "330102001000"
    detail = phone.get("/api/v1/divisions/330102001000").json()
    assert [above["name"] for above in detail["ancestors"]] == ["浙江省", "杭州市", "上城区"]
    assert len(detail["children"]) == 5
    assert phone.get("/api/v1/divisions/999999999999").status_code == 404


def test_the_documentation_of_the_api_calls_no_foreign_host(phone: TestClient) -> None:
    page = phone.get("/docs")
    assert page.status_code == 200
    assert "http://" not in page.text.replace("http://www.w3.org", "")
    assert "https://" not in page.text
    assert phone.get("/openapi.json").json()["openapi"].startswith("3.1")


def test_the_service_says_that_it_lives_and_is_ready(phone: TestClient) -> None:
    assert phone.get("/healthz").text == "ok\n"
    assert phone.get("/readyz").text == "ready\n"
    assert "Disallow: /" in phone.get("/robots.txt").text
    assert phone.get("/privacy").status_code == 200

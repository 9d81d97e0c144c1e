from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from service.addresses.commands import enter_addresses, retire_address
from service.app import create_app
from service.auth.commands import create_client
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.core.settings import get_settings
from tests.database import migrated_database
from tests.factories import make_draft, make_place


@pytest.fixture(scope="module")
def codes_and_client() -> Iterator[tuple[list[str], TestClient]]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            place = make_place(session)
            drafts = [make_draft(place, number) for number in ("88", "90")]
            codes = [str(code) for code in enter_addresses(session, drafts, ME)]
            key = create_client(session, "test", ME)
        with database.session() as session:
            retire_address(session, codes[1], ME, reason="并户", successor=codes[0])
        headers = {"Authorization": f"Bearer {key}"}
        with TestClient(create_app(database, get_settings()), headers=headers) as client:
            yield codes, client
        database.dispose()


def test_a_retired_code_answers_with_its_successor_and_reason(
    codes_and_client: tuple[list[str], TestClient],
) -> None:
    codes, client = codes_and_client
    body = client.get(f"/api/v1/addresses/{codes[1]}").json()
    assert (body["status"], body["status_reason"]) == ("replaced", "并户")
    assert [s["code"] for s in body["successors"]] == [codes[0]]


def test_a_text_is_resolved_with_candidates_and_differences(
    codes_and_client: tuple[list[str], TestClient],
) -> None:
    codes, client = codes_and_client
    body = client.post("/api/v1/resolve", json={"text": "杭州市上城区河纺街88号"}).json()
    assert (body["category"], body["address"]["code"]) == ("B", codes[0])
    body = client.post("/api/v1/resolve", json={"text": "杭州市上城区河坊街89号"}).json()
    assert (body["category"], body["address"]) == ("C", None)
    assert [c["code"] for c in body["candidates"]] == [codes[0]]


@pytest.mark.parametrize("count", [3, 150])
def test_a_batch_keeps_its_order_on_the_thread_and_in_the_pool(
    codes_and_client: tuple[list[str], TestClient], count: int
) -> None:
    codes, client = codes_and_client
    texts = ["杭州市上城区河坊街88号", "乱", "杭州市上城区河纺街88号"] * (count // 3)
    rows = client.post("/api/v1/resolve/batch", json={"texts": texts}).json()["results"]
    assert [row["text"] for row in rows] == texts
    assert [row["category"] for row in rows] == ["A", "none", "B"] * (count // 3)
    assert {row["code"] for row in rows} == {codes[0], ""}


def test_names_complete_and_a_point_names_its_nearest_address(
    codes_and_client: tuple[list[str], TestClient],
) -> None:
    codes, client = codes_and_client
    found = client.get("/api/v1/autocomplete", params={"q": "hefa", "division": "330102"})
    assert found.json() == {"suggestions": ["河坊街"]}
    near = client.get("/api/v1/reverse", params={"lon": 120.1651, "lat": 30.24}).json()
    assert near["address"]["code"] in codes
    assert near["metres"] == pytest.approx(9.6, abs=0.2)
    assert client.get("/api/v1/reverse", params={"lon": 400, "lat": 30}).status_code == 422

"""一件事: a program asks, a resident shows the address of a plate, the program gets it once."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update

from address_model.tables import AddressRequest, AuditEntry
from service.addresses.commands import retire_address
from service.app import create_app
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import now_utc
from service.core.settings import Settings
from service.departments.commands.address_requests import (
    register_return_url,
    withdraw_return_url,
)
from service.plates.queries import get_plate
from tests.factories.hosts import PUBLIC_URL
from tests.service.departments.address_desk import (
    BACK,
    REQUESTS,
    Desk,
    opened_desk,
)


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with opened_desk() as made:
        yield made


def test_the_program_gets_standard_address_and_code_and_nothing_else(desk: Desk) -> None:
    made = desk.ask()
    assert made["url"] == f"{PUBLIC_URL}/address-requests/{made['id']}"
    assert made["qr"].startswith("<svg")
    brought = desk.agree(made["id"], desk.plates[0])
    assert (brought["request"], brought["state"]) == (made["id"], "form-1")
    with desk.database.reading() as session:
        plate = get_plate(session, desk.plates[0])
    answer = desk.redeem(brought["address_token"])
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.json() == {
        "request": made["id"],
        "state": "form-1",
        "code": plate.code,
        "code_text": re.sub(r"(\d{4})(?=\d)", r"\1 ", plate.code),
        "standard_text": plate.standard_text,
    }


def test_a_request_sent_twice_with_one_key_is_opened_once(desk: Desk) -> None:
    body = {"purpose": "办理居住证", "return_url": BACK}
    headers = desk.health | {"Idempotency-Key": "form-20871"}
    with desk.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(AddressRequest))
    first, again = (desk.web.post(REQUESTS, json=body, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    other = desk.web.post(REQUESTS, json=body | {"state": "another"}, headers=headers)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")
    with desk.database.reading() as session:
        now = session.scalar(select(func.count()).select_from(AddressRequest))
    assert now == (before or 0) + 1


def test_a_token_is_good_once(desk: Desk) -> None:
    token = desk.agree(desk.ask()["id"], desk.plates[0])["address_token"]
    assert desk.redeem(token).status_code == 200
    again = desk.redeem(token)
    assert (again.status_code, again.json()["type"]) == (410, "/problems/token-used")


def test_agreeing_anew_ends_the_token_before(desk: Desk) -> None:
    request = desk.ask()["id"]
    first, second = (desk.agree(request, plate)["address_token"] for plate in desk.plates[:2])
    assert desk.redeem(first).json()["type"] == "/problems/token-used"
    with desk.database.reading() as session:
        assert desk.redeem(second).json()["code"] == get_plate(session, desk.plates[1]).code


def test_another_program_an_altered_token_and_a_late_one_are_refused_with_their_reason(
    desk: Desk,
) -> None:
    request = desk.ask()["id"]
    token = desk.agree(request, desk.plates[0])["address_token"]
    foreign = desk.redeem(token, desk.abroad)
    assert (foreign.status_code, foreign.json()["type"]) == (403, "/problems/token-not-yours")
    without = desk.redeem(token, desk.reader)
    assert (without.status_code, without.json()["type"]) == (403, "/problems/not-allowed")
    altered = desk.redeem(token[:-2] + ("AA" if token[-2:] != "AA" else "BB"))
    assert (altered.status_code, altered.json()["type"]) == (422, "/problems/token-forged")
    assert desk.redeem(token).status_code == 200


def test_after_five_minutes_a_token_is_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    token = desk.agree(desk.ask()["id"], desk.plates[0])["address_token"]
    late = now_utc() + timedelta(minutes=5, seconds=1)
    monkeypatch.setattr("service.departments.commands.address_requests.now_utc", lambda: late)
    answer = desk.redeem(token)
    assert (answer.status_code, answer.json()["type"]) == (410, "/problems/token-expired")


def test_the_page_says_who_asks_for_what_and_what_they_get(desk: Desk) -> None:
    made = desk.ask(purpose="办理<b>居住证</b>")
    answer = desk.web.get(f"/address-requests/{made['id']}")
    page = answer.text
    assert answer.status_code == 200
    for said in (
        "“卫健委”请您出示门牌地址",
        "办理&lt;b&gt;居住证",
        "标准地址和地址编码",
        "bs.example.gov.cn",
    ):
        assert said in page
    assert "<script" not in page
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "private, no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert (
        "form-action 'self' https://bs.example.gov.cn;" in answer.headers["content-security-policy"]
    )
    english = desk.web.get(f"/address-requests/{made['id']}?lang=en").text
    assert "asks for the address of your plate" in english
    assert re.search(r'href="https://bs\.example\.gov\.cn/[^"]*error=declined', page)


def test_nothing_is_handed_over_before_the_resident_has_seen_the_address(desk: Desk) -> None:
    request = desk.ask()["id"]
    path = f"/address-requests/{request}"
    seen = desk.web.post(path, data={"plate": f" {PUBLIC_URL}/{desk.plates[0].lower()} "})
    assert seen.status_code == 200
    assert "是这个地址吗" in seen.text
    assert "河坊街1号" in seen.text
    with desk.database.reading() as session:
        row = session.scalars(select(AddressRequest).where(AddressRequest.id == request)).one()
        assert (row.code, row.token_id) == (None, None)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "没有认出短码"), ("河坊街1号", "没有认出短码"), ("0" * 10, "没有查到这块门牌")],
)
def test_a_wrong_short_code_is_told_and_stays_in_the_field(
    desk: Desk, typed: str, said: str
) -> None:
    answer = desk.web.post(f"/address-requests/{desk.ask()['id']}", data={"plate": typed})
    assert answer.status_code == 400
    assert said in answer.text
    assert f'value="{typed}"' in answer.text


def test_a_16_digit_code_is_no_plate_as_anybody_could_count_one_up(desk: Desk) -> None:
    with desk.database.reading() as session:
        code = get_plate(session, desk.plates[0]).code
    answer = desk.web.post(
        f"/address-requests/{desk.ask()['id']}", data={"plate": code, "agrees": "yes"}
    )
    assert (answer.status_code, "没有认出短码" in answer.text) == (400, True)


def test_an_address_that_has_ended_or_lies_elsewhere_is_not_shown(desk: Desk) -> None:
    with desk.database.session() as session:
        retire_address(session, get_plate(session, desk.plates[2]).code, ME, reason="拆除")
    ended = desk.web.post(f"/address-requests/{desk.ask()['id']}", data={"plate": desk.plates[2]})
    assert ended.status_code == 400
    body = {"purpose": "办理居住证", "return_url": BACK}
    abroad = desk.web.post(REQUESTS, json=body, headers=desk.abroad).json()["id"]
    elsewhere = desk.web.post(
        f"/address-requests/{abroad}", data={"plate": desk.plates[0], "agrees": "yes"}
    )
    assert "不在该单位可以收取的范围内" in elsewhere.text


def test_a_request_is_open_for_the_minutes_it_was_opened_for(desk: Desk) -> None:
    made = desk.ask(minutes=1)
    path = f"/address-requests/{made['id']}"
    with desk.database.session() as session:
        mine = AddressRequest.id == made["id"]
        session.execute(update(AddressRequest).where(mine).values(expires_at=now_utc()))
    for answer in (desk.web.get(path), desk.web.post(path, data={"plate": desk.plates[0]})):
        assert answer.status_code == 404
        assert "已经过期" in answer.text
    desk.ask()
    with desk.database.reading() as session:
        assert session.get(AddressRequest, made["id"]) is None, "expired ones are deleted"
    assert desk.web.get("/address-requests/nothing").status_code == 404


def test_what_was_handed_over_is_not_asked_again(desk: Desk) -> None:
    request = desk.ask()["id"]
    desk.redeem(desk.agree(request, desk.plates[0])["address_token"])
    path = f"/address-requests/{request}"
    again = desk.web.post(path, data={"plate": desk.plates[0], "agrees": "yes"})
    assert (again.status_code, "地址已经交给对方" in again.text) == (200, True)
    with desk.database.reading() as session:
        assert session.get_one(AddressRequest, request).code is None


def test_only_a_registered_url_is_led_back_to(desk: Desk) -> None:
    for url in (BACK + "&x=1", BACK.upper(), "https://evil.example/"):
        body = {"purpose": "办理居住证", "return_url": url}
        answer = desk.web.post(REQUESTS, json=body, headers=desk.health)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/return-url-unknown")


def test_withdrawing_a_url_ends_what_would_lead_there(desk: Desk) -> None:
    other = "https://bs.example.gov.cn/other"
    with desk.database.session() as session:
        register_return_url(session, "卫健委", other, ME)
    path = f"/address-requests/{desk.ask(return_url=other)['id']}"
    assert desk.web.get(path).status_code == 200
    with desk.database.session() as session:
        assert withdraw_return_url(session, "卫健委", other, ME)
        assert not withdraw_return_url(session, "卫健委", other, ME)
    assert desk.web.get(path).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": "x" * 41},
        {"purpose": "办\n理"},
        {"purpose": "办\u202e理"},
        {"minutes": 16},
        {"minutes": 0},
    ],
)
def test_a_request_that_could_mislead_a_resident_is_malformed(
    desk: Desk, wrong: dict[str, object]
) -> None:
    body = {"purpose": "办理居住证", "return_url": BACK} | wrong
    assert desk.web.post(REQUESTS, json=body, headers=desk.health).status_code == 422


def test_the_chain_says_that_something_was_handed_over_and_not_what(desk: Desk) -> None:
    request = desk.ask()["id"]
    desk.redeem(desk.agree(request, desk.plates[0])["address_token"])
    with desk.database.reading() as session:
        mine = select(AuditEntry).where(AuditEntry.subject == request)
        chained = session.scalars(mine.order_by(AuditEntry.position)).all()
        said = [(one.action, one.actor) for one in chained]
        details = str([one.detail for one in chained])
        code = get_plate(session, desk.plates[0]).code
    assert said == [
        ("address_requests:open", "client:卫健委"),
        ("address_requests:answer", "resident:?"),
        ("address_requests:hand_over", "client:卫健委"),
    ]
    assert code not in details


def test_a_service_without_a_secret_opens_no_request(desk: Desk) -> None:
    app = create_app(desk.database, Settings(database_url="postgresql:///nothing"))
    body = {"purpose": "办理居住证", "return_url": BACK}
    answer = TestClient(app, PUBLIC_URL).post(REQUESTS, json=body, headers=desk.health)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/signing-key-missing")

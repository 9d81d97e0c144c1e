"""Webhooks at the desk: state, lag and dead letters; stopped, let go on, sent again; whose."""

from collections.abc import Iterator

import pytest

from service.auth.permissions import Role
from service.core.settings import Settings
from service.webhooks.states import DeliveryState
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import COUNTIES, Office, insert_account, opened_office
from tests.factories.staff import SignedIn, open_browser, sign_in
from tests.factories.webhooks import make_dead_letters, make_office_hook, states_of, tell

OWN, FOREIGN = COUNTIES["own"], COUNTIES["foreign"]


@pytest.fixture
def office() -> Iterator[Office]:
    with opened_office() as made:
        yield made


def enter(office: Office, division: str = OWN, role: Role = Role.ADMINISTRATOR) -> SignedIn:
    name = f"one-{role}-{division}"
    with office.database.session() as session:
        insert_account(session, name, role, division)
    return sign_in(
        office.database, name, open_browser(office.database, Settings(public_url=PUBLIC_URL))
    )


def test_a_webhook_with_dead_letters_waits_for_a_person_who_sends_them_again(
    office: Office,
) -> None:
    number = int(make_office_hook(office, "own")["number"])
    path = f"/admin/webhooks/{number}"
    tell(office.database, "1", "2", "3")
    administrator = enter(office)
    assert "推送中" in administrator.get(path).text
    make_dead_letters(office.database, number, [7, 8, 9])
    home = administrator.get("/admin").text
    assert "3 件未送达" in home
    assert path in home
    assert "3 件" in administrator.get("/admin/webhooks?trouble=1").text
    page = administrator.get(path).text
    assert page.count("对方没有收下（500）") == 3
    one = administrator.post(f"{path}/redeliver", delivery="2", seen="1")
    assert (one.status_code, one.headers["location"]) == (303, path)
    assert [state for state, _ in states_of(office.database, number)] == [
        DeliveryState.DEAD,
        DeliveryState.PENDING,
        DeliveryState.DEAD,
    ]
    assert administrator.post(f"{path}/redeliver", seen="1").status_code == 303
    nothing = administrator.post(f"{path}/redeliver", seen="1")
    assert nothing.status_code == 409
    assert "没有可以重新投递的" in nothing.text
    assert path not in administrator.get("/admin").text


def test_a_webhook_is_stopped_and_let_go_on(office: Office) -> None:
    number = make_office_hook(office, "own")["number"]
    path = f"/admin/webhooks/{number}"
    administrator = enter(office)
    assert administrator.post(f"{path}/state", state="paused", seen="1").status_code == 303
    assert "已停用" in administrator.get(path).text
    stale = administrator.post(f"{path}/state", state="active", seen="1")
    assert stale.status_code == 412
    assert administrator.post(f"{path}/state", state="active", seen="2").status_code == 303
    assert "推送中" in administrator.get(path).text
    assert "还差" in administrator.get("/admin/webhooks").text


def test_it_is_seen_by_administrators_of_its_division_alone(office: Office) -> None:
    path = f"/admin/webhooks/{make_office_hook(office, 'foreign')['number']}"
    assert enter(office).get(path).status_code == 404
    assert path not in enter(office, role=Role.OFFICER).get("/admin").text
    there = enter(office, FOREIGN)
    assert there.get(path).status_code == 200
    assert path in there.get("/admin/webhooks").text

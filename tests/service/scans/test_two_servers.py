import time
from collections.abc import Iterator

import httpx2
import pytest
from sqlalchemy import update

from address_model.tables import Duty
from service.changes.commands import Action, ChangeNote, Subject, record
from service.core.database import Database
from tests.database import migrated_database
from tests.factories.towns import Town, make_town
from tests.servers import serving

Servers = tuple[Database, Town, httpx2.Client, httpx2.Client]


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """A town and two server processes; the second believes a proxy on this machine."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            town = make_town(session)
        with (
            serving(made.app_url) as one,
            serving(made.app_url, MENPAI_TRUSTED_PROXIES="192.0.2.0/24") as other,
        ):
            yield database, town, one, other
        database.dispose()


def change_duty(servers: Servers, **values: object) -> None:
    database, town, *_ = servers
    with database.session() as session:
        session.execute(update(Duty).where(Duty.id == town.duty_id).values(**values))
        record(session, [ChangeNote(Subject.DUTY, str(town.duty_id), Action.CHANGED, "")])


def test_a_changed_duty_shows_within_a_second_in_every_process(servers: Servers) -> None:
    _, town, *clients = servers
    token = town.all_tokens[20]
    for client in clients:
        assert "演示甲" in client.get(f"/{token}").text
    change_duty(servers, display_name="演示乙")
    deadline = time.monotonic() + 1
    while not all("演示乙" in client.get(f"/{token}").text for client in clients):
        assert time.monotonic() < deadline, "a process still shows who was replaced"
    assert not any("演示甲" in client.get(f"/{token}").text for client in clients)


def test_whoever_hides_is_gone_within_the_minute(servers: Servers) -> None:
    _, town, *clients = servers
    token = town.all_tokens[21]
    assert all("演示" in client.get(f"/{token}").text for client in clients)
    change_duty(servers, publish=False)
    deadline = time.monotonic() + 60
    while any("0571-00000001" in client.get(f"/{token}").text for client in clients):
        assert time.monotonic() < deadline


def test_unknown_tokens_are_limited_over_both_processes_and_plates_never_are(
    servers: Servers,
) -> None:
    _, town, *clients = servers
    found = []
    for number in range(60):
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}  # from nobody we trust
        found.append(clients[number % 2].get(f"/{number:010d}", headers=headers))
    statuses = [answer.status_code for answer in found]
    assert statuses.count(404) == 20
    assert statuses.count(429) == 40
    refused = found[-1]
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert "扫门牌上的二维码不受限制" in refused.text
    assert {client.get(f"/{town.all_tokens[20]}").status_code for client in clients} == {200}
    page = clients[0].get("/card/0000000000.pdf")
    assert page.status_code == 429


def test_cards_to_print_are_limited_over_both_processes(servers: Servers) -> None:
    _, town, *clients = servers
    path = f"/card/{town.all_tokens[20]}.pdf"
    statuses = [clients[number % 2].get(path).status_code for number in range(70)]
    assert set(statuses) <= {200, 429, 503}  # a busy machine draws not every card in time
    assert statuses.count(200) <= 60
    assert statuses.count(429) + statuses.count(503) >= 10
    refused = clients[0].get(path)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 3600
    assert refused.headers["ratelimit-policy"] == '"card";q=60;w=3600'
    assert clients[0].get(f"/{town.all_tokens[20]}").status_code == 200


def test_look_ups_by_code_are_limited_whether_they_find_something_or_not(
    servers: Servers,
) -> None:
    _, town, *clients = servers
    paths = [f"/a/{town.codes[20]}", "/a/3301061234567833"]
    statuses = [clients[n % 2].get(paths[n % 3 == 0]).status_code for n in range(80)]
    assert statuses.count(429) == 20
    problem = clients[0].get(paths[0], headers={"Accept": "application/json"})
    assert problem.headers["content-type"] == "application/problem+json"
    assert int(problem.headers["retry-after"]) > 0

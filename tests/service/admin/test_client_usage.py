"""What programs call, at the desk: by day with refusals, as a file, and who never calls."""

from collections.abc import Iterator
from itertools import count

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from service.app import create_app
from service.auth.commands import create_client
from service.auth.permissions import Role
from service.auth.queries import get_client
from service.core.actor import COMMAND_LINE
from service.core.clock import today
from service.core.settings import Settings
from tests.factories.office import COUNTIES, Office, insert_account, opened_office
from tests.factories.staff import SignedIn, sign_in
from tests.service.admin.client_records import GRANT_FIELDS

_numbers = count(1)


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as made:
        with made.database.session() as session:
            insert_account(session, "boss", Role.ADMINISTRATOR, COUNTIES["own"])
        yield made


@pytest.fixture
def boss(office: Office) -> SignedIn:
    return sign_in(office.database, "boss")


@pytest.fixture
def program(office: Office) -> tuple[str, str]:
    """The page of a new program, and its key."""
    name = f"用量 {next(_numbers)}"
    with office.database.session() as session:
        key = create_client(session, name, COMMAND_LINE, division=COUNTIES["own"])
        return f"/admin/clients/{get_client(session, name).id}", str(key)


def test_usage_counts_answers_and_refusals_by_day(
    office: Office, boss: SignedIn, program: tuple[str, str]
) -> None:
    home, key = program
    app = create_app(office.database, Settings())
    caller = TestClient(app, headers={"Authorization": f"Bearer {key}"})
    path = f"/api/v1/addresses/{office.codes['own']}"
    assert caller.get(path).status_code == 403
    boss.post(f"{home}/give", **GRANT_FIELDS | {"division": COUNTIES["own"], "per_minute": "2"})
    assert [caller.get(f"{path}?include=place").status_code for _ in range(3)] == [200, 200, 429]
    assert "没有调用过" in boss.get(f"{home}/usage").text
    app.fastapi.state.tally.flush()
    page = boss.get(f"{home}/usage?days=90").text
    for said in ("答复 <b>2</b> 次", "拒绝 <b>2</b> 次", "403 没有权限", "429 超过限额", "<svg"):
        assert said in page, said
    taken = boss.get(f"{home}/usage.csv")
    assert taken.headers["content-type"] == "text/csv; charset=utf-8"
    lines = taken.content.decode("utf-8-sig").splitlines()
    day = str(today())
    assert lines == [
        "日期,调用,说明,结果,次数,读出行数",
        f"{day},getAddress,按编码读地址,答复,2,2",
        f"{day},getAddress,按编码读地址,没有权限,1,0",
        f"{day},getAddress,按编码读地址,超过限额,1,0",
    ]
    assert ">4</a>" in boss.get("/admin/clients").text
    assert boss.get(f"{home}/usage?days=7").status_code == 422


def test_a_program_that_nobody_uses_stands_on_the_dashboard(
    office: Office, boss: SignedIn, program: tuple[str, str]
) -> None:
    home, _ = program
    boss.post(f"{home}/give", **GRANT_FIELDS | {"division": COUNTIES["own"]})
    number = int(home.rpartition("/")[2])
    assert "30 天没有调用过" not in boss.get("/admin").text
    with office.database.session() as session:
        older = text(
            "update client_grant set given_at = given_at - interval '31 days' "
            "where client_id = :number"
        )
        session.execute(older, {"number": number})
    board = boss.get("/admin").text
    assert "30 天没有调用过" in board
    assert f'href="{home}"' in board

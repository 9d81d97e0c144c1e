"""A clerk imports a list at the desk: uploads it, says what its columns are, checks, stores."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from httpx2 import Response

from address_model.shipped import data_folder
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import Settings
from service.divisions.commands import load_shipped
from tests.database import migrated_database
from tests.factories.hosts import PUBLIC_URL
from tests.factories.lists import texts
from tests.factories.office import insert_account
from tests.factories.staff import SignedIn, open_browser, sign_in

HEADINGS = "社区,街路巷,门牌号,备注\n"
GOOD = "清河坊社区,河坊街,88号,沿街\n清河坊社区,河坊街,90号,\n"
COUNTY = "330102000000"


@pytest.fixture(scope="module")
def register() -> Iterator[Database]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            load_shipped(session, data_folder(), COMMAND_LINE)
            insert_account(session, "clerk", Role.OFFICER, COUNTY)
            insert_account(session, "neighbour", Role.OFFICER, "330106000000")
            insert_account(session, "reader", Role.VIEWER, COUNTY)
        yield database
        database.dispose()


def enter(database: Database, home: Path, name: str = "clerk") -> SignedIn:
    settings = Settings(home=home, public_url=PUBLIC_URL)
    return sign_in(database, name, open_browser(database, settings))


def send(
    person: SignedIn, content: str | bytes, name: str = "清波街道登记表.csv", division: str = COUNTY
) -> Response:
    data = content if isinstance(content, bytes) else content.encode()
    return person.browser.post(
        "/admin/imports",
        data={"form_token": person.form_token, "division": division},
        files={"file": (name, BytesIO(data), "text/csv")},
    )


def upload(person: SignedIn, content: str | bytes, **fields: str) -> str:
    answer = send(person, content, **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def declare(person: SignedIn, path: str, then: str = "check", **fields: object) -> Response:
    return person.post(f"{path}/reading", then=then, **{"crs": "4490"} | fields)


def test_a_list_is_uploaded_checked_and_stored(register: Database, tmp_path: Path) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, HEADINGS + GOOD + "清河坊社区,,号,\n")
    page = clerk.get(path).text
    assert "识别" in page
    assert "3 行" in page
    assert "河坊街" in page
    assert "没有认出、不会入库的列：备注" not in page  # a remark is known, and not stored
    assert declare(clerk, path).status_code == 303
    page = clerk.get(path).text
    assert "新增 <b>2</b>" in page
    assert "错误 <b>1</b>" in page
    assert "可入库 2 条" in page
    assert texts(register) == []
    assert clerk.post(f"{path}/store").status_code == 303
    page = clerk.get(path).text
    assert "已入库" in page
    assert texts(register) == [
        "浙江省杭州市上城区清河坊社区河坊街88号",
        "浙江省杭州市上城区清河坊社区河坊街90号",
    ]
    assert "给新增的 2 个地址做门牌" in page
    assert "清波街道登记表.csv" in clerk.get("/admin/imports").text

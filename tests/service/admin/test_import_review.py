"""A second person agrees to a large import, or sends it back to its author."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from service.auth.permissions import Role
from service.core.database import Database
from service.core.settings import Settings, get_settings
from service.imports.uploads.queries import get_upload
from tests.factories.hosts import PUBLIC_URL
from tests.factories.lists import texts
from tests.factories.office import insert_account
from tests.factories.staff import SignedIn, open_browser, sign_in
from tests.factories.uploads import HEADINGS, correct, declare, upload
from tests.service.admin.test_long_imports import work

ROWS = "清河坊社区,{street},1号,\n清河坊社区,{street},3号,\n清河坊社区,{street},对面,\n"


@pytest.fixture(scope="module")
def reviewed(register: Database) -> Database:
    with register.session() as session:
        insert_account(session, "reviewer", Role.APPROVER, "330102")
        insert_account(session, "stranger", Role.APPROVER, "330106")
        give = text(
            "insert into role_assignment (account_id, role, division) "
            "select id, 'approver', '330102' from staff_account where name = 'clerk'"
        )
        session.execute(give)
    return register


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the worker finds the files of the desk."""
    monkeypatch.setenv("MENPAI_HOME", str(tmp_path))
    get_settings.cache_clear()
    yield tmp_path
    get_settings.cache_clear()


def enter(database: Database, home: Path, name: str, above: int = 1) -> SignedIn:
    settings = Settings(home=home, public_url=PUBLIC_URL, import_approval_above=above)
    return sign_in(database, name, open_browser(database, settings))


def test_a_reviewer_sends_an_import_back_and_approves_it_mended(
    reviewed: Database, home: Path
) -> None:
    clerk, reviewer = enter(reviewed, home, "clerk"), enter(reviewed, home, "reviewer")
    path = upload(clerk, HEADINGS + ROWS.format(street="玉皇路"), name="玉皇路.csv")
    declare(clerk, path)
    assert clerk.post(f"{path}/store").status_code == 303
    assert "等待审批" in clerk.get(path).text
    assert not [one for one in texts(reviewed) if "玉皇路" in one]
    assert clerk.post(f"{path}/rows", drop=4).status_code == 409
    assert "玉皇路.csv" in reviewer.get("/admin").text
    page = reviewer.get(f"{path}/review").text
    assert "<b>2 条</b>" in page
    assert "玉皇路3号" in reviewer.get(f"{path}/review?show=new").text
    assert reviewer.post(f"{path}/send-back", reason="").status_code == 422
    assert reviewer.post(f"{path}/send-back", reason="第 4 行没有门牌号").status_code == 303
    page = clerk.get(path).text
    assert "已退回" in page
    assert "第 4 行没有门牌号" in page
    correct(clerk, path, {(4, "门牌号"): "5号"})
    clerk.post(f"{path}/store")
    assert reviewer.post(f"{path}/approve").status_code == 303
    work(reviewed, path)
    assert len([one for one in texts(reviewed) if "玉皇路" in one]) == 3
    page = clerk.get(path).text
    assert "新增 3，变更 0" in page
    assert "已退回" not in page
    with reviewed.reading() as session:
        entries = text(
            "select action, actor from audit_entry where subject = :id and action like 'imports:%' "
            "order by position"
        )
        done = session.execute(entries, {"id": path.rpartition("/")[2]}).all()
    assert [(action.partition(":")[2], actor.partition(":")[2]) for action, actor in done] == [
        ("upload", "clerk"),
        ("submit", "clerk"),
        ("send_back", "reviewer"),
        ("correct", "clerk"),
        ("submit", "clerk"),
        ("approve", "reviewer"),
    ]


def test_nobody_approves_the_own_import_or_one_of_another_county(
    reviewed: Database, home: Path
) -> None:
    clerk, stranger = enter(reviewed, home, "clerk"), enter(reviewed, home, "stranger")
    path = upload(clerk, HEADINGS + ROWS.format(street="凤凰路"))
    declare(clerk, path)
    clerk.post(f"{path}/store")
    page = clerk.get(f"{path}/review").text
    assert "不能审批自己提交的" in page
    fields = {"seen": version_of(reviewed, path), "agreed": "0" * 64}
    assert clerk.post(f"{path}/approve", **fields).status_code == 403
    assert stranger.get(f"{path}/review").status_code == 404
    assert stranger.post(f"{path}/approve", **fields).status_code == 404


def test_what_was_changed_after_it_was_read_is_not_approved(reviewed: Database, home: Path) -> None:
    clerk, reviewer = enter(reviewed, home, "clerk"), enter(reviewed, home, "reviewer")
    path = upload(clerk, HEADINGS + ROWS.format(street="将台路"))
    declare(clerk, path)
    clerk.post(f"{path}/store")
    page = reviewer.get(f"{path}/review").text
    read = re.search(r'name="agreed" value="(\w{64})"', page)
    assert read
    assert clerk.post(f"{path}/withdraw").status_code == 303
    correct(clerk, path, {(4, "门牌号"): "7号"})
    clerk.post(f"{path}/store")
    answer = reviewer.post(f"{path}/approve", agreed=read[1])
    assert answer.status_code == 409
    assert "您看过以后内容变过" in answer.text
    assert not [one for one in texts(reviewed) if "将台路" in one]


def test_small_imports_go_on_alone_until_the_day_is_full(reviewed: Database, home: Path) -> None:
    clerk = enter(reviewed, home, "clerk", above=3)
    for street, alone in (("馒头山路", True), ("宋城路", False)):
        path = upload(clerk, HEADINGS + ROWS.format(street=street))
        declare(clerk, path)
        clerk.post(f"{path}/store")
        assert ("已入库" in clerk.get(path).text) is alone
        assert ("等待审批" in clerk.get(path).text) is not alone


def version_of(database: Database, path: str) -> int:
    with database.reading() as session:
        found = text("select version from list_upload where id = :id")
        return int(session.execute(found, {"id": path.rpartition("/")[2]}).scalar_one())


def test_what_was_agreed_to_for_few_rows_is_asked_for_again_when_it_would_store_more(
    reviewed: Database, home: Path
) -> None:
    clerk = enter(reviewed, home, "clerk", above=2)
    path = upload(clerk, HEADINGS + ROWS.format(street="梵天寺路"), name="梵天寺路.csv")
    declare(clerk, path)
    number = int(path.rpartition("/")[2])
    with reviewed.session() as session:
        agree = text(
            "insert into approval (kind, subject, division, size, digest, author, author_id, "
            "decision, asked_at, decided_at) select 'list_upload', cast(:id as text), division, 1, "
            ":digest, 'staff:clerk', account_id, 'approved', now() - interval '2 days', now() "
            "from list_upload where id = :id"
        )
        digest = get_upload(session, number).digest
        session.execute(agree, {"id": number, "digest": digest})
    clerk = enter(reviewed, home, "clerk", above=0)
    assert clerk.post(f"{path}/store").status_code == 303
    assert "等待审批" in clerk.get(path).text
    assert not [one for one in texts(reviewed) if "梵天寺路" in one]


def test_a_list_that_awaits_approval_is_not_checked_again_beneath_its_reviewer(
    reviewed: Database, home: Path
) -> None:
    clerk = enter(reviewed, home, "clerk", above=0)
    path = upload(clerk, HEADINGS + ROWS.format(street="凤凰山脚路"), name="凤凰山脚路.csv")
    declare(clerk, path)
    clerk.post(f"{path}/store")
    number = int(path.rpartition("/")[2])
    held = text("select xmin::text, number, part from list_upload_row where upload_id = :id")
    with reviewed.reading() as session:
        before = sorted(session.execute(held, {"id": number}).all())
        seen = get_upload(session, number).version
    assert clerk.post(f"{path}/check", seen=seen).status_code == 409
    with reviewed.reading() as session:
        assert sorted(session.execute(held, {"id": number}).all()) == before

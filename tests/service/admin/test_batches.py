import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from service.auth.permissions import Role
from service.core.database import Database
from service.core.settings import Settings, get_settings
from service.plates.queries.batches import get_batch
from tests.database import TestDatabase
from tests.factories.batches import make_street, work_off
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import insert_account
from tests.factories.staff import SignedIn, open_browser, sign_in

COUNTY = "330102000000"


@pytest.fixture
def street(
    fresh_database: TestDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """Four doors without plates, an officer, and an approver who also is an officer."""
    monkeypatch.setenv("MENPAI_HOME", str(tmp_path))
    get_settings.cache_clear()
    database = Database(fresh_database.app_url)
    with database.session() as session:
        make_street(session, 4)
        insert_account(session, "officer", Role.OFFICER, "330102")
        insert_account(session, "colleague", Role.APPROVER, "330102")
        session.execute(
            text(
                "insert into role_assignment (account_id, role, division) "
                "select id, 'approver', '330102' from staff_account where name = 'officer'"
            )
        )
    yield database
    database.dispose()


def enter(street: Database, name: str) -> SignedIn:
    settings = Settings(
        batch_approval_above=2, operator="示例市地名管理部门", public_url=PUBLIC_URL
    )
    return sign_in(street, name, open_browser(street, settings))


def choose(officer: SignedIn, key: str = "once", **fields: str) -> str:
    """Send the form of a new batch; the path of the batch."""
    asked = {"name": "河坊街第一批", "request_key": key, "division": COUNTY} | fields
    answer = officer.post("/admin/batches/new", **asked)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def press(person: SignedIn, path: str, action: str) -> int:
    return int(person.post(f"{path}/{action}").status_code)


def test_an_officer_chooses_a_colleague_approves_and_the_maker_gets_the_zip(
    street: Database,
) -> None:
    officer, colleague = enter(street, "officer"), enter(street, "colleague")
    path = choose(officer, sheet="sra3", marks="true")
    assert "河坊街4号" in officer.get(path).text
    assert press(officer, path, "submit") == 303
    waiting = officer.get(path).text
    assert "不能批准自己的批次" in waiting
    assert f"{path}/approve" not in waiting
    assert press(officer, path, "approve") == 403  # the author, though also an approver
    assert f"{path}/approve" in colleague.get(path).text
    assert press(colleague, path, "approve") == 303
    assert officer.get(f"{path}/files/batch.zip").status_code == 404
    assert press(officer, path, "start") == 303
    assert "data-live" in officer.get(path).text
    assert press(officer, path, "pause") == 303
    assert "已暂停" in officer.get(path).text
    assert press(officer, path, "resume") == 303
    with street.reading() as session:
        batch = get_batch(session, int(path.rsplit("/", 1)[1]))
    work_off(street, batch)
    ready = officer.get(path).text
    assert f"{path}/files/batch.zip" in ready
    assert "data-live" not in ready
    taken = officer.get(f"{path}/files/batch.zip")
    kept = Path(Settings().home) / f"files/batches/{batch.id}/batch-{batch.id}.zip"
    assert hashlib.sha256(taken.content).digest() == hashlib.sha256(kept.read_bytes()).digest()
    assert "proof.pdf" in zipfile.ZipFile(io.BytesIO(taken.content)).namelist()
    assert colleague.get(path).status_code == 200
    assert colleague.get(f"{path}/files/batch.zip").status_code == 403
    with street.reading() as session:
        noted = "select actor from audit_entry where action = 'batches:download'"
        assert session.execute(text(noted)).scalars().all() == ["staff:officer"]


def test_the_form_sent_twice_is_one_batch_and_a_list_of_codes_is_read_as_printed(
    street: Database,
) -> None:
    officer = enter(street, "officer")
    with street.reading() as session:
        codes = session.execute(text("select code from address order by code")).scalars().all()
    printed = " ".join(codes[0][n : n + 4] for n in (0, 4, 8, 12))
    first = choose(officer, codes=f"{printed} {codes[1]}")
    assert choose(officer, codes=f"{printed} {codes[1]}") == first
    page = officer.get(first).text
    assert "2 块" in page
    assert press(officer, first, "submit") == 303
    assert "已批准" in officer.get(first).text  # two plates need no colleague
    answer = officer.post(
        "/admin/batches/new", name="x", request_key="k", division=COUNTY, codes="门牌"
    )
    assert answer.status_code == 422
    assert "16 digits" in answer.text


def test_an_address_is_left_out_of_a_draft_and_a_cancelled_batch_frees_the_others(
    street: Database,
) -> None:
    officer = enter(street, "officer")
    path = choose(officer)
    with street.reading() as session:
        code = session.execute(text("select code from plate_batch_item where place = 1")).scalar()
    assert officer.post(f"{path}/leave-out", code=code, reason="拆除").status_code == 303
    assert "不制作：拆除" in officer.get(path).text
    assert press(officer, path, "cancel") == 303
    assert "已取消" in officer.get(path).text
    assert choose(officer, "again") != path
    listed = officer.get("/admin/batches?status=cancelled").text
    assert path in listed
    assert path not in officer.get("/admin/batches?status=draft").text

"""Who sees an import at the desk, and lists that are given up or stop midway."""

from pathlib import Path

import pytest
from sqlalchemy import text

from service.core.database import Database
from service.core.errors import Busy
from service.imports.uploads import taking
from tests.factories.uploads import GOOD, HEADINGS, declare, enter, send, upload


def test_an_import_is_seen_in_its_divisions_alone(register: Database, tmp_path: Path) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, HEADINGS + "清河坊社区,吴山路,1号,\n", name="只给上城.csv")
    neighbour = enter(register, tmp_path, "neighbour")
    assert neighbour.get(path).status_code == 404
    assert "只给上城" not in neighbour.get("/admin/imports").text
    assert send(neighbour, GOOD).status_code == 403
    assert enter(register, tmp_path, "reader").get("/admin/imports").status_code == 403


def test_a_list_that_is_given_up_leaves_no_file_and_is_not_stored(
    register: Database, tmp_path: Path
) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, HEADINGS + "清河坊社区,严官巷,1号,\n")
    declare(clerk, path)
    assert clerk.post(f"{path}/abandon").status_code == 303
    page = clerk.get(path).text
    assert "已放弃" in page
    assert clerk.post(f"{path}/store", seen=clerk_version(register, path)).status_code == 409
    assert not [one for one in (tmp_path / "files").rglob("*") if one.is_file()]


def test_a_list_that_stops_midway_says_how_far_it_came_and_goes_on(
    register: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, HEADINGS + "清河坊社区,孝子坊,1号,\n")
    declare(clerk, path)
    with monkeypatch.context() as broken:
        broken.setattr(taking, "import_addresses", stop)
        assert clerk.post(f"{path}/store").status_code == 303
    page = clerk.get(path).text
    assert "入库没有做完" in page
    assert "已登记 0 个地址" in page
    clerk.post(f"{path}/check")
    clerk.post(f"{path}/store")
    assert "已入库" in clerk.get(path).text


def test_a_list_whose_process_died_is_stored_again_after_five_minutes(
    register: Database, tmp_path: Path
) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, HEADINGS + "清河坊社区,祠堂巷,1号,\n")
    declare(clerk, path)
    set_back(register, path, minutes=1)
    answer = clerk.post(f"{path}/store")
    assert answer.status_code == 409
    assert "正在入库" in answer.text
    assert clerk.post(f"{path}/check").status_code == 409
    set_back(register, path, minutes=6)
    assert clerk.post(f"{path}/store").status_code == 303
    assert "已入库" in clerk.get(path).text


def set_back(database: Database, path: str, *, minutes: int) -> None:
    """Leave a list as if its storing had begun some minutes ago."""
    statement = text(
        "update list_upload set state = 'storing', "
        "updated_at = clock_timestamp() - :minutes * interval '1 minute' where id = :id"
    )
    with database.session() as session:
        session.execute(statement, {"minutes": minutes, "id": path.rpartition("/")[2]})


def stop(*_: object, **__: object) -> None:
    raise Busy("another import holds the county", zh="另一份清单正在入库。")


def clerk_version(database: Database, path: str) -> int:
    with database.reading() as session:
        found = text("select version from list_upload where id = :id")
        return int(session.execute(found, {"id": path.rpartition("/")[2]}).scalar_one())


def test_a_column_of_another_systems_codes_becomes_identifiers(
    register: Database, tmp_path: Path
) -> None:
    clerk = enter(register, tmp_path)
    lines = "地址编码（省厅）,社区,街路巷,门牌号\n330102000000001,清河坊社区,华光路,7号\n"
    path = upload(clerk, lines)
    choice = "id:地址编码（省厅）"
    assert f'<option value="{choice}">其他系统的编号</option>' in clerk.get(path).text
    fields = [choice, "community", "thoroughfare", "number"]
    assert declare(clerk, path, field=fields).status_code == 303
    assert "新增 <b>1</b>" in clerk.get(path).text
    assert clerk.post(f"{path}/store").status_code == 303
    found = clerk.get("/admin/addresses?q=330102000000001")
    assert "华光路7号" in clerk.get(str(found.headers["location"])).text

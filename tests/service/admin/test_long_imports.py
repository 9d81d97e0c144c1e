"""A list that is too long for a request is checked and stored by runs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from service.core.database import Database
from service.core.settings import get_settings
from service.imports.uploads import states
from service.run_kinds import register_run_kinds
from service.runs import worker_loop
from service.runs.commands import chunks
from tests.factories.lists import texts
from tests.factories.uploads import declare, enter, upload

ROWS = 5000
HEAD = "社区,街路巷,门牌号\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the worker finds the files of the desk."""
    monkeypatch.setenv("MENPAI_HOME", str(tmp_path))
    get_settings.cache_clear()
    register_run_kinds()
    yield tmp_path
    get_settings.cache_clear()


def test_a_long_list_is_checked_and_stored_while_its_clerk_is_away(
    register: Database, home: Path
) -> None:
    clerk = enter(register, home)
    path = upload(clerk, HEAD + rows_of("长生路") + "清河坊社区,长生路,对面\n")
    assert "4,000 行以上" in clerk.get(path).text
    declare(clerk, path)
    page = clerk.get(path).text
    assert "正在核对" in page
    assert 'http-equiv="refresh"' in page
    work(register, path)
    page = clerk.get(path).text
    assert f"新增 <b>{ROWS:,}</b>" in page
    assert "错误 <b>1</b>" in page
    assert not [one for one in texts(register) if "长生路" in one]
    clerk.post(f"{path}/store")
    assert "正在入库" in clerk.get(path).text
    assert clerk.post(f"{path}/store").status_code == 409
    work(register, path)
    page = clerk.get(path).text
    assert f"给新增的 {ROWS:,} 个地址做门牌" in page
    assert len([one for one in texts(register) if "长生路" in one]) == ROWS


def test_progress_is_shown_and_a_killed_worker_is_taken_over_from(
    register: Database, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = enter(register, home)
    path = upload(clerk, HEAD + rows_of("断桥路"))
    declare(clerk, path)
    work(register, path)
    clerk.post(f"{path}/store")
    with monkeypatch.context() as killed:
        kill_after(killed, 2 * ROWS - 1500)
        with pytest.raises(KeyboardInterrupt):
            work(register, path)
    page = clerk.get(path).text
    (shown,) = re.findall(r'<progress id="share" max="1" value="([^"]+)">', page)
    assert 0.5 < float(shown) < 1
    stored = len([one for one in texts(register) if "断桥路" in one])
    assert 0 < stored < ROWS
    work(register, path)
    page = clerk.get(path).text
    assert f"新增 {ROWS:,}，变更 0，相同 0" in page
    codes = [one for one in texts(register) if "断桥路" in one]
    assert len(codes) == len(set(codes)) == ROWS


def test_a_run_is_stopped_by_its_clerk_and_goes_on_later(
    register: Database, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = enter(register, home)
    path = upload(clerk, HEAD + rows_of("白堤路"))
    declare(clerk, path)
    clerk.post(f"{path}/stop")
    page = clerk.get(path).text
    assert "核对没有做完" in page
    assert "已按要求停下" in page
    declare(clerk, path)
    work(register, path)
    clerk.post(f"{path}/store")
    note = chunks.note_progress

    def stop_midway(session: object, chunk: object, done: int) -> None:
        if done > ROWS + 2500:
            assert clerk.post(f"{path}/stop").status_code == 303
        note(session, chunk, done)  # type: ignore[arg-type]

    with monkeypatch.context() as stopped:
        stopped.setattr("service.imports.tasks.note_progress", stop_midway)
        work(register, path)
    page = clerk.get(path).text
    assert "入库没有做完" in page
    stored = len([one for one in texts(register) if "白堤路" in one])
    assert f"已登记 {stored:,} 个地址" in page
    assert 0 < stored < ROWS
    clerk.post(f"{path}/store")
    work(register, path)
    assert f"新增 {ROWS:,}，变更 0，相同 0" in clerk.get(path).text


def test_a_list_that_cannot_be_read_says_so_instead_of_trying_again(
    register: Database, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = enter(register, home)
    monkeypatch.setattr("service.imports.uploads.taking.MOST_ROWS", states.QUICK_ROWS)
    path = upload(clerk, HEAD + rows_of("苏堤路"))
    declare(clerk, path)
    work(register, path)
    page = clerk.get(path).text
    assert "核对没有做完" in page
    assert "清单超过 4,000 行，请分成几份上传" in page
    assert 'name="then" value="check"' in page


def rows_of(street: str) -> str:
    return "".join(f"清河坊社区,{street},{number}号\n" for number in range(1, ROWS + 1))


def work(database: Database, path: str) -> None:
    """Let a worker process the run of a list."""
    with database.reading() as session:
        found = text("select run_id from list_upload where id = :id")
        run = session.execute(found, {"id": path.rpartition("/")[2]}).scalar_one()
    worker_loop.run_chunks(database, run)


def kill_after(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """End the worker once it has done so many rows."""
    note = chunks.note_progress

    def die(session: object, chunk: object, done: int) -> None:
        if done > most:
            raise KeyboardInterrupt
        note(session, chunk, done)  # type: ignore[arg-type]

    monkeypatch.setattr("service.imports.tasks.note_progress", die)


def test_a_fault_of_the_machine_is_told_in_chinese_with_the_number_of_the_run(
    register: Database, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = enter(register, home)
    path = upload(clerk, HEAD + rows_of("孤山路"))
    declare(clerk, path)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the machine is broken")

    monkeypatch.setattr("service.imports.tasks.check_upload", fail)
    for _ in range(5):
        work(register, path)
    page = clerk.get(path).text
    assert "核对没有做完" in page
    assert re.search(r"请把运行编号 \d+ 告诉系统管理员", page)
    assert "machine" not in page

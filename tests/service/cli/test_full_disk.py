"""Commands that write, on a full disk: exit code 3, Chinese first, an older file as it was."""

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from service.cli.full_disk import explain_full_disk
from service.core.database import Database
from service.core.errors import BadRequest, DatabaseFull
from service.core.faults import EnvironmentFault
from service.core.homes import test_home as home_of_tests
from tests.command_line import call, menpai
from tests.database import TestDatabase, migrated_database
from tests.factories.plates import make_plates
from tests.small_disk import SmallDisk, small_disk

WRITING = {
    "list": ("addresses", "export", "{out}/a.csv"),
    "workbook": ("addresses", "export", "{out}/a.xlsx"),
    "packed": ("addresses", "export", "{out}/a.ndjson.gz"),
    "catalogue": ("heritage", "export", "{out}/a.jsonld"),
    "plates": ("plates", "print", "--out", "{out}/maker", "--for-trial"),
    "readings": ("parse-file", "{texts}", "{out}/a.jsonl"),
    "answers": ("resolve-file", "{rows}", "{out}/a.csv", "--column", "地址"),
    "photo": ("plates", "confirm", "{token}", "--photo", "{photo}"),
}


@pytest.fixture(scope="module")
def register() -> Iterator[tuple[TestDatabase, str]]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            (token, *_) = make_plates(session, 12, status="in_use")
        database.dispose()
        yield made, token


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    with small_disk(home_of_tests() / f"{os.getpid()}-shell", 2) as made:
        yield made


@pytest.mark.parametrize("name", WRITING)
def test_a_command_says_which_disk_is_full_and_leaves_nothing_half(
    register: tuple[TestDatabase, str], disk: SmallDisk, tmp_path: Path, name: str
) -> None:
    database, token = register
    files = {
        "texts": tmp_path / "texts.jsonl",
        "rows": tmp_path / "rows.csv",
        "photo": tmp_path / "photo.png",
    }
    places = {
        "out": disk.path,
        "token": token,
        **files,
    }
    texts = [f"浙江省杭州市上城区清波街道河坊街{number}号" for number in range(3000)]
    files["texts"].write_text("".join(json.dumps({"text": one}) + "\n" for one in texts))
    files["rows"].write_text("地址\n" + "\n".join(texts[:300]))
    Image.new("RGB", (64, 64), "red").save(files["photo"])
    older = disk.path / "a.csv"
    older.write_text("as it was")
    disk.fill()
    before = set(disk.path.rglob("*"))
    asked = (part.format(**places) for part in WRITING[name])
    done = call(
        *asked,
        database=database,
        files_url=str(disk.path / "files"),
        home=str(tmp_path / "home"),
    )
    assert (done.code, done.out) == (3, ""), done.err
    said = done.err[done.err.index("menpai: ") :]
    assert said.startswith(f"menpai: {disk.path}"), said
    assert "所在的磁盘已满" in said.splitlines()[0]
    assert said.splitlines()[1].startswith("办法：")
    assert "run the same command again" in said
    assert older.read_text() == "as it was"
    assert {one for one in disk.path.rglob("*") if one.is_file()} <= before


def test_a_home_without_room_for_a_database_says_so(disk: SmallDisk) -> None:
    disk.fill()
    done = menpai("db", "init", home=str(disk.path / "home"))
    assert (done.code, done.out) == (3, "")
    assert "所在的磁盘已满" in done.err
    assert "Traceback" not in done.err


def test_only_what_a_full_disk_may_be_the_reason_of_is_explained_by_it(
    disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(disk.path)
    fault = EnvironmentFault("the font cannot be read")
    assert explain_full_disk(fault) == ""
    assert "数据库所在的磁盘已满" in explain_full_disk(DatabaseFull("no room"))
    assert "配额" in explain_full_disk(OSError(errno.EDQUOT, "quota"))
    assert explain_full_disk(OSError(errno.EACCES, "closed")) == ""
    disk.fill()
    assert f"{disk.path} 所在的磁盘已满" in explain_full_disk(fault)
    assert explain_full_disk(BadRequest("no such code")) == ""

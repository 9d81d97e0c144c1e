import json
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from migrations import run
from service.addresses.commands import high_water, issue_codes, raise_counters
from service.addresses.commands.high_water import CodeSpaceState
from service.cluster.backup import create_backup, find_note, note_file
from service.cluster.databases import clone_database, drop_database
from service.cluster.local_postgres import Cluster, drop_cluster, ensure_cluster
from service.cluster.restore import (
    RESTORING,
    restore_into_cluster,
    restore_into_external,
)
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.faults import EnvironmentFault
from service.core.homes import test_home
from tests.database import TestDatabase

COUNTY = "330106"


@pytest.fixture(scope="module")
def made() -> Iterator[Cluster]:
    home = test_home() / f"{os.getpid()}-backup"
    cluster = ensure_cluster(home, durable=False)
    run.upgrade(cluster.owner_url())
    with cluster.connect_as_superuser() as superuser:
        clone_database(superuser, "menpai", "pristine")
    yield cluster
    drop_cluster(home)


@pytest.fixture
def cluster(made: Cluster) -> Cluster:
    with made.connect_as_superuser() as superuser:
        for name in database_names(made) - {"pristine", "postgres", "template0", "template1"}:
            drop_database(superuser, name)
        clone_database(superuser, "pristine", "menpai")
    return made


def database_names(cluster: Cluster) -> set[str]:
    with cluster.connect_as_superuser() as superuser:
        return {row[0] for row in superuser.execute("SELECT datname FROM pg_database")}


def issue(cluster: Cluster, count: int, county: str = COUNTY) -> set[str]:
    database = Database(cluster.app_url(), pool_size=1)
    try:
        with database.session() as session:
            return {str(code) for code in issue_codes(session, county, count)}
    finally:
        database.dispose()


def prepare(owner_url: str, former: list[CodeSpaceState]) -> None:
    run.upgrade(owner_url)
    database = Database(owner_url, pool_size=1)
    try:
        with database.session() as session:
            high_water.adopt_code_spaces(session, former)
            raise_counters(session, high_water.MARGIN, COMMAND_LINE)
    finally:
        database.dispose()


def test_codes_issued_after_the_backup_never_come_again(cluster: Cluster, tmp_path: Path) -> None:
    before = issue(cluster, 1000)
    create_backup(cluster.owner_url(), tmp_path / "register")
    lost = issue(cluster, 1000)
    restore_into_cluster(cluster, tmp_path / "register", prepare)
    after = issue(cluster, 1000)
    assert len(before | lost | after) == 3000


def test_a_county_that_began_after_the_backup_keeps_its_key(
    cluster: Cluster, tmp_path: Path
) -> None:
    create_backup(cluster.owner_url(), tmp_path / "register")
    lost = issue(cluster, 30_000, "330782")
    restore_into_cluster(cluster, tmp_path / "register", prepare)
    again = issue(cluster, 30_000, "330782")
    assert len(lost | again) == 60_000


def test_a_restore_brings_rows_and_rights_and_keeps_the_former_register(
    cluster: Cluster, tmp_path: Path
) -> None:
    issue(cluster, 10)
    note = create_backup(cluster.owner_url(), tmp_path / "register")
    assert note.rows["code_space"] == 1
    issue(cluster, 5, "330782")
    done = restore_into_cluster(cluster, tmp_path / "register", prepare)
    assert done.note == note
    assert done.former in database_names(cluster)
    assert RESTORING not in database_names(cluster)
    with psycopg.connect(cluster.app_url().replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM code_space").fetchone() == (2,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM audit_entry")
    assert run.find_current(cluster.owner_url()) == run.head()


def test_connected_applications_do_not_stop_a_restore(cluster: Cluster, tmp_path: Path) -> None:
    create_backup(cluster.owner_url(), tmp_path / "register")
    database = Database(cluster.app_url(), pool_size=1)
    with database.reading() as session:
        high_water.read_counters(session)
    restore_into_cluster(cluster, tmp_path / "register", prepare)
    with database.reading() as session:
        assert high_water.read_counters(session) == {}
    database.dispose()


def test_a_backup_restores_into_a_fresh_home(cluster: Cluster, tmp_path: Path) -> None:
    first = issue(cluster, 100)
    create_backup(cluster.owner_url(), tmp_path / "register")
    home = test_home() / f"{os.getpid()}-moved"
    try:
        moved = ensure_cluster(home, durable=False)
        done = restore_into_cluster(moved, tmp_path / "register", prepare)
        assert done.former is None
        assert not first & issue(moved, 100)
        names = {"menpai", "postgres", "template0", "template1"}
        assert database_names(moved) == names
    finally:
        drop_cluster(home)


def test_a_restore_that_fails_leaves_the_register_as_it_was(
    cluster: Cluster, tmp_path: Path
) -> None:
    create_backup(cluster.owner_url(), tmp_path / "register")
    issue(cluster, 7)

    def break_off(_url: str, _former: list[CodeSpaceState]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore_into_cluster(cluster, tmp_path / "register", break_off)
    assert "menpai_restoring" not in database_names(cluster)
    database = Database(cluster.app_url(), pool_size=1)
    with database.reading() as session:
        assert high_water.read_counters(session) == {COUNTY: 7}
    database.dispose()


@pytest.mark.parametrize("damage", ["changed", "cut", "text", "missing"])
def test_a_damaged_backup_is_refused(cluster: Cluster, tmp_path: Path, damage: str) -> None:
    file = tmp_path / "register"
    create_backup(cluster.owner_url(), file)
    content = file.read_bytes()
    if damage == "missing":
        file.unlink()
    elif damage == "changed":
        file.write_bytes(content[:-100] + b"x" + content[-99:])
    else:
        note_file(file).unlink()
        file.write_bytes(content[:2000] if damage == "cut" else b"not a backup")
    with pytest.raises(EnvironmentFault) as caught:
        restore_into_cluster(cluster, file, prepare)
    assert str(file) in str(caught.value) or "pg_restore" in str(caught.value)
    assert caught.value.hint
    assert database_names(cluster) & {"menpai", RESTORING} == {"menpai"}


def test_rows_that_went_missing_are_noticed(cluster: Cluster, tmp_path: Path) -> None:
    file = tmp_path / "register"
    create_backup(cluster.owner_url(), file)
    note = json.loads(note_file(file).read_text(encoding="utf-8"))
    note["rows"]["plate"] = 5
    note_file(file).write_text(json.dumps(note), encoding="utf-8")
    with pytest.raises(EnvironmentFault, match="did not restore completely: plate differ"):
        restore_into_cluster(cluster, file, prepare)
    assert database_names(cluster) & {"menpai", RESTORING} == {"menpai"}


def test_a_backup_never_replaces_another(cluster: Cluster, tmp_path: Path) -> None:
    file = tmp_path / "register"
    note = create_backup(cluster.owner_url(), file)
    with pytest.raises(EnvironmentFault, match="exists already"):
        create_backup(cluster.owner_url(), file)
    assert find_note(file) == note
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("place", "reason"), [("gone/register", "is not there"), ("file/register", "is not there")]
)
def test_a_backup_that_cannot_be_written_leaves_nothing(
    cluster: Cluster, tmp_path: Path, place: str, reason: str
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFault, match=reason):
        create_backup(cluster.owner_url(), tmp_path / place)
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_an_empty_database_is_not_backed_up(bare_database: TestDatabase, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="nothing to back up") as caught:
        create_backup(bare_database.owner_url, tmp_path / "register")
    assert "db init" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_an_external_database_is_restored_only_when_it_is_empty(
    cluster: Cluster, bare_database: TestDatabase, tmp_path: Path
) -> None:
    issue(cluster, 10)
    create_backup(cluster.owner_url(), tmp_path / "register")
    done = restore_into_external(bare_database.owner_url, tmp_path / "register", prepare)
    assert done.rows["code_space"] == 1
    with pytest.raises(EnvironmentFault, match="is not empty"):
        restore_into_external(bare_database.owner_url, tmp_path / "register", prepare)


def test_a_wrong_url_is_told_without_its_password(tmp_path: Path) -> None:
    url = "postgresql+psycopg://menpai_owner:geheim@127.0.0.1:9/menpai"
    with pytest.raises(EnvironmentFault, match="does not answer") as caught:
        create_backup(url, tmp_path / "register")
    assert "geheim" not in str(caught.value)

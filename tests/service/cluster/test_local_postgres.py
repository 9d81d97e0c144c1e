import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from service.cluster.database_urls import get_database_urls
from service.cluster.local_postgres import (
    Cluster,
    cluster_status,
    drop_cluster,
    ensure_cluster,
    stop_cluster,
)
from service.cluster.postmaster import find_running
from service.cluster.socket_folder import LONGEST
from service.core.faults import EnvironmentFault
from service.core.homes import DATABASE, make_home, test_home
from service.core.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="root runs the server as another user")


@pytest.fixture(scope="module")
def calm() -> Iterator[Cluster]:
    place = test_home() / f"{os.getpid()}-calm"
    yield ensure_cluster(place, durable=False)
    drop_cluster(place)


@pytest.fixture
def cluster(home: Path) -> Cluster:
    return ensure_cluster(home, durable=False)


def ask(cluster: Cluster, question: str, role: str = "menpai_app") -> object:
    url = {"menpai_app": cluster.app_url(), "menpai_owner": cluster.owner_url()}[role]
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        row = connection.execute(question).fetchone()
        assert row is not None
        return row[0]


def server_pid(cluster: Cluster) -> int:
    running = find_running(cluster.data_folder)
    assert running
    return running.pid


def test_a_new_home_gets_a_database_with_both_roles_and_the_extensions(calm: Cluster) -> None:
    assert ask(calm, "SELECT current_user") == "menpai_app"
    assert ask(calm, "SELECT current_user", "menpai_owner") == "menpai_owner"
    powers = "SELECT bool_or(rolsuper OR rolcreatedb OR rolcreaterole) FROM pg_roles WHERE rolname"
    assert ask(calm, f"{powers} LIKE 'menpai%'") is False
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'menpai'"
    assert ask(calm, owner) == "menpai_owner"
    extensions = "SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension"
    assert ask(calm, extensions) == "btree_gist pg_trgm plpgsql postgis"
    assert ask(calm, "SELECT ST_SRID(ST_SetSRID(ST_Point(120, 30), 4490))") == 4490
    assert ask(calm, "SHOW server_encoding") == "UTF8"


def test_the_application_may_not_create_tables(calm: Cluster) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(calm, "CREATE TABLE mine (a int)")


def test_there_is_no_network_port_and_the_socket_is_closed_to_others(calm: Cluster) -> None:
    assert ask(calm, "SHOW listen_addresses") == ""
    assert calm.socket_folder.stat().st_mode & 0o777 == 0o700
    assert (calm.socket_folder / ".s.PGSQL.5432").stat().st_mode & 0o077 == 0
    assert calm.data_folder.stat().st_mode & 0o077 == 0
    rules = (calm.data_folder / "pg_hba.conf").read_text(encoding="utf-8")
    kinds = {line.split()[0] for line in rules.splitlines() if line and line[0] != "#"}
    assert kinds == {"local"}


@needs_root
def test_root_runs_the_server_as_postgres(calm: Cluster) -> None:
    owner = calm.data_folder.stat().st_uid
    assert owner != 0
    assert Path(f"/proc/{server_pid(calm)}").stat().st_uid == owner


@needs_root
def test_another_user_cannot_reach_the_socket(calm: Cluster) -> None:
    reached = subprocess.run(
        ["/bin/ls", str(calm.socket_folder)], user="nobody", capture_output=True, check=False
    )
    assert reached.returncode != 0


def test_calling_again_changes_nothing_and_is_quick(calm: Cluster) -> None:
    pid = server_pid(calm)
    began = time.monotonic()
    assert ensure_cluster(calm.home, durable=False) == calm
    assert time.monotonic() - began < 2
    assert server_pid(calm) == pid


def test_a_stopped_cluster_starts_again_with_its_rows(cluster: Cluster) -> None:
    keep_a_row(cluster)
    assert stop_cluster(cluster.home) is True
    assert stop_cluster(cluster.home) is False
    assert cluster_status(cluster.home).running is False
    assert cluster_status(cluster.home).created is True
    ensure_cluster(cluster.home, durable=False)
    assert ask(cluster, "SELECT count(*) FROM kept", "menpai_owner") == 1


def test_a_killed_server_starts_again_with_its_rows(cluster: Cluster) -> None:
    keep_a_row(cluster)
    os.kill(server_pid(cluster), signal.SIGKILL)
    assert (cluster.data_folder / "postmaster.pid").exists()
    ensure_cluster(cluster.home, durable=False)
    assert ask(cluster, "SELECT count(*) FROM kept", "menpai_owner") == 1


def test_a_killed_server_starts_again_though_a_long_statement_lives_on(cluster: Cluster) -> None:
    busy = psycopg.connect(cluster.owner_url().replace("+psycopg", ""), autocommit=True)
    backend = busy.info.backend_pid
    busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 2000000000)")
    busy.pgconn.flush()
    time.sleep(0.2)
    os.kill(server_pid(cluster), signal.SIGKILL)
    ensure_cluster(cluster.home, durable=False)
    assert ask(cluster, "SELECT 1") == 1
    assert not lives(backend)
    busy.close()


def test_a_pid_file_that_names_a_stranger_is_not_believed(cluster: Cluster) -> None:
    pid_file = cluster.data_folder / "postmaster.pid"
    lines = pid_file.read_text(encoding="utf-8").splitlines()
    stop_cluster(cluster.home)
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]), encoding="utf-8")
    shutil.chown(pid_file, cluster.data_folder.stat().st_uid)
    assert cluster_status(cluster.home).running is False
    ensure_cluster(cluster.home, durable=False)
    assert ask(cluster, "SELECT 1") == 1


LOOK_FROM_A_CONTAINER = """
set -e
mount --bind "$2" "$1"
exec "$3" -c "
import sys
from pathlib import Path
from service.cluster.postmaster import _orphans, find_running
data = Path(sys.argv[1])
print(find_running(data), _orphans(data))" "$1"
"""


@needs_root
def test_a_server_of_another_folder_under_the_same_name_is_not_ours(
    cluster: Cluster, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(cluster.data_folder / "postmaster.pid", other)
    words = [str(cluster.data_folder), str(other), sys.executable]
    seen = subprocess.run(
        ["unshare", "--mount", "sh", "-c", LOOK_FROM_A_CONTAINER, "sh", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare failed" in seen.stderr:
        pytest.skip("this container allows no mount namespaces")
    assert seen.stdout == "None []\n", seen.stderr
    assert find_running(cluster.data_folder) is not None


def test_a_socket_that_was_cleaned_away_comes_back(cluster: Cluster) -> None:
    shutil.rmtree(cluster.socket_folder)
    ensure_cluster(cluster.home, durable=False)
    assert ask(cluster, "SELECT 1") == 1


CREATE = """
import sys
from pathlib import Path
from service.cluster.local_postgres import ensure_cluster
print(ensure_cluster(Path(sys.argv[1]), durable=False).app_url())
"""


def test_four_processes_at_once_make_one_cluster(home: Path) -> None:
    command = [sys.executable, "-c", CREATE, str(home)]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    answers = {process.communicate(timeout=120)[0] for process in running}
    assert [process.returncode for process in running] == [0] * 4
    assert len(answers) == 1
    assert ask(ensure_cluster(home), "SELECT 1") == 1


@pytest.mark.parametrize("moment", [0.3, 0.8, 1.2, 1.7])
def test_a_creation_that_was_killed_is_finished_by_the_next(home: Path, moment: float) -> None:
    victim = subprocess.Popen(
        [sys.executable, "-c", CREATE, str(home)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(moment)
    os.killpg(victim.pid, signal.SIGKILL)
    victim.wait()
    cluster = ensure_cluster(home, durable=False)
    assert ask(cluster, "SELECT postgis_lib_version() IS NOT NULL") is True
    assert not (cluster.data_folder.with_name("data.unfinished")).exists()


def test_a_database_whose_creation_broke_off_is_made_anew(cluster: Cluster) -> None:
    with cluster.connect_as_superuser() as superuser:
        superuser.execute(f"ALTER DATABASE {DATABASE} RENAME TO {DATABASE}_unfinished")
    (cluster.home / "cluster" / "ready").unlink()
    stop_cluster(cluster.home)
    ensure_cluster(cluster.home, durable=False)
    assert ask(cluster, "SELECT postgis_lib_version() IS NOT NULL") is True


def test_a_home_with_a_long_path_gets_a_short_socket_folder(home: Path) -> None:
    deep = home / ("long-" * 20)
    cluster = ensure_cluster(deep, durable=False)
    assert len(os.fsencode(cluster.socket_folder)) <= LONGEST
    assert cluster.socket_folder.stat().st_mode & 0o777 == 0o700
    assert ask(cluster, "SELECT 1") == 1
    drop_cluster(deep)
    assert not cluster.socket_folder.exists()


@needs_root
def test_a_home_that_the_server_cannot_enter_says_which_folder_to_open(home: Path) -> None:
    make_home(home)
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(EnvironmentFault, match=f"may not enter {closed}\n") as caught:
        ensure_cluster(closed / "home")
    assert f"chmod o+x {closed}" in caught.value.hint
    assert not (closed / "home" / "cluster").exists()


def test_a_home_that_cannot_be_made_says_so(home: Path) -> None:
    make_home(home)
    (home / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(EnvironmentFault, match="cannot be created") as caught:
        ensure_cluster(home / "file" / "home")
    assert "MENPAI_HOME" in caught.value.hint


def test_with_a_database_url_no_cluster_is_touched(home: Path) -> None:
    url = "postgresql+psycopg://menpai_app@db/menpai"
    urls = get_database_urls(Settings(home=home, database_url=url))
    assert (urls.app, urls.owner, urls.read) == (url, url, url)
    assert not home.exists()


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2][1] != "Z"
    except OSError:
        return False


def keep_a_row(cluster: Cluster) -> None:
    with psycopg.connect(cluster.owner_url().replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg
import pytest

from migrations import run
from service.addresses.commands import high_water
from service.cli import main
from service.cluster.local_postgres import cluster_status, drop_cluster, ensure_cluster
from service.core.homes import test_home
from service.core.settings import get_settings
from tests.database import TestDatabase


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    place = test_home() / f"{os.getpid()}-register"
    yield place
    drop_cluster(place)


@dataclass(frozen=True)
class Said:
    returncode: int
    stdout: str
    stderr: str


class Menpai(Protocol):
    def __call__(self, *words: str, home: Path, **settings: str) -> Said: ...


@pytest.fixture
def menpai(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Menpai:
    def run_command(*words: str, home: Path, **settings: str) -> Said:
        with monkeypatch.context() as patch:
            for name, value in {"MENPAI_HOME": str(home), **settings}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["menpai", "db", *words])
            get_settings.cache_clear()
            capfd.readouterr()
            with pytest.raises(SystemExit) as ended:
                main()
            said = capfd.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return run_command


def answer(done: Said) -> dict[str, object]:
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def issue(home: Path, county: str, counter: int) -> None:
    url = ensure_cluster(home).app_url().replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO code_space (county, key, counter) VALUES (%s, 'k', %s) "
            "ON CONFLICT (county) DO UPDATE SET counter = excluded.counter",
            [county, counter],
        )


def counter(home: Path, county: str) -> int:
    url = ensure_cluster(home).app_url().replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT counter FROM code_space WHERE county = %s", [county]
        ).fetchone()
        assert row
        return int(row[0])


def test_a_register_from_init_to_drop(menpai: Menpai, home: Path, tmp_path: Path) -> None:
    assert answer(menpai("status", "--json", home=home))["created"] is False
    assert not home.exists()
    assert answer(menpai("init", "--json", home=home)) == {"before": None, "revision": run.head()}
    assert answer(menpai("init", "--json", home=home))["before"] == run.head()
    assert answer(menpai("stop", "--json", home=home))["stopped"] is True
    status = answer(menpai("status", "--json", home=home))
    assert (status["created"], status["running"]) == (True, False)
    assert answer(menpai("start", "--json", home=home))["running"] is True
    status = answer(menpai("status", "--json", home=home))
    assert (status["running"], status["revision"]) == (True, run.head())

    file = tmp_path / "register"
    issue(home, "330106", 10)
    assert answer(menpai("backup", str(file), "--json", home=home))["rows"]
    issue(home, "330106", 2_000_000)
    high_water.record(high_water.path_for(home), {"330106": 2_500_000})
    restored = menpai("restore", str(file), "--json", home=home)
    done = answer(restored)
    assert done["proved"] is True
    assert done["counties_raised"] == 1
    assert "raised by 1,000,000" in restored.stderr
    assert counter(home, "330106") == 3_500_000

    former = str(done["former_database"])
    assert answer(menpai("drop", "--yes-delete", former, "--json", home=home))
    again = menpai("drop", "--yes-delete", former, home=home)
    assert (again.returncode, "there is no database" in again.stderr) == (3, True)

    wrong = menpai("drop", "--yes-delete", "menpai", home=home)
    assert wrong.returncode == 3
    assert f"--yes-delete {home.name}" in wrong.stderr
    assert cluster_status(home).running is True
    assert answer(menpai("drop", "--yes-delete", home.name, "--json", home=home))
    assert not home.exists()


def test_a_downgrade_asks_for_a_yes_and_goes_back(
    menpai: Menpai, bare_database: TestDatabase
) -> None:
    nowhere = test_home() / "never-made"
    urls = {
        "MENPAI_DATABASE_URL": bare_database.app_url,
        "MENPAI_OWNER_DATABASE_URL": bare_database.owner_url,
    }
    assert answer(menpai("upgrade", "--json", home=nowhere, **urls))["revision"] == run.head()
    refused = menpai("downgrade", "base", home=nowhere, **urls)
    assert (refused.returncode, "--yes" in refused.stderr) == (3, True)
    gone = answer(menpai("downgrade", "base", "--yes", "--json", home=nowhere, **urls))
    assert gone == {"revision": None}
    assert answer(menpai("status", "--json", home=nowhere, **urls))["database"] == "external"
    for command in (["start"], ["stop"], ["drop", "--yes-delete", "never-made"]):
        refused = menpai(*command, home=nowhere, **urls)
        assert (refused.returncode, refused.stdout) == (3, "")
        assert "Menpai does not run" in refused.stderr
    assert not nowhere.exists()


def test_migrations_need_the_owner(
    menpai: Menpai, bare_database: TestDatabase, tmp_path: Path
) -> None:
    refused = menpai("upgrade", home=tmp_path, MENPAI_DATABASE_URL=bare_database.app_url)
    assert refused.returncode == 3
    assert "MENPAI_OWNER_DATABASE_URL" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_migration_gives_up_on_a_long_lock_and_says_so(
    menpai: Menpai, fresh_database: TestDatabase
) -> None:
    urls = {
        "MENPAI_DATABASE_URL": fresh_database.app_url,
        "MENPAI_OWNER_DATABASE_URL": fresh_database.owner_url,
    }
    with psycopg.connect(fresh_database.app_url.replace("+psycopg", "")) as reader:
        reader.execute("SELECT count(*) FROM plate")
        refused = menpai("downgrade", "base", "--yes", home=test_home(), **urls)
    assert refused.returncode == 3
    assert "lock timeout" in refused.stderr
    assert "long transaction" in refused.stderr


def test_a_database_of_a_newer_version_is_refused(
    menpai: Menpai, fresh_database: TestDatabase
) -> None:
    with psycopg.connect(fresh_database.owner_url.replace("+psycopg", "")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    refused = menpai("upgrade", home=test_home(), MENPAI_DATABASE_URL=fresh_database.owner_url)
    assert refused.returncode == 3
    assert "a newer one" in refused.stderr


def test_a_wrong_url_names_the_setting_and_hides_the_password(
    menpai: Menpai, tmp_path: Path
) -> None:
    url = "postgresql://menpai_app:geheim@127.0.0.1:9/menpai"
    for command in (["status"], ["upgrade"], ["backup", str(tmp_path / "file")]):
        refused = menpai(*command, home=tmp_path, MENPAI_DATABASE_URL=url)
        assert refused.returncode == 3
        assert "MENPAI_DATABASE_URL" in refused.stderr
        assert "geheim" not in refused.stderr
        assert "Traceback" not in refused.stderr

from pathlib import Path

import pytest

from service.cluster.binaries import get_client, get_server, list_installed
from service.core.faults import EnvironmentFault

SERVER = ("initdb", "pg_ctl", "postgres")


def install(root: Path, version: int, *, postgis: bool, programs: tuple[str, ...] = SERVER) -> None:
    bin_folder = root / str(version) / "bin"
    share = root / str(version) / "share"
    (share / "extension").mkdir(parents=True)
    bin_folder.mkdir()
    for name in (*programs, "pg_config", "pg_dump", "pg_restore"):
        (bin_folder / name).write_text(
            f"#!/bin/sh\necho PostgreSQL {version}.4\necho {share}\n", encoding="utf-8"
        )
        (bin_folder / name).chmod(0o700)
    if postgis:
        (share / "extension" / "postgis.control").touch()


def places(root: Path) -> tuple[str, ...]:
    return (f"{root}/*/bin",)


def test_the_newest_server_with_postgis_is_taken(tmp_path: Path) -> None:
    install(tmp_path, 15, postgis=True)
    install(tmp_path, 16, postgis=True)
    install(tmp_path, 18, postgis=False)
    assert get_server(places=places(tmp_path)).version == 16


def test_an_existing_cluster_keeps_its_version(tmp_path: Path) -> None:
    install(tmp_path, 15, postgis=True)
    install(tmp_path, 17, postgis=True)
    assert get_server(15, places=places(tmp_path)).version == 15


def test_missing_postgis_says_the_very_command(tmp_path: Path) -> None:
    install(tmp_path, 17, postgis=False)
    with pytest.raises(EnvironmentFault, match="17 is installed without PostGIS") as caught:
        get_server(places=places(tmp_path))
    assert "postgresql-17-postgis-3" in caught.value.hint


def test_a_server_that_is_too_old_is_named(tmp_path: Path) -> None:
    install(tmp_path, 14, postgis=True)
    with pytest.raises(EnvironmentFault, match="found: 14") as caught:
        get_server(places=places(tmp_path))
    assert "--no-install-recommends postgresql-" in caught.value.hint


def test_the_version_that_made_the_cluster_is_named_when_it_is_gone(tmp_path: Path) -> None:
    install(tmp_path, 17, postgis=True)
    with pytest.raises(EnvironmentFault, match="PostgreSQL 15, which made this cluster"):
        get_server(15, places=places(tmp_path))


def test_a_broken_installation_is_passed_over(tmp_path: Path) -> None:
    install(tmp_path, 16, postgis=True)
    install(tmp_path, 17, postgis=True)
    (tmp_path / "17/bin/pg_config").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    assert [found.version for found in list_installed(places(tmp_path))] == [16]


def test_a_dump_program_is_never_older_than_the_server(tmp_path: Path) -> None:
    install(tmp_path, 15, postgis=True)
    install(tmp_path, 17, postgis=False, programs=())
    assert get_client(16, places=places(tmp_path)).version == 17
    assert get_client(15, places=places(tmp_path)).version == 15
    with pytest.raises(EnvironmentFault, match="of PostgreSQL 18 or newer"):
        get_client(18, places=places(tmp_path))

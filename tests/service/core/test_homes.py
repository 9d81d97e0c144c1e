from pathlib import Path

import pytest

from service.cluster.local_postgres import drop_cluster
from service.core.faults import EnvironmentFault
from service.core.homes import MARKER, bench_home, demo_home, make_home, test_home, user_home


def test_only_throwaway_homes_go_without_their_name(tmp_path: Path) -> None:
    home = tmp_path / "registry"
    make_home(home)
    (home / "cluster").mkdir()
    for wrong in (None, "", "menpai"):
        with pytest.raises(EnvironmentFault, match="nothing was deleted") as caught:
            drop_cluster(home, confirmed_name=wrong)
        assert "--yes-delete registry" in caught.value.hint
    assert home.exists()
    drop_cluster(home, confirmed_name="registry")
    assert not home.exists()


def test_a_folder_that_was_there_before_keeps_what_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    make_home(tmp_path)
    (tmp_path / "cluster").mkdir()
    assert not (tmp_path / MARKER).exists()
    drop_cluster(tmp_path, confirmed_name=tmp_path.name)
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_a_throwaway_home_goes_whole_whoever_made_its_folder(home: Path) -> None:
    (home / "plates").mkdir(parents=True)
    drop_cluster(home)
    assert not home.exists()


def test_the_four_homes_are_different_places() -> None:
    assert len({user_home(), demo_home(), test_home(), bench_home()}) == 4

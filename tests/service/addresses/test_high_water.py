import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.addresses.commands import high_water
from service.core.faults import EnvironmentFault

ROOT = Path(__file__).resolve().parents[3]
counters = st.dictionaries(st.sampled_from(["330106", "330782", "331102"]), st.integers(1, 10**8))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return high_water.path_for(tmp_path)


def test_nothing_is_known_before_the_first_code(file: Path) -> None:
    assert high_water.read(file) == {}
    assert high_water.find_older(file, {"330106": 5}) == {}


def test_each_county_keeps_its_highest_counter(file: Path) -> None:
    high_water.record(file, {"330106": 7, "330782": 3})
    high_water.record(file, {"330106": 5, "330782": 4})
    assert high_water.read(file) == {"330106": 7, "330782": 4}


@given(writes=st.lists(counters, max_size=6))
def test_the_file_is_the_maximum_of_all_writes(
    tmp_path_factory: pytest.TempPathFactory, writes: list[dict[str, int]]
) -> None:
    file = high_water.path_for(tmp_path_factory.mktemp("home"))
    for write in writes:
        high_water.record(file, write)
    counties = {county for write in writes for county in write}
    assert high_water.read(file) == {c: max(w.get(c, 0) for w in writes) for c in counties}


def test_a_database_behind_the_file_is_found(file: Path) -> None:
    high_water.record(file, {"330106": 1000, "330782": 20, "331102": 5})
    assert high_water.find_older(file, {"330106": 900, "330782": 20}) == {
        "330106": 1000,
        "331102": 5,
    }


@pytest.mark.parametrize("damage", ["", "{", "[1]", '{"330106": "many"}'])
def test_a_damaged_file_is_never_treated_as_empty(file: Path, damage: str) -> None:
    file.write_text(damage, encoding="utf-8")
    for ask in (high_water.read, lambda f: high_water.record(f, {"330106": 1})):
        with pytest.raises(EnvironmentFault, match="cannot be read"):
            ask(file)
    assert file.read_text(encoding="utf-8") == damage


def test_a_file_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="cannot be written"):
        high_water.record(tmp_path / "gone" / "high-water.json", {"330106": 1})


WRITE = """
import sys
from pathlib import Path
from service.addresses.commands import high_water
for counter in range(60):
    high_water.record(Path(sys.argv[1]), {sys.argv[2]: counter, "shared": counter})
"""


def test_many_processes_lose_nothing(file: Path) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", WRITE, str(file), county], cwd=ROOT)
        for county in ("330106", "330782", "331102", "331121")
    ]
    assert [process.wait(timeout=120) for process in running] == [0] * 4
    assert set(high_water.read(file).values()) == {59}
    assert len(high_water.read(file)) == 5


def test_a_write_that_breaks_off_leaves_the_old_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    high_water.record(file, {"330106": 7})

    def full_disk(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(EnvironmentFault, match="No space left"):
        high_water.record(file, {"330106": 8})
    assert high_water.read(file) == {"330106": 7}


def test_counters_are_lifted_and_unknown_counties_taken_over(session: Session) -> None:
    insert = text("insert into code_space (county, key, counter) values (:c, :k, :n)")
    session.execute(insert, {"c": "330106", "k": b"one", "n": 10})
    session.execute(insert, {"c": "330782", "k": b"two", "n": 99})
    former = [
        high_water.CodeSpaceState("330106", b"one", 40),
        high_water.CodeSpaceState("331102", b"three", 5),
    ]
    high_water.adopt_code_spaces(session, former)
    high_water.lift_counters(session, {"330106": 30, "330782": 100})
    assert high_water.read_counters(session) == {"330106": 40, "330782": 100, "331102": 5}
    key = session.execute(text("select key from code_space where county = '331102'")).scalar_one()
    assert bytes(key) == b"three"

"""An officer takes in a list of 72,747 real addresses, first as a dry run, then twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.accuracy.real_data import find_data
from tests.command_line import Outcome, menpai
from tests.database import TestDatabase, migrated_database

pytestmark = pytest.mark.drill
ROWS = 72_747
RESULTS = ("new", "changed", "same", "conflicts", "errors")


@pytest.fixture(scope="module")
def register() -> Iterator[TestDatabase]:
    with migrated_database() as database:
        assert menpai("divisions", "load", database=database).code == 0
        yield database


def take_in(register: TestDatabase, errors: Path, *options: str) -> Outcome:
    path = find_data("addresses/zj_enterprise_addresses_1980_2004.csv.gz")
    if path is None:
        pytest.skip("the enterprise addresses are not on this machine")
    done = menpai(
        "addresses", "import", str(path), "--map", "address=text", "--json",
        "--errors", str(errors), *options, database=register,
    )  # fmt: skip
    assert done.code == 1, done.err  # some rows of this list name no plate
    return done


def test_a_dry_run_reports_every_row_and_stores_nothing(
    register: TestDatabase, tmp_path: Path
) -> None:
    report = take_in(register, tmp_path / "errors.csv", "--dry-run").json
    assert report["rows"] == ROWS
    assert report["new"] > 30_000
    refused = (tmp_path / "errors.csv").read_text("utf-8-sig").splitlines()
    assert len(refused) > report["errors"]


def test_the_list_taken_in_twice_enters_nothing_new_and_changes_nothing(
    register: TestDatabase, tmp_path: Path
) -> None:
    first = take_in(register, tmp_path / "first.csv").json
    again = take_in(register, tmp_path / "again.csv").json
    assert first["new"] > 30_000
    assert (again["new"], again["changed"]) == (0, 0)
    assert again["same"] >= first["new"]

"""Rows that collide with a change at one text are conflicts; the rest of the list is imported."""

import itertools
from pathlib import Path

import pytest

from service.core.database import Database
from tests.factories.lists import codes_of, counts, rules, take_in, texts

BASE = "浙江省杭州市上城区清波街道竹竿路"


@pytest.fixture
def held(database: Database, tmp_path: Path) -> dict[str, str]:
    """The codes of 1号 and 3号."""
    take_in(database, tmp_path, f"地址\n{BASE}1号\n{BASE}3号\n")
    return {text.removeprefix(BASE): code for text, code in codes_of(database).items()}


CASES = {
    "a change and a new row": [("1号", "9号"), ("", "9号"), ("", "11号")],
    "two changes": [("1号", "9号"), ("3号", "9号"), ("", "11号")],
    "two texts of one code": [("1号", "9号"), ("1号", "7号"), ("", "11号")],
}


@pytest.mark.parametrize("rows", CASES.values(), ids=list(CASES))
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_rows_that_meet_are_conflicts_and_the_others_are_stored(
    database: Database,
    tmp_path: Path,
    held: dict[str, str],
    rows: list[tuple[str, str]],
    order: tuple[int, ...],
) -> None:
    listed = [rows[at] for at in order]
    lines = [f"{held.get(code, '')},{BASE}{text}" for code, text in listed]
    report = take_in(database, tmp_path, "code,地址\n" + "\n".join(lines) + "\n")
    assert counts(report) == (1, 0, 0, 2, 0)
    assert set(rules(tmp_path).values()) == {"meets-change"}
    assert texts(database) == sorted(f"{BASE}{number}" for number in ("1号", "3号", "11号"))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_row_with_the_text_that_another_row_takes_away(
    database: Database, tmp_path: Path, held: dict[str, str], order: tuple[int, ...]
) -> None:
    listed = [f"{held['1号']},{BASE}9号", f",{BASE}1号"]
    lines = "\n".join(listed[at] for at in order)
    report = take_in(database, tmp_path, f"code,地址\n{lines}\n")
    assert counts(report) == (0, 1, 0, 1, 0)
    assert texts(database) == [f"{BASE}3号", f"{BASE}9号"]


def test_a_change_that_the_register_refuses_is_a_conflict_of_its_row(
    database: Database, tmp_path: Path, held: dict[str, str]
) -> None:
    numbered = f"code,地址\n{held['1号']},{BASE}3号\n,{BASE}5号\n"
    report = take_in(database, tmp_path, numbered)
    assert counts(report) == (1, 0, 0, 1, 0)
    assert rules(tmp_path) == {"2": "text-taken"}

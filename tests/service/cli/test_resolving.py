import csv
from pathlib import Path

import pytest

from service.addresses.commands import enter_addresses
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from tests.command_line import menpai
from tests.database import TestDatabase
from tests.factories import make_draft, make_place

APPENDED = ["category", "code", "standard_text", "match_level", "score", "differences", "remainder"]


@pytest.fixture
def register(fresh_database: TestDatabase) -> TestDatabase:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        enter_addresses(session, [make_draft(make_place(session), "88")], COMMAND_LINE)
    database.dispose()
    return fresh_database


def test_a_file_keeps_its_columns_and_rows_and_gets_the_answer_behind(
    register: TestDatabase, tmp_path: Path
) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        "编号,地址\n3,杭州市上城区河坊街88号\n1,\n2,杭州市上城区河纺街88号\n4,上城区河坊街89号\n",
        encoding="utf-8",
    )
    done = menpai(
        "resolve-file", str(source), str(out), "--column", "地址", "--json", database=register
    )
    assert done.code == 0, done.err
    assert done.json["rows"] == 4
    with out.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0]) == ["编号", "地址", *APPENDED]
    assert [row["编号"] for row in rows] == ["3", "1", "2", "4"]
    assert [row["category"] for row in rows] == ["A", "none", "B", "C"]
    assert [bool(row["code"]) for row in rows] == [True, False, True, False]


def test_a_column_that_is_not_there_or_taken_is_refused_with_what_to_do(
    register: TestDatabase, tmp_path: Path
) -> None:
    source = tmp_path / "in.csv"
    source.write_text("地址,code\nx,y\n", encoding="utf-8")
    for column, told in (("住址", "one of 地址, code"), ("地址", "rename it")):
        done = menpai(
            "resolve-file",
            str(source),
            str(tmp_path / "o.csv"),
            "--column",
            column,
            database=register,
        )
        assert done.code == 2
        assert told in done.err
    assert not (tmp_path / "o.csv").exists()

"""`menpai datasets`: loaded from a file as drafts, filled from a table, listed; the demo's own."""

from pathlib import Path

import pytest

from address_model.datasets.screening import find_fields_fault
from address_model.shipped import data_folder
from service.core.database import Database
from service.core.errors import BadRequest
from service.core.sheets import open_rows
from service.datasets.definition_file import read_definitions
from service.datasets.policies import require_sound
from service.datasets.pushed_rows import find_columns, judge_row
from tests.command_line import menpai
from tests.database import TestDatabase
from tests.factories.addresses import enter_at

FILE = """
[[dataset]]
name = "演示：基本情况"
owner = "示例住建局"
division = "330102"
[[dataset.field]]
name = "built_in"
label = "建成年份"
value_type = "year"
field_class = "public"
"""


def test_datasets_of_a_file_are_drafts_and_filled_by_address_or_code(
    fresh_database: TestDatabase, tmp_path: Path
) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        codes = enter_at(session, [(16.5, 24), (16.6, 24)])
    database.dispose()
    file = tmp_path / "datasets.toml"
    file.write_text(FILE, encoding="utf-8")
    load = ("datasets", "load", str(file), "--json")
    first = menpai(*load, database=fresh_database)
    assert first.code == 0, first.err
    number = first.json["datasets"]["演示：基本情况"]
    assert menpai(*load, database=fresh_database).json == first.json
    rows = tmp_path / "rows.csv"
    rows.write_text(
        f"地址,建成年份\n{codes[0]},1998\n河坊街9999号,1998\n{codes[1]},不详\n", encoding="utf-8"
    )
    push = ("datasets", "push", str(number), str(rows), "--json")
    done = menpai(*push, database=fresh_database)
    assert done.code == 1, done.err
    assert {name: done.json[name] for name in ("new", "same", "refused")} == {
        "new": 1,
        "same": 0,
        "refused": 2,
    }
    errors = (tmp_path / "rows-errors.csv").read_text(encoding="utf-8-sig")
    assert "no_address" in errors
    assert "not_a_number" in errors
    rows.write_text(f"地址编码,建成年份\n{codes[0]},1998\n", encoding="utf-8")
    again = menpai(*push, database=fresh_database)
    assert (again.code, again.json["same"]) == (0, 1)
    (listed,) = menpai("datasets", "list", "--json", database=fresh_database).json["datasets"]
    assert (listed["number"], listed["state"], listed["rows"]) == (number, "draft", 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[dataset]]\nname = 1", "name"),
        (FILE + 'colour = "red"', "colour"),
        (FILE.replace('"330102"', '"hz"'), "division"),
        (FILE.replace('"year"', '"letters"'), "value_type"),
        ("[[dataset", "cannot be read"),
    ],
)
def test_a_file_with_a_fault_is_refused_whole(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "datasets.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadRequest, match=said):
        read_definitions(file)


def test_the_datasets_of_the_demo_may_be_registered_and_all_their_rows_are_good() -> None:
    listed = read_definitions(data_folder() / "demo" / "datasets.toml", is_sample=True)
    assert len(listed) == 3
    for one in listed:
        definition = one.definition
        assert find_fields_fault(definition.fields) is None
        require_sound(definition)
        assert definition.name.startswith("演示：")
        assert one.rows is not None
        with open_rows(one.rows) as rows:
            columns = find_columns(["code", *rows.headings[1:]], definition.fields)
            judged = [
                judge_row(row._replace(values={**row.values, "code": "3301029032882641"}), columns)
                for row in rows
            ]
        assert judged
        assert [faults for _, faults in judged if faults] == []

"""What the desk says is Chinese, and names no command and no option of the shell."""

import csv
import re
from pathlib import Path
from string import Formatter

import pytest

from service.core import sheets
from service.core.sheets import RowFault, SheetFault
from service.imports import rules
from service.imports.headings import FIELDS, ColumnUnknown, map_headings
from service.imports.rules import Rule
from service.imports.uploads.words import FIELD_NAMES, reword, tell_sheet

SHELL = re.compile(r"menpai|--[a-z]|[a-z]+ [a-z]+ [a-z]+")
NUMBERS = {"km": 2.5, "metres": 300.0, "limit": 200, "other": 7, "row": 3}
READ = [
    kind
    for kind in vars(sheets).values()
    if isinstance(kind, type) and issubclass(kind, sheets.faults.SheetUnreadable)
]


def sentences() -> dict[str, dict[str, str]]:
    with Path(rules.__file__).with_name("rules.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("rule", Rule)
def test_every_fault_of_a_row_is_told_without_the_shell(rule: Rule) -> None:
    row = sentences()[rule]
    names = {name for _, name, _, _ in Formatter().parse(row["reason"] + row["hint"]) if name}
    values = {name: NUMBERS.get(name, "河坊街") for name in names}
    told = reword(rule.fault(3, "地址", **values))
    assert (told.row, told.field, told.rule) == (3, "地址", rule)
    for said in (told.reason, told.hint):
        assert re.search("[一-龥]", said)
        assert not SHELL.search(said)


def test_a_fault_of_the_register_in_english_is_told_in_chinese() -> None:
    told = reword(Rule.LOCKED.fault(3, "code", why="it is frozen", how="menpai addresses unfreeze"))
    assert told.reason == "地址已冻结或停用"
    assert told.hint == "先办理解冻；已停用的，拿出这一行"
    told = reword(RowFault(3, "", "The row has 3 cells, the heading row 4", "Fill the row up"))
    assert told.reason.startswith("这一行的格数与标题行不一样")
    told = reword(Rule.UNCLEAR.fault(3, "地址", why="（the plate may lie anywhere）"))
    assert told.reason == "地址有不止一种读法"


@pytest.mark.parametrize("kind", READ)
def test_every_fault_of_a_file_is_told_in_chinese(kind: type[SheetFault]) -> None:
    told = tell_sheet(kind("It cannot be read", "Save it as .xlsx"))
    assert re.search("[一-龥]", told)
    assert "cannot" not in told


def test_a_column_named_twice_is_told_in_chinese_though_its_name_is(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("地址,地址\n1,2\n", "utf-8")
    with pytest.raises(sheets.HeadingsUnclear) as raised:
        sheets.open_rows(file)
    assert "有两列同名" in tell_sheet(raised.value)


def test_columns_are_told_by_their_chinese_names() -> None:
    assert FIELD_NAMES.keys() >= set(FIELDS)
    with pytest.raises(ColumnUnknown) as raised:
        map_headings(["地址", "经度"])
    assert tell_sheet(raised.value).startswith("有“经度”一列（经度），却没有“纬度”。请")

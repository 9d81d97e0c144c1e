import gzip
import json
from pathlib import Path

import pytest

from service.core.sheets import (
    ArchiveBroken,
    EndingUnknown,
    HeadingsUnclear,
    Row,
    SheetMissing,
    SheetTooLarge,
    open_rows,
)


def rows_of(path: Path, content: str | bytes) -> list[Row]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with open_rows(path) as source:
        return list(source)


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    text = '地址,备注\n\n河坊街1号,"两行\n备注"\n,\n河坊街2号,\n'
    rows = rows_of(tmp_path / "a.csv", text)
    assert [(row.number, dict(row.values)) for row in rows] == [
        (3, {"地址": "河坊街1号", "备注": "两行\n备注"}),
        (5, {"地址": "河坊街2号", "备注": ""}),
    ]


@pytest.mark.parametrize(
    "text", ["a,b;c\n1,2;3\n", "a;b,c;d\n1;2,3;4\n", 'a\t"b,,,,"\n1\t2\n', '"a;;\n;;",b\n1,2\n']
)
def test_the_separator_is_the_one_most_frequent_outside_quotes(tmp_path: Path, text: str) -> None:
    rows = rows_of(tmp_path / "a.csv", text)
    assert rows[0].fault is None
    assert len(rows[0].values) in (2, 3)


def test_a_tsv_is_never_split_at_commas(tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "a.tsv", "a,a,a\tb\n1,2\t3\n")
    assert dict(rows[0].values) == {"a,a,a": "1,2", "b": "3"}


@pytest.mark.parametrize(("line", "count"), [("河坊街1号", 1), ("a,b,c", 3)])
def test_a_ragged_row_is_a_fault_of_that_row_only(tmp_path: Path, line: str, count: int) -> None:
    rows = rows_of(tmp_path / "a.csv", f"地址,备注\n{line}\nx,y\n")
    assert rows[0].fault is not None
    assert rows[0].fault.row == 2
    assert f"{count} cells" in rows[0].fault.reason
    assert rows[0].fault.hint
    assert rows[1].fault is None


def test_empty_cells_beyond_the_headings_are_nothing(tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "a.csv", "a,b,,\n1,2,,\n1,2,, \n")
    assert [row.fault for row in rows] == [None, None]


@pytest.mark.parametrize(
    "broken", ['"河坊街1号,x', '"河坊街"1号,x', 'x,"' + "长" * 200_000, '"' + "\n" * 140_000]
)
def test_a_broken_quote_costs_its_own_row_only(tmp_path: Path, broken: str) -> None:
    after = "".join(f"河坊街{n}号,{n}\n" for n in range(50_000))
    rows = rows_of(tmp_path / "a.csv", f'地址,n\n甲,1\n{broken}\n{after}乙,"2"\n')
    assert [row.number for row in rows if row.fault] == [3]
    assert [row.values["n"] for row in rows if not row.fault] == [
        "1",
        *map(str, range(50_000)),
        "2",
    ]


def test_a_nul_byte_is_a_fault_of_its_row(tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "a.csv", "a,b\n1,x\0y\n2,z\n")
    assert [bool(row.fault) for row in rows] == [True, False]
    assert rows[0].values["b"] == "xy"


def test_headings_lose_marks_and_blanks_and_nameless_columns_get_letters(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\ufeff 地址 ,,\u3000经度\n1,2,3\n", encoding="utf-8")
    assert open_rows(path).headings == ("地址", "column B", "经度")


@pytest.mark.parametrize(
    "text", ["", "\n,,\n", "a,a\n1,2\n", ",".join(map(str, range(201))), '"a,b\n1,2\n']
)
def test_unclear_headings_are_refused_with_a_hint(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(HeadingsUnclear) as caught:
        open_rows(path)
    assert caught.value.hint


def test_a_doubled_heading_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("地址,经度,地址 \n1,2,3\n")
    with pytest.raises(HeadingsUnclear, match="地址"):
        open_rows(path)


def test_a_source_can_be_read_twice_and_closed_half_way(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n2\n")
    with open_rows(path) as source:
        assert [row.values["a"] for row in source] == ["1", "2"]
        assert [row.values["a"] for row in source] == ["1", "2"]
        next(iter(source))


def test_values_of_a_row_cannot_be_changed(tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "a.csv", "a\n1\n")
    with pytest.raises(TypeError):
        rows[0].values["a"] = "2"  # type: ignore[index]


@pytest.mark.parametrize("name", ["a.xls", "a.xlsm", "a.txt", "a", "a.gz", "a.csv.zip", ".csv"])
def test_an_unknown_ending_is_refused_with_a_hint(tmp_path: Path, name: str) -> None:
    with pytest.raises(EndingUnknown) as caught:
        open_rows(tmp_path / name)
    assert "." in caught.value.hint


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.xlsx", "a.xlsx.gz", "a.ndjson"])
def test_a_missing_file_or_a_folder_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with pytest.raises(SheetMissing):
        open_rows(path)
    path.mkdir()
    with pytest.raises(SheetMissing):
        open_rows(path)


def test_a_cut_or_false_gzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    whole = gzip.compress(b"".join(b"a,%d\n" % n for n in range(10_000)))
    for content in (whole[: len(whole) // 2], b"a,b\n1,2\n", whole[:100] + b"\xff" * 50):
        path.write_bytes(content)
        with pytest.raises(ArchiveBroken):
            list(open_rows(path))


def test_a_gzip_bomb_is_refused_whether_its_lines_end_or_not(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    for line in (b"a" * (1 << 20), b"a,b\n" * (1 << 18)):
        with gzip.open(path, "wb", compresslevel=9) as out:
            for _ in range(100):
                out.write(line)
        with pytest.raises(SheetTooLarge):
            open_rows(path)


def test_json_lines_keep_numbers_as_typed_and_gather_all_keys(tmp_path: Path) -> None:
    text = '{"a": "x", "b": 120.10}\n\n{"c": 12345678901234567890123, "b": null, "a": true}\n'
    rows = rows_of(tmp_path / "a.ndjson", text)
    assert [(row.number, dict(row.values)) for row in rows] == [
        (1, {"a": "x", "b": "120.10", "c": ""}),
        (3, {"a": "TRUE", "b": "", "c": "12345678901234567890123"}),
    ]


def test_json_numbers_that_are_whole_lose_their_decimals_and_rounded_ones_stay(
    tmp_path: Path,
) -> None:
    text = '{"a": 330106002777.0, "b": 3.30106002777e11, "c": 3.30106E+17, "d": "5.0"}\n'
    [row] = rows_of(tmp_path / "a.ndjson", text)
    assert list(row.values.values()) == ["330106002777", "330106002777", "3.30106E+17", "5.0"]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[1]",
        '{"a": NaN}',
        '{"a": [1]}',
        '{"a": "\\ud800"}',
        '{"a": "\\u0000"}',
        "[" * 100_000,
    ],
)
def test_a_bad_json_line_is_a_fault_of_its_row(tmp_path: Path, line: str) -> None:
    good = json.dumps({"a": "河坊街"})
    rows = rows_of(tmp_path / "a.jsonl", f"{good}\n{line}\n{good}\n")
    assert [bool(row.fault) for row in rows] == [False, True, False]
    assert rows[1].number == 2
    "".join(rows[1].values.values()).encode()

import gzip
import resource
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.core.sheets import (
    Cell,
    DiskFull,
    EndingUnknown,
    FolderNotWritable,
    SheetOverflow,
    open_rows,
    write_rows,
)

NAMES = ["a.csv", "a.tsv", "a.xlsx", "a.ndjson", "a.csv.gz", "a.tsv.gz", "a.xlsx.gz", "a.jsonl.gz"]
FORMULAS = [
    "=1+1", '=HYPERLINK("http://x")', "+86 571", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1",
    "＝1+1", "＋1", "－1", "＠x", "'=1", "''=1", "'-", "=", "'＝",
]  # fmt: skip
HARMLESS = ["'河坊街", "''", "'", "1-2号", "河坊街=1", " =1", '"quoted"', "a,b;c\td", "两\n行"]


def read_back(path: Path, *, unprotect: bool = True) -> list[list[str]]:
    with open_rows(path, unprotect=unprotect) as source:
        return [list(row.values.values()) for row in source]


@pytest.mark.parametrize("name", NAMES)
def test_rows_come_back_from_every_format(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with write_rows(path, ["地址", "经度"]) as sink:
        sink.write(["河坊街1号", 120.17])
        sink.write_values({"经度": 120, "other": "left out"})
    assert read_back(path) == [["河坊街1号", "120.17"], ["", "120"]]
    assert sink.count == 2
    assert [file.name for file in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.xlsx"])
@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula_and_each_can_be_restored(
    tmp_path: Path, name: str, text: str
) -> None:
    path = tmp_path / name
    with write_rows(path, ["a", text]) as sink:
        sink.write([text, "x"])
    with open_rows(path) as source:
        assert source.headings[1] == text.strip()
        assert next(iter(source)).values["a"] == "'" + text
    assert read_back(path) == [[text, "x"]]


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    with write_rows(path, ["a"]) as sink:
        sink.write([text])
    assert read_back(path, unprotect=False) == [[text]]


def test_numbers_stay_numbers_unless_a_spreadsheet_would_round_them(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    row: list[Cell] = [-1.5, 3301061234567833, float("nan"), True, 7]
    with write_rows(path, ["a", "b", "c", "d", "e"]) as sink:
        sink.write(row)
    assert read_back(path) == [["-1.5", "3301061234567833", "nan", "TRUE", "7"]]
    xml = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    assert "<v>-1.5</v>" in xml
    assert "<t>3301061234567833</t>" in xml


def test_csv_begins_with_the_mark_of_utf8_and_ends_its_lines_as_rfc_4180_says(
    tmp_path: Path,
) -> None:
    with write_rows(tmp_path / "a.csv", ["地址"]) as sink:
        sink.write(["河坊街"])
    assert (tmp_path / "a.csv").read_bytes() == "\ufeff地址\r\n河坊街\r\n".encode()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_left_and_the_old_file_stays_when_the_writer_stops(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(b"old")
    with suppress(KeyboardInterrupt), write_rows(path, ["a"]) as sink:
        sink.write(["1"])
        raise KeyboardInterrupt
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == [name]


def write_all(path: Path, texts: list[str]) -> None:
    with write_rows(path, ["a"]) as sink:
        for text in texts:
            sink.write([text])


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


@pytest.mark.parametrize("name", NAMES)
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    noise = [str(hash(str(n))) for n in range(30_000)]
    with pytest.raises(DiskFull, match="No room") as caught, files_of_at_most(20_000):
        write_all(tmp_path / name, noise)
    assert caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_missing_or_closed_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder.csv").mkdir()
    for wrong in ("none/a.csv", "file/a.csv", "folder.csv"):
        with pytest.raises(FolderNotWritable), write_rows(tmp_path / wrong, ["a"]):
            pass
    with pytest.raises(FolderNotWritable), write_rows("/proc/a.csv", ["a"]):
        pass


def test_an_unknown_ending_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(EndingUnknown), write_rows(tmp_path / "a.doc", ["a"]):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_says_when_it_cannot_hold_a_cell_or_a_row(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with pytest.raises(SheetOverflow, match="32,767"), write_rows(path, ["a"]) as sink:
        sink.write(["长" * 32_768])
    assert list(tmp_path.iterdir()) == []


def test_a_row_of_another_width_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2 cells"), write_rows(tmp_path / "a.csv", ["a"]) as sink:
        sink.write(["1", "2"])


def test_a_packed_file_is_a_plain_gzip(tmp_path: Path) -> None:
    with write_rows(tmp_path / "a.ndjson.gz", ["a"]) as sink:
        sink.write(["=1"])
    assert gzip.decompress((tmp_path / "a.ndjson.gz").read_bytes()) == b'{"a": "=1"}\n'


def test_the_file_has_the_rights_that_new_files_have(tmp_path: Path) -> None:
    with write_rows(tmp_path / "a.csv", ["a"]):
        pass
    subprocess.run(["touch", str(tmp_path / "b")], check=True)
    assert (tmp_path / "a.csv").stat().st_mode == (tmp_path / "b").stat().st_mode


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff"))
RISKY = st.sampled_from(FORMULAS + HARMLESS)
TABLE = st.lists(st.lists(TEXT | RISKY, min_size=3, max_size=3).filter(any), min_size=1)


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.ndjson", "a.csv.gz"])
@settings(deadline=None)
@example(table=[["", "", "ɐ"]])
@given(table=TABLE)
def test_any_text_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, name: str, table: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("sheets") / name
    with write_rows(path, ["a", "b", "c"]) as sink:
        for row in table:
            sink.write(row)
    assert read_back(path) == table


def test_any_text_comes_back_from_a_workbook(tmp_path: Path) -> None:
    table = [
        [text, "x"] for text in [*FORMULAS, *HARMLESS, "_x000D_", "a\rb", "\x1b", " 空 ", "𬭊"]
    ]
    with write_rows(tmp_path / "a.xlsx", ["a", "b"]) as sink:
        for row in table:
            sink.write(row)
    assert read_back(tmp_path / "a.xlsx") == table

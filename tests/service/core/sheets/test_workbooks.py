import gc
import io
import os
import resource
import time
import zipfile
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from service.core.sandbox import SandboxLimits
from service.core.sheets import SheetTooLarge, WorkbookRefused, WorkbookTooHeavy, open_rows
from service.core.sheets.formats import FileFormat
from service.core.sheets.rows import Record
from service.core.sheets.workbooks import read_workbook
from tests.factories.workbooks import MAIN, blow_up, raw_book, sheet_xml


def _open_files() -> set[str]:
    return {f"{name} {file}" for name in os.listdir("/proc/self/fd") if (file := _target(name))}


def _target(name: str) -> str:
    with suppress(FileNotFoundError):  # the folder that was just listed
        return os.readlink(f"/proc/self/fd/{name}")
    return ""


def _children() -> set[str]:
    tasks = Path("/proc/self/task").glob("*/children")
    return {pid for task in tasks for pid in task.read_text().split()}


def read(path: Path, limits: SandboxLimits | None = None) -> list[Record]:
    file_format = FileFormat("xlsx", packed=False)
    return list(read_workbook(path, file_format, None, limits or SandboxLimits()))


def test_the_raw_book_of_these_tests_is_a_good_workbook(tmp_path: Path) -> None:
    path = raw_book(tmp_path / "a.xlsx", '<row r="4"><c r="A4" t="s"><v>0</v></c></row>')
    assert read(path) == [(1, ["a"], None), (4, ["s"], None)]


def test_cells_become_text_as_a_person_typed_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["text", "int", "float", "whole", "date", "time", "span", "bool", "formula", "x"])
    moment = datetime(2026, 3, 1, 8, 30)
    sheet.append(["河坊街", 12, 120.15, 3.0, date(2026, 3, 1), moment, None, True, "=A1&B1", None])
    sheet.append([None] * 10)
    sheet.append(["空", None, None, None, None, None, timedelta(hours=1), None, "#N/A", "e"])
    book.save(tmp_path / "a.xlsx")
    with open_rows(tmp_path / "a.xlsx") as source:
        first, second = source
    assert list(first.values.values()) == [
        "河坊街", "12", "120.15", "3", "2026-03-01", "2026-03-01 08:30:00", "", "TRUE", "=A1&B1", ""
    ]  # fmt: skip
    assert (first.number, second.number) == (2, 4)
    assert second.values["formula"] == "#N/A"
    assert second.fault is None


def test_the_first_visible_sheet_is_read_or_the_one_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.sheet_state = "hidden"
    book.active.append(["hidden"])
    book.create_sheet("地址").append(["seen"])
    book.create_sheet("三").append(["third"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert open_rows(path).headings == ("seen",)
    assert open_rows(path, sheet="三").headings == ("third",)
    with pytest.raises(WorkbookRefused, match="四") as caught:
        open_rows(path, sheet="四")
    assert "地址, 三" in caught.value.hint


def test_a_cell_at_the_far_corner_ends_in_an_error_and_not_in_the_process(tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = raw_book(tmp_path / "a.xlsx", far)
    assert path.stat().st_size < 2500
    with pytest.raises(WorkbookRefused, match="column 16384"):
        read(path)


def test_a_sheet_of_300_megabytes_in_one_is_refused_at_the_directory(tmp_path: Path) -> None:
    chunk = b'<row><c t="inlineStr"><is><t>aaaa</t></is></c></row>' * 20_000
    path = blow_up(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", chunk, 300)
    assert path.stat().st_size < 2 << 20
    start = time.monotonic()
    with pytest.raises(WorkbookRefused, match="100 times"):
        read(path)
    assert time.monotonic() - start < 10


def test_a_string_of_300_megabytes_is_refused_at_the_directory(tmp_path: Path) -> None:
    path = blow_up(tmp_path / "a.xlsx", "xl/sharedStrings.xml", b"a" * (1 << 20), 300)
    with pytest.raises(WorkbookRefused, match="sharedStrings"):
        read(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
@pytest.mark.parametrize("part", ["xl__worksheets__sheet1_dot_xml", "xl__sharedStrings_dot_xml"])
def test_entities_are_refused_in_every_part(
    tmp_path: Path, part: str, declaration: str, encoding: str
) -> None:
    comment = f"<!--{'x' * 200_000}-->"
    text = sheet_xml("<row/>", f'<?xml version="1.0" encoding="{encoding}"?>{comment}{declaration}')
    path = raw_book(tmp_path / "a.xlsx", "", **{part: text.encode(encoding) + os.urandom(4000)})
    with pytest.raises(WorkbookRefused, match="entities"):
        read(path)


def test_macros_passwords_and_too_many_parts_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    raw_book(path, xl__vbaProject_dot_bin=b"x")
    with pytest.raises(WorkbookRefused, match="macros"):
        read(path)
    raw_book(path, **{f"xl__sheet{n}": "x" for n in range(60)})
    with pytest.raises(WorkbookRefused, match="parts"):
        read(path)
    content = bytearray(raw_book(path).read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(WorkbookRefused, match="encrypted"):
        read(path)
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(512))
    with pytest.raises(WorkbookRefused, match="password"):
        read(path)


def nested_zip() -> bytes:
    content = b"0" * (10 << 20)
    for _ in range(4):
        outer = io.BytesIO()
        with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
            for n in range(5):
                archive.writestr(f"{n}.zip", content)
        content = outer.getvalue()
    return content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"PK\x03\x04" + bytes(1000),
        b"%PDF-1.7 polyglot",
        "地址,经度\n".encode(),
        nested_zip(),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(WorkbookRefused) as caught:
        read(path)
    assert caught.value.hint


def test_a_damaged_workbook_is_refused_wherever_the_damage_is(tmp_path: Path) -> None:
    path = raw_book(tmp_path / "a.xlsx", '<row><c t="s"><v>0</v></c></row>' * 200)
    whole = path.read_bytes()
    refused = 0
    for at in range(0, len(whole), 97):
        path.write_bytes(whole[:at] + b"\xff\x00\xff" + whole[at + 3 :])
        with suppress(WorkbookRefused, WorkbookTooHeavy):
            read(path)
            continue
        refused += 1
    assert refused > 5


def test_a_file_over_50_megabytes_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as out:
        out.truncate((50 << 20) + 1)
    with pytest.raises(SheetTooLarge):
        read(path)


def test_a_workbook_that_computes_too_long_is_killed_by_the_kernel(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c><v>{n}</v></c></row>' for n in range(2, 200_000))
    path = raw_book(tmp_path / "a.xlsx", rows)
    with pytest.raises(WorkbookTooHeavy, match="longer"):
        read(path, SandboxLimits(processor_seconds=1))


def test_a_workbook_that_takes_too_much_memory_is_refused(tmp_path: Path) -> None:
    strings = "".join(f"<si><t>{os.urandom(400).hex()}</t></si>" for n in range(20_000))
    path = raw_book(tmp_path / "a.xlsx", xl__sharedStrings_dot_xml=f"<sst {MAIN}>{strings}</sst>")
    with pytest.raises(WorkbookTooHeavy, match="memory"):
        read(path, SandboxLimits(memory_bytes=50 << 20))


def test_waiting_has_an_end_but_a_slow_importer_is_not_counted(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c><v>{n}</v></c></row>' for n in range(2, 20_000))
    path = raw_book(tmp_path / "a.xlsx", rows)
    with pytest.raises(WorkbookTooHeavy, match="longer"):
        read(path, SandboxLimits(waiting_seconds=0.01))
    records = read_workbook(
        path, FileFormat("xlsx", packed=False), None, SandboxLimits(waiting_seconds=30)
    )
    next(records)
    time.sleep(0.5)
    assert sum(1 for _ in records) == 19_998


def test_closing_half_way_ends_the_child_and_leaves_nothing_open(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c><v>{n}</v></c></row>' for n in range(2, 50_000))
    path = raw_book(tmp_path / "a.xlsx", rows)
    gc.collect()  # what earlier tests left open is not counted
    files, children = _open_files(), _children()
    with open_rows(path) as source:
        next(iter(source))
        assert len(_children()) == len(children) + 1
    assert (_open_files(), _children()) == (files, children)


def test_the_reading_process_itself_stays_small(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c><v>{n}</v></c></row>' for n in range(2, 50_000))
    path = raw_book(tmp_path / "a.xlsx", rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with open_rows(path) as source:
        assert sum(1 for _ in source) == 49_998
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_prefixes_rich_text_pronunciation_and_gaps_are_understood(tmp_path: Path) -> None:
    strings = (
        f"<x:sst {MAIN.replace('xmlns=', 'xmlns:x=')}><x:si><x:r><x:t>河坊</x:t></x:r>"
        "<x:r><x:t xml:space='preserve'>街 </x:t></x:r>"
        "<x:rPh><x:t>hefang</x:t></x:rPh></x:si></x:sst>"
    )
    rows = (
        '<row r="3"><c r="C3" t="s"><v>0</v></c><c><v>120.15000000000001</v></c></row>'
        '<row><c t="str"><f>A1</f><v>a_x000D_</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c>'
        '<c r="H4" s="9"/></row><row r="9"><c><v>1E-3</v></c><c><v>3301061234567833</v></c></row>'
    )
    path = raw_book(tmp_path / "a.xlsx", rows, xl__sharedStrings_dot_xml=strings)
    assert read(path) == [
        (1, ["a"], None),
        (3, ["", "", "河坊街 ", "120.15"], None),
        (4, ["a\r", "TRUE", "#N/A"], None),
        (9, ["0.001", "3.30106123456783e+15"], None),
    ]


def test_a_workbook_of_very_many_sheets_is_refused_at_once(tmp_path: Path) -> None:
    listed = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 200_001))
    book = raw_book(tmp_path / "many.xlsx")
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    head, _, rest = parts["xl/workbook.xml"].decode().partition("<sheets>")
    parts["xl/workbook.xml"] = (
        f"{head}<sheets>{listed}</sheets>{rest.partition('</sheets>')[2]}"
    ).encode()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    begun = time.monotonic()
    with pytest.raises(WorkbookRefused, match="too many sheets"):
        read(book)
    assert time.monotonic() - begun < 10

import codecs
import gzip
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.sheets import EncodingUnknown, SheetFault, open_rows
from service.core.sheets.encodings import survey_text

ROWS = "".join(f"浙江省杭州市上城区河坊街{n}号,「备注」\n" for n in range(2, 90_000))
SHEET = f"地址,备注\n{ROWS}"


def encoding_of(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return survey_text(path, packed=path.suffix == ".gz").encoding


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SHEET, "utf-8"),
        (SHEET, "utf-8-sig"),
        (SHEET, "gb18030"),
        ("地址\n𬭊县𠮷街路1号\n", "gb18030"),
        ("地址\n新北市臺灣大道壹段\n", "gb18030"),
        ("a\n路\n有一\n", "gb18030"),
        ("address\nplain\n", "utf-8"),
        ("name\nQīngbō Jiēdào · café\n", "utf-8"),
    ],
)
def test_the_encoding_is_told(tmp_path: Path, text: str, encoding: str) -> None:
    assert encoding_of(tmp_path / "a.csv", text.encode(encoding)) == encoding
    assert encoding_of(tmp_path / "a.csv.gz", gzip.compress(text.encode(encoding))) == encoding


@pytest.mark.parametrize("row", [2, 40_000, 89_998])
def test_one_damaged_byte_in_utf8_is_named_and_not_taken_for_gb18030(
    tmp_path: Path, row: int
) -> None:
    path = tmp_path / "a.csv"
    lines = SHEET.encode().splitlines(keepends=True)
    lines[row - 1] = lines[row - 1][:4] + b"\xff" + lines[row - 1][5:]
    at = sum(map(len, lines[: row - 1])) + 4
    path.write_bytes(b"".join(lines))
    with pytest.raises(EncodingUnknown, match=f"row {row}, byte {at}") as caught:
        open_rows(path)
    assert caught.value.hint


def test_a_quoted_line_end_does_not_count_as_a_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes('地址,b\n"两\n行",x\n浙江省杭州市'.encode() + b"\xb0\n")
    with pytest.raises(EncodingUnknown, match="row 3"):
        open_rows(path)


def test_a_file_cut_in_the_middle_of_a_character_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("地址\n浙江省杭州市上城区".encode()[:-1])
    with pytest.raises(EncodingUnknown, match="row 2"):
        open_rows(path)


@pytest.mark.parametrize(("first", "second"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
def test_two_encodings_in_one_file_are_refused(tmp_path: Path, first: str, second: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(SHEET.encode(first) + ROWS.encode(second))
    with pytest.raises(EncodingUnknown):
        open_rows(path)


@pytest.mark.parametrize(
    "content",
    [
        SHEET.encode("utf-16"),
        SHEET.encode("utf-16-le"),
        "臺北市信義路五段七號,中山北路\n".encode("big5") * 20,
        "rue du Château\nété\n".encode("latin-1"),
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        codecs.BOM_UTF8 + SHEET.encode("gb18030"),
        SHEET.encode("gb18030") + b"\xff",
    ],
)
def test_other_encodings_are_refused_with_a_hint(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(EncodingUnknown) as caught:
        open_rows(path)
    assert "UTF-8" in caught.value.hint


HANZI = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=6)


@settings(deadline=None)
@given(st.lists(HANZI, min_size=1), st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_chinese_text_comes_back_in_any_of_the_three(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str], encoding: str
) -> None:
    path = tmp_path_factory.mktemp("sheets") / "a.csv"
    path.write_text("地址\n" + "\n".join(cells), encoding=encoding)
    assert [row.values["地址"] for row in open_rows(path)] == cells


@settings(deadline=None)
@given(st.binary(min_size=1))
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("sheets") / "a.csv"
    path.write_bytes(content)
    with suppress(SheetFault), open_rows(path) as source:
        assert all(row.number > 1 for row in source)

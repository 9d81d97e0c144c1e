"""Workbooks that are bombs or broken, and what the desk says of each."""

import struct
from collections.abc import Callable

from tests.factories.bad_files import BadFile
from tests.factories.bad_workbooks import (
    ROWS,
    SHEET_PART,
    blown_up,
    book,
    cell,
    nested,
    of_long_string,
    of_sheets,
    overlapping,
    patched,
    row,
    sheet,
    strict,
    twice,
    with_macros,
    with_members,
    with_part,
    with_rows,
)
from tests.factories.workbooks import MAIN, PARTS

CANNOT = "Excel 文件打不开"
_NO_OFFICE = "不像是 Excel 或 WPS 存的"
_LINES = zip("abcdefgh", "bcdefghi", strict=True)
_LAUGHS = "".join(f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in _LINES)
_DOCTYPES = {
    "an external entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    "a billion laughs": f'<!DOCTYPE x [<!ENTITY a "ha">{_LAUGHS}]>',
    "a foreign DTD": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x">',
}
_STRINGS, _BOOK = "xl/sharedStrings.xml", "xl/workbook.xml"
_STYLES = f'<styleSheet {MAIN}><cellXfs count="1">{{}}</cellXfs></styleSheet>'
_FORMATS = _STYLES.format("<xf/>" * 200_000)
_DATES = '<row r="3"><c r="A3" s="1"><v>{}</v></c><c r="B3" s="1"><v>45000</v></c></row>'
_WHOLE = "A1:XFD1048576"


def _book(about: str, make: Callable[[], bytes], says: str = "", rows: int | None = 1) -> BadFile:
    return BadFile(about, "登记表.xlsx", make, says, rows)


def _value(value: str, kind: str = "n") -> Callable[[], bytes]:
    """A workbook with a third row whose first cell is stored so."""
    return with_rows(f'<row r="3"><c r="A3" t="{kind}"><v>{value}</v></c></row>')


def _cell_at(row_number: str, reference: str) -> Callable[[], bytes]:
    return with_rows(f'<row r="{row_number}">{cell(reference, "x")}</row>')


def _cut(share: int) -> Callable[[], bytes]:
    return lambda: book()[: len(book()) * share // 100]


def _merges() -> bytes:
    ranges = "".join(f'<mergeCell ref="A{n}:C{n + 1}"/>' for n in range(2, 200_000, 2))
    return with_rows("", after=f"<mergeCells>{ranges}</mergeCells>")()


def _attributes() -> bytes:
    return with_rows("<row " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>")()


BOMBS = [
    _book("zips in zips", nested, CANNOT),
    _book("a sheet of 200 MB", lambda: blown_up(SHEET_PART, 200), _NO_OFFICE),
    _book("shared texts of 200 MB", lambda: blown_up(_STRINGS, 200), _NO_OFFICE),
    _book("a theme of 200 MB", lambda: blown_up("xl/theme/theme1.xml", 200), _NO_OFFICE),
    _book("10,000 entries of the same bytes", lambda: overlapping(10_000), _NO_OFFICE),
    _book("60 entries of the same bytes", lambda: overlapping(60), CANNOT),
    _book("5,000 members", lambda: with_members([f"{n}.bin" for n in range(5000)]), _NO_OFFICE),
    _book("25 GB from one shared text", of_long_string, "第 3 行的字太多"),
    _book("10 GB from one shared text", lambda: of_long_string(1300), "字太多"),
    _book("a text of 40,000 characters", with_rows(row(3, "长" * 40_000)), "第 3 行的字太多"),
    _book("2,000 sheets", lambda: of_sheets(2000), "工作表太多"),
    _book("20,000 sheets", lambda: of_sheets(20_000), "工作表太多"),
    _book("elements in elements", with_rows("<a>" * 100_000 + "</a>" * 100_000)),
    _book("a book of elements in elements", with_part(_BOOK, "<a>" * 90_000), CANNOT),
    _book("100,000 attributes", _attributes),
    _book("100,000 merged cells", _merges),
    _book("a merge of everything", with_rows(
        "", after=f'<mergeCells><mergeCell ref="{_WHOLE}"/></mergeCells>')),
    _book("500,000 empty rows", with_rows("<row/>" * 500_000), _NO_OFFICE),
    _book("a dimension of the whole sheet", with_rows("", before=f'<dimension ref="{_WHOLE}"/>')),
    _book("a cell in the last column", _cell_at("3", "XFD3"), "200 列"),
    _book("a column beyond letters", _cell_at("3", "ZZZZZZ3"), "200 列"),
    _book("a row of 5,000 digits", _cell_at("9" * 5000, "A3"), CANNOT),
    _book("200,000 formats", with_part("xl/styles.xml", _FORMATS), "格式太多"),
]  # fmt: skip

BROKEN = [
    *(
        _book(f"{name} in {part}", with_part(part, prologue + text), _NO_OFFICE)
        for name, prologue in _DOCTYPES.items()
        for part, text in {**PARTS, SHEET_PART: sheet()}.items()
        if part in (_STRINGS, _BOOK, SHEET_PART)
    ),
    *(
        _book(f"without {name}", lambda name=name: book(without=name), f"{CANNOT}|没有能读的")  # type: ignore[misc]
        for name in (SHEET_PART, _BOOK, "[Content_Types].xml", "xl/_rels/workbook.xml.rels")
    ),
    *(
        _book(f"cut off within {name}", with_part(name, text[: len(text) // 2]), CANNOT)
        for name, text in {**PARTS, SHEET_PART: sheet()}.items()
        if name != "_rels/.rels"
    ),
    *(_book(f"cut off after {share} %", _cut(share), CANNOT) for share in (1, 10, 50, 90, 99)),
    _book("a bad checksum", lambda: patched(b"PK\1\2", 16, 0x5A), CANNOT),
    _book("an unknown way of packing", lambda: patched(b"PK\1\2", 10, 99), CANNOT),
    _book("an encrypted member", lambda: patched(b"PK\1\2", 8, 1), "密码"),
    _book("a shared text that is missing", _value("9", "s"), CANNOT),
    _book("a shared text of a negative number", _value("-9", "s"), CANNOT),
    _book("a number that is none", _value("1e999x"), CANNOT),
    _book("two parts of one name", twice, "没有数据"),
    _book("only hidden sheets", lambda: of_sheets(3, "hidden"), "没有看得见的工作表"),
    _book("no sheet", lambda: of_sheets(0), "没有能读的工作表"),
    _book("no cell", with_part(SHEET_PART, sheet("")), "空的"),
    _book("what is no character", with_rows(row(3, "_x0000__xD800_", "河坊街", "90号")), "", 2),
]  # fmt: skip

STRANGE = [
    _book("links to other files", lambda: with_members(["xl/a.lnk"], mode=0o120777)),
    _book("members outside of the folder", lambda: with_members(
        ["../../../../tmp/x", "/etc/x", "..\\..\\x", "C:\\x"])),
    _book("a number without end", _value("1e400"), "", 2),
    _book("a day of 1e300", lambda: book({
        "xl/styles.xml": _STYLES.format('<xf/><xf numFmtId="14"/>'),
        SHEET_PART: sheet(ROWS + _DATES.format("1e300")),
    }), "", 2),
    _book("formulas in cells", with_rows(
        """<row r="3"><c r="A3"><f>cmd|' /c calc'!A1</f></c>"""
        """<c r="B3" t="str"><f>HYPERLINK("x")</f><v>河坊街</v></c></row>"""), "", 2),
    _book("Strict Open XML", strict, "没有能读的工作表.*Strict"),
    _book("macros", with_macros, "宏.*另存为"),
    BadFile("macros under their name", "登记表.xlsm", with_macros, "宏.*另存为"),
]  # fmt: skip

_OLE2 = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(4000)
_BIFF = struct.pack("<4H", 0x0809, 4, 0x0500, 0x0010) + bytes(4000)
_HTML = "<html><table><tr><td>社区</td><td>门牌号</td></tr></table></html>".encode("gbk")
_PICTURE, _PAPER = b"\x89PNG\r\n\x1a\n" + bytes(900), b"%PDF-1.7\n%\xe2\xe3\n"
_NO_TABLE = "不是表格.*请上传"
_OTHERS: list[tuple[str, str, bytes, str]] = [
    ("a password", "登记表.xlsx", _OLE2 + "EncryptedPackage".encode("utf-16-le"), "密码.*另存为"),
    ("an old workbook", "登记表.xls", _OLE2, "旧格式.*另存为"),
    ("an old workbook under a new name", "登记表.xlsx", _OLE2, "密码|旧.*另存为"),
    ("an older workbook", "登记表.xls", _BIFF, "旧格式.*另存为"),
    ("a web page as workbook", "导出.xls", _HTML, "网页.*另存为"),
    ("a web page under a new name", "导出.xlsx", _HTML, "不是 Excel.*网页.*另存为"),
    ("a text as old workbook", "导出.xls", "社区\t门牌号\n".encode(), "另存为"),
    ("a new workbook under an old name", "导出.xls", book(), "另存为"),
    ("a binary workbook", "登记表.xlsb", book(), "另存为"),
    ("a workbook of WPS", "登记表.et", _OLE2, "WPS.*另存为"),
    ("a workbook of LibreOffice", "登记表.ods", book(), "LibreOffice.*另存为"),
    ("a document", "说明.docx", book(), _NO_TABLE),
    ("an old document", "说明.doc", _OLE2, _NO_TABLE),
    ("a paper", "扫描件.pdf", _PAPER, f"PDF.*{_NO_TABLE}"),
    ("a picture", "照片.jpg", b"\xff\xd8\xff\xe0" + bytes(900), f"图片.*{_NO_TABLE}"),
    ("a web page", "导出.html", _HTML, f"网页.*{_NO_TABLE}"),
    ("an archive", "清单.zip", book(), "解压"),
    ("another archive", "清单.rar", b"Rar!\x1a\7\1\0", "解压"),
    ("a picture under another name", "登记表.xlsx", _PICTURE, "不是 Excel.*另存为"),
    ("a paper under another name", "登记表.xlsx", _PAPER, "不是 Excel.*另存为"),
    ("a text under another name", "登记表.xlsx", "社区,门牌号\n".encode(), "不是 Excel.*另存为"),
    ("four bytes", "登记表.xlsx", b"PK\3\4", CANNOT),
]
NOT_WORKBOOKS = [
    BadFile(about, name, lambda content=content: content, says)  # type: ignore[misc]
    for about, name, content, says in _OTHERS
]
WORKBOOKS = [*BOMBS, *BROKEN, *STRANGE, *NOT_WORKBOOKS]

"""Workbooks that are bombs or broken, made part by part."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.factories.workbooks import MAIN, OFFICE, PARTS, SHEET_TYPE

SHEET_PART = "xl/worksheets/sheet1.xml"


def cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *texts: str) -> str:
    cells = "".join(
        cell(f"{letter}{number}", text) for letter, text in zip("ABC", texts, strict=False)
    )
    return f'<row r="{number}">{cells}</row>'


ROWS = row(1, "社区", "街路巷", "门牌号") + row(2, "清河坊社区", "河坊街", "88号")


def sheet(rows: str = ROWS, before: str = "", after: str = "", prologue: str = "") -> str:
    return f"{prologue}<worksheet {MAIN}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"


def book(parts: dict[str, str | bytes] | None = None, *, without: str = "") -> bytes:
    """A good workbook with other parts, or without one of its own."""
    content: dict[str, str | bytes] = {**PARTS, SHEET_PART: sheet(), **(parts or {})}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            if name != without:
                archive.writestr(name, part)
    return out.getvalue()


def with_part(name: str, text: str) -> Callable[[], bytes]:
    return lambda: book({name: text})


def with_rows(rows: str, **around: str) -> Callable[[], bytes]:
    return with_part(SHEET_PART, sheet(ROWS + rows, **around))


def blown_up(name: str, megabytes: int) -> bytes:
    """A part of so many megabytes of one letter."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, text in PARTS.items():
            if other != name:
                archive.writestr(other, text)
        with archive.open(name, "w") as part:
            for _ in range(megabytes):
                part.write(b"a" * (1 << 20))
    return out.getvalue()


def nested() -> bytes:
    content = b"0" * (1 << 20)
    for _ in range(5):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(8):
                archive.writestr(f"{number}.zip", content)
        content = out.getvalue()
    return content


def overlapping(count: int) -> bytes:
    """Many entries of the directory that all unpack the same bytes (after D. Fifield, 2019)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = b"a" * (1 << 20)
    packed = packer.compress(data) + packer.flush()
    facts = (0, 0, zlib.crc32(data), len(packed), len(data))
    name = b"xl/a.xml"
    head = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, *facts[:2], *facts[2:], len(name), 0)
    body = head + name + packed
    entry = struct.pack(
        "<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, *facts[:2], *facts[2:], len(name), 0, 0, 0, 0, 0, 0
    )  # fmt: skip
    listed = (entry + name) * count
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(listed), len(body), 0)
    return body + listed + end


def with_members(names: list[str], *, mode: int = 0o100644) -> bytes:
    """A good workbook with further members of these names."""
    out = io.BytesIO(book())
    with zipfile.ZipFile(out, "a") as archive:
        for name in names:
            about = zipfile.ZipInfo(name)
            about.external_attr = mode << 16
            archive.writestr(about, "../../../../etc/passwd")
    return out.getvalue()


def twice() -> bytes:
    out = io.BytesIO(book())
    with zipfile.ZipFile(out, "a") as archive:
        archive.infolist()[-1].filename = "another"  # so that nobody warns
        archive.NameToInfo.pop(SHEET_PART)
        archive.writestr(SHEET_PART, sheet(row(1, "社区", "街路巷", "门牌号")))
    return out.getvalue()


def patched(find: bytes, at: int, value: int) -> bytes:
    """A good workbook with one byte changed behind the first place of these."""
    content = bytearray(book())
    content[content.index(find) + at] = value
    return bytes(content)


def of_sheets(count: int, state: str = "visible") -> bytes:
    sheets = "".join(
        f'<sheet name="S{n}" sheetId="{n}" state="{state}" r:id="rId1"/>'
        for n in range(1, count + 1)
    )
    around = f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'
    return book({"xl/workbook.xml": around})


def of_long_string(characters: int = 32_000) -> bytes:
    """One shared text in each of 800,000 cells: 25 GB of 32,000 characters when written out."""
    cells = "".join(
        f'<c r="{letter}{{0}}" t="s"><v>0</v></c>' for letter in map(column, range(200))
    )
    rows = "".join(f'<row r="{n}">{cells.format(n)}</row>' for n in range(3, 4000))
    shared = f"<sst {MAIN}><si><t>{'长' * characters}</t></si></sst>"
    return book({SHEET_PART: sheet(ROWS + rows), "xl/sharedStrings.xml": shared})


def column(at: int) -> str:
    return (chr(64 + at // 26) if at >= 26 else "") + chr(65 + at % 26)


def strict() -> bytes:
    """A workbook saved as «Strict Open XML»: other names for the same."""
    place, strict_place = "http://schemas.openxmlformats.org", "http://purl.oclc.org/ooxml"
    names = ("spreadsheetml/2006/main", "officeDocument/2006/relationships")
    parts: dict[str, str | bytes] = {}
    for part, text in {**PARTS, SHEET_PART: sheet()}.items():
        other = text
        for name in names:
            other = other.replace(f"{place}/{name}", f"{strict_place}/{name.replace('/2006', '')}")
        parts[part] = other
    return book(parts)


def with_macros() -> bytes:
    types = PARTS["[Content_Types].xml"].replace(
        f"{SHEET_TYPE}.sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    )
    return book({"[Content_Types].xml": types, "xl/vbaProject.bin": b"x"})

"""Text files, packed files and file names that are bombs or broken, and what the desk says."""

import codecs
import gzip
import io
import random
import struct
from collections.abc import Callable

from service.admin.imports.form import MOST_BYTES
from tests.factories.bad_files import GOOD, BadFile
from tests.factories.bad_workbooks import book

_ENCODING = "文字读不出来.*另存为"
_EMPTY = "空的.*请"
_LARGE = "太大.*请|大得不正常.*请"
_BROKEN = "压缩文件是坏的.*请"
_LONG = "特别长.*请"
_NO_ADDRESS = "没有一列是地址.*请"
_NO_OBJECT = "没有一行是 JSON 对象.*请"
_WIDE = "最多读 200 列.*请"
_ROWS = GOOD.partition("\n")[2]
_NUMBERS = random.Random(18)
Content = str | bytes | Callable[[], bytes]


def _file(
    name: str, about: str, content: Content, says: str = "", rows: int | None = None
) -> BadFile:
    def make() -> bytes:
        made = content() if callable(content) else content
        return made.encode() if isinstance(made, str) else made

    return BadFile(about, name, make, says, rows)


def _text(about: str, content: Content, says: str = "", rows: int | None = None) -> BadFile:
    return _file("登记表.csv", about, content, says, rows)


def _json(about: str, content: Content, says: str = "", rows: int | None = 1) -> BadFile:
    return _file("登记表.ndjson", about, content, says, rows)


def _packed(about: str, content: Content, says: str = "", name: str = "登记表.csv.gz") -> BadFile:
    return _file(name, about, content, says)


TEXTS = [
    _text("GBK", GOOD.encode("gbk"), "", 2),
    _text("GB18030 of four bytes", GOOD.replace("清河坊", "𬭊河坊").encode("gb18030"), "", 2),
    _text("UTF-8 with a mark", codecs.BOM_UTF8 + GOOD.encode(), "", 2),
    _text("UTF-16 as Excel writes it", GOOD.encode("utf-16"), _ENCODING),
    _text("UTF-16 without a mark", GOOD.encode("utf-16-le"), _ENCODING),
    _text("UTF-32", GOOD.encode("utf-32"), _ENCODING),
    _text("Big5", "社區,門牌號\n清河坊社區,88號\n".encode("big5"), _ENCODING),
    _text("half UTF-8, half GBK", GOOD.encode() + _ROWS.encode("gbk"), _ENCODING),
    _text("a damaged character", GOOD.encode()[:-4] + b"\xff\n", _ENCODING),
    _text("noise", _NUMBERS.randbytes(100_000), _ENCODING),
    _text("zeros", bytes(100_000), _ENCODING),
    _text("zeros within", GOOD.replace("河坊街", "河\0坊街"), "", 2),
    _text("a zero in a heading", GOOD.replace("社区,", "社\0区,", 1), "标题行.*请"),
    _text("only a mark", codecs.BOM_UTF8, _EMPTY),
    _text("nothing", b"", "文件是空的"),
    _text("only line ends", "\r\n\r\n\n", _EMPTY),
    _text("only separators", ",,,,\n,,,\n", _EMPTY),
    _text("only headings", GOOD.partition("\n")[0], "没有数据.*请"),
    _text("a heading twice", "社区,门牌号,门牌号\na,1,2\n", "两列同名：门牌号.*请"),
    _text("a million columns", "a," * 1_000_000 + "\n", f"{_LONG}|{_WIDE}"),
    _text("a thousand columns", ",".join(f"列{n}" for n in range(1000)) + "\n", _WIDE),
    _text("a line of 15 MB", lambda: GOOD.encode() + b"a" * (MOST_BYTES - 1000), _LONG),
    _text("a heading of 2 MB", lambda: b"a" * (2 << 20) + b"\n", _LONG),
    _text("a cell of 900 kB", GOOD + '清河坊社区,"' + "长" * 300_000 + '",1号\n', "", 3),
    _text("more than may be sent", lambda: b"x" * (MOST_BYTES + 1), "文件超过 \\d+ MB，请分成几份"),
    _text("a quote that is never closed", f'{GOOD}清河坊社区,"河坊街,1号\n{_ROWS * 900}', "", 1803),
    _text("a quote in each row", GOOD + '"清河坊"社区,河坊街,1号\n' * 3000, "", 3002),
    _text("a quote in the heading", '社区,"街路巷,门牌号\n' + _ROWS * 300, "请"),
    _text("only quotes", lambda: b'"' * 900_000, f"{_EMPTY}|引号.*请|标题行.*请"),
    _text("tabs in a CSV", GOOD.replace(",", "\t"), "", 2),
    _text("semicolons", GOOD.replace(",", ";"), "", 2),
    _text("full-width commas", GOOD.replace(",", "，"), _NO_ADDRESS),
    _text("old line ends", GOOD.replace("\n", "\r"), "", 2),
    _text("formulas in a CSV", GOOD + "=cmd|' /c calc'!A1,@SUM(1),-1号\n", "", 3),
    _text("a script", "<html><script>alert(1)</script>社区,门牌号</html>\n", "请"),
    _text("a script as heading", "街路巷,门牌号,<script>x</script>\n河坊街,1号,x\n", "", 1),
    _text("a paper as CSV", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + _NUMBERS.randbytes(3000), _ENCODING),
    _text("a workbook as CSV", book, _ENCODING),
    _file("登记表.tsv", "commas in a TSV", GOOD, _NO_ADDRESS),
]  # fmt: skip


def _door(number: str, street: str = "河坊街") -> str:
    return f'{{"街路巷":"{street}","门牌号":{number}}}\n'


LINES = [
    _json("lists in lists", "[" * 100_000 + "\n", _NO_OBJECT),
    _json("objects in objects", '{"门牌号":' * 50_000 + "1" + "}" * 50_000 + "\n", _NO_OBJECT),
    _json("a number of 5,000 digits", _door("9" * 5000)),
    _json("a number of 900,000 digits", lambda: _door("9" * 900_000).encode()),
    _json("a tiny number", _door("1e-999999999")),
    _json("a huge number", _door("1e999999999")),
    _json("no number", _door("NaN") + _door("-Infinity"), _NO_OBJECT),
    _json("half a character", _door('"1号\\u0000"', "河坊街\\ud800")),
    _json("half a character as key", '{"街路巷":"河坊街","门牌号":1,"\\u0000":1,"\\ud800":2}\n'),
    _json("a key twice", '{"门牌号":"1号","街路巷":"河坊街","门牌号":"2号"}\n'),
    _json("one list of objects", f"[{_door('1')[:-1]}]\n", _NO_OBJECT),
    _json("80,000 keys", "{" + ",".join(f'"k{n}":1' for n in range(80_000)) + "}\n", _WIDE),
    _json("other keys in each line", "".join(f'{{"k{n}":1}}\n' for n in range(9000)), _WIDE),
    _json("an empty key", '{"":1,"街路巷":"河坊街","门牌号":"1号"}\n'),
    _json("lines of GBK", _door('"1号"').encode("gbk"), _ENCODING),
    _json("lines without anything", "\n\n\n", _NO_OBJECT),
]  # fmt: skip


def _bomb(megabytes: int) -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1) as file:
        for _ in range(megabytes):
            file.write(b"a,b\n" * (1 << 18))
    return out.getvalue()


_LIST = gzip.compress(GOOD.encode())
PACKED = [
    _packed("a whole list", _LIST),
    _packed("a list in two parts", _LIST + gzip.compress(_ROWS.encode())),
    _packed("a packed workbook", lambda: gzip.compress(book()), "", "登记表.xlsx.gz"),
    _packed("packed twice", gzip.compress(_LIST), _ENCODING),
    _packed("packed twice, by name", gzip.compress(_LIST), "压缩文件.*请", "a.csv.gz.gz"),
    _packed("a bomb of 300 MB", lambda: _bomb(300), _LARGE),
    _packed("a bomb in a bomb", lambda: gzip.compress(_bomb(300)), f"{_ENCODING}|{_LARGE}"),
    _packed("a workbook that is a bomb", lambda: _bomb(300), _LARGE, "登记表.xlsx.gz"),
    _packed("lines that are a bomb", lambda: _bomb(300), _LARGE, "登记表.ndjson.gz"),
    _packed("one letter, a thousandfold", lambda: gzip.compress(bytes(60 << 20)), _ENCODING),
    _packed("cut off", gzip.compress(_NUMBERS.randbytes(9000))[:5000], _BROKEN),
    _packed("a wrong checksum", _LIST[:-8] + struct.pack("<2I", 1, 2), _BROKEN),
    _packed("noise behind it", _LIST + b"noise", _BROKEN),
    _packed("not packed at all", GOOD.encode(), _BROKEN),
    _packed("a ZIP under another name", book, _BROKEN),
    _packed("not packed by name", _LIST, _ENCODING, "登记表.csv"),
    _packed("without the ending of what is in it", _LIST, "扩展名.*请", "登记表.gz"),
]  # fmt: skip

_NAMES = {
    "300 characters": ("清" * 300 + ".csv", ""),
    "pictures": ("🏠门牌😀登记.csv", ""),
    "a path": ("../../../etc/清单.csv", ""),
    "a path of Windows": ("C:\\用户\\桌面\\清单.csv", ""),
    "line ends and quotes": ('清"单\r\nX: 1.csv', ""),
    "a script": ("<img src=x onerror=alert(1)>.csv", ""),
    "letters that turn round": ("清单\u202ecsv.exe\u202c.csv", ""),
    "capital letters": ("清单.CSV", ""),
    "an ending with a space": ("清单.csv ", ""),
    "spaces": ("   .csv", "扩展名.*请"),
    "only an ending": (".csv", "扩展名.*请"),
    "no ending": ("清单", "扩展名.*请"),
    "two dots": ("..", "请"),
    "a program": ("清单.csv.exe", "读不了.*请"),
    "a text": ("清单.txt", "改名为 .csv"),
}
NAMES = [
    _file(name, f"the name is {about}", GOOD, says, None if says else 2)
    for about, (name, says) in _NAMES.items()
]
TEXT_FILES = [*TEXTS, *LINES, *PACKED, *NAMES]

"""What the desk says of a file that cannot be read as a list, and what to do about it."""

import re

from service.core.errors import MenpaiError
from service.core.sheets import (
    ArchiveBroken,
    EncodingUnknown,
    EndingUnknown,
    HeadingsUnclear,
    SheetFault,
    SheetTooLarge,
    WorkbookRefused,
    WorkbookTooHeavy,
)

_SAVE = "请在 Excel 或 WPS 里打开，另存为 .xlsx，再上传。"
_NO_TABLE = "不是表格。请上传 Excel（.xlsx）或 CSV 表格。"
_COPY = "请把各行复制到一个新的工作簿里，存为 .xlsx，再上传。"
_FAULTS: dict[type[SheetFault], str] = {
    EndingUnknown: f"这种文件读不了。{_SAVE}",
    EncodingUnknown: f"文件里的文字读不出来。{_SAVE}",
    HeadingsUnclear: "标题行读不出来。请改正标题行的行号，或在表格里改好列名再上传。",
    ArchiveBroken: "压缩文件是坏的或不完整。请重新压缩，或直接上传里面的表格。",
    SheetTooLarge: "表格太大。请分成几份上传。",
    WorkbookRefused: f"这个 Excel 文件打不开，可能已损坏。{_SAVE}",
    WorkbookTooHeavy: "这个 Excel 文件太大，读不完。请另存为 .csv，或分成几份上传。",
}
_BY_ENDING = {
    "": "文件名没有扩展名，不知道是什么文件。请上传 .xlsx 或 .csv 文件。",
    ".xls": f"这是旧格式的 .xls（或者是网页改的名）。{_SAVE}",
    ".et": f"这是 WPS 自己的格式。{_SAVE}",
    ".ods": f"这是 LibreOffice 的格式。{_SAVE}",
    ".xlsm": "这个 Excel 文件带宏，不能收。请另存为不带宏的 .xlsx，再上传。",
    ".txt": "这是文本文件。用逗号分列的请改名为 .csv，用制表符（Tab）分列的改名为 .tsv，再上传。",
    ".gz": "压缩文件的名字里没有表格的扩展名。请改为 .csv.gz 这样的名字，或直接上传里面的表格。",
} | {
    ending: f"这是{kind}，{then}"
    for kind, endings, then in (
        ("压缩包", ".zip .rar .7z .tar", "请先解压，再上传里面的表格。"),
        ("图片", ".jpg .jpeg .png .gif .bmp .tif .tiff .heic .webp", _NO_TABLE),
        ("PDF 文件", ".pdf .ofd", _NO_TABLE),
        ("文字稿", ".doc .docx .wps .rtf .odt", _NO_TABLE),
        ("网页", ".htm .html .mht .mhtml", f"{_NO_TABLE}能在 Excel 里打开的，请另存为 .xlsx。"),
    )
    for ending in endings.split()
}
_NOT_SAVED_SO = "它不像是 Excel 或 WPS 存的，为安全起见不收。"
_BY_WORDS = {
    "password|encrypted": "这个 Excel 文件打不开：有密码，或者是旧的 .xls 改了名。"
    "请去掉密码，另存为 .xlsx，再上传。",
    "not an XLSX": f"这个文件不是 Excel 文件，只是名字像（例如网页、文本、图片改了名）。{_SAVE}",
    "holds macros": _BY_ENDING[".xlsm"],
    "no visible sheet": "这个 Excel 文件里没有看得见的工作表。请取消隐藏，或换一份表格上传。",
    "no sheet that can be": "这个 Excel 文件里没有能读的工作表。"
    "请另存为普通的 .xlsx（不要选“Strict Open XML”），再上传。",
    "too many sheets": f"这个 Excel 文件的工作表太多。{_COPY}",
    "too many cell formats": f"这个 Excel 文件的单元格格式太多。{_COPY}",
    r"Row (\d+) has a cell in column": r"第 \1 行写到了第 200 列以后，那里的格不读。"
    "请删去右边不需要的列，再上传。",
    r"Row (\d+) has (?:a cell of )?over": r"第 \1 行的字太多，不像是地址。请缩短它，再上传。",
    "too much text": f"这个 Excel 文件里的字太多。{_COPY}",
    "parts, at most|unpacks to o|unpacks to more than 512|declares XML": (
        f"这个 Excel 文件打不开：{_NOT_SAVED_SO}{_COPY}"
    ),
    "unpacks to more than": "压缩文件解开后大得不正常。请自己解压，看过以后上传里面的表格。",
    "line of more than": "有一行特别长，不像是一份清单。请检查是不是每个地址占一行，再上传。",
    "No line is a JSON": "没有一行是 JSON 对象。请改为每行一个对象，再上传。",
    "The sheet is empty|has no headings": "表格是空的，没有标题行。请换一份有内容的表格上传。",
    r"The sheet has no row (\S+)": r"表格没有第 \1 行。请改正标题行的行号。",
    r"has (\d+) columns": r"表格有 \1 列，最多读 200 列。请删去不需要的列，再上传。",
    "names (.+) more than once": r"标题行有两列同名：\1。请在表格里改好列名，再上传。",
    "heading row: A quotation": "标题行里的引号没有配对。请去掉引号，再上传。",
    "heading row: .*NUL": "标题行里有读不出来的字符。请重新输入标题行，再上传。",
}
_ENGLISH = re.compile("[a-z]+ [a-z]+ [a-z]+")


def tell_file(fault: MenpaiError) -> str:
    """A fault of a whole file in Chinese, with what to do."""
    if isinstance(fault, EndingUnknown) and fault.ending in _BY_ENDING:
        return _BY_ENDING[fault.ending]
    for pattern, told in _BY_WORDS.items():
        if found := re.search(pattern, fault.detail):
            return found.expand(told)
    if isinstance(fault, HeadingsUnclear) and not _ENGLISH.search(fault.detail):
        return f"{fault.detail}；{fault.hint}。"
    kinds = (kind for kind in type(fault).__mro__ if kind in _FAULTS)
    kind = next(kinds, None)
    return _FAULTS[kind] if kind else fault.zh or f"文件读不出来。{_SAVE}"

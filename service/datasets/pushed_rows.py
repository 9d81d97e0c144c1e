"""Reads rows that an owner pushes: their codes and values judged one by one, faults set aside."""

import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from address_model.codes import InvalidCode, parse_code
from address_model.datasets.fields import DatasetField
from address_model.datasets.values import InvalidValue, read_value
from address_model.personal_numbers import find_personal_numbers
from service.core.errors import BadRequest, TooMuch
from service.core.sheets import IGNORED_COLUMNS, Row, RowSource, open_rows
from service.datasets.queries import PushFault

MOST_ROWS = 20_000
CODE_COLUMNS = ("code", "地址编码", "编码")
SOURCE_COLUMNS = ("source_id", "本部门编号", "编号")
_SOURCE_ID = re.compile(r"[A-Za-z0-9_.:/-]{1,64}")


class PushedRow(NamedTuple):
    """A row that may be stored; ``data`` is JSON, ``source_id`` the code if its owner has none."""

    number: int
    source_id: str
    code: str
    data: str


@dataclass(frozen=True, slots=True)
class PushedRows:
    """The rows of a file: those that may be stored, and the faults of the others."""

    rows: tuple[PushedRow, ...]
    faults: tuple[PushFault, ...]


def read_pushed_bytes(body: bytes, ending: str, fields: Sequence[DatasetField]) -> PushedRows:
    """The rows of a file of this ending (.csv, .ndjson, .xlsx); for a process of the pool.

    Raises:
        SheetFault: it cannot be read.
        BadRequest: a column is no field, or none has the codes.
        TooMuch: it has more than 20,000 rows.
    """
    with tempfile.TemporaryDirectory(prefix="menpai-") as folder:
        path = Path(folder, f"rows{ending}")
        path.write_bytes(body)
        with open_rows(path, unprotect=True) as source:
            return read_pushed_rows(source, fields)


class PushColumns(NamedTuple):
    """The columns of a file: that of the codes, that of the owner's ids ("" for none), fields."""

    code: str
    own: str
    fields: dict[str, DatasetField]


def find_columns(headings: Sequence[str], fields: Sequence[DatasetField]) -> PushColumns:
    """The columns by their headings: names or labels of fields.

    Raises:
        BadRequest: a column is no field, or none has the codes.
    """
    known = {one.name: one for one in fields} | {one.label: one for one in fields}
    found = {name: known[name] for name in headings if name in known}
    code = next((name for name in CODE_COLUMNS if name in headings), "")
    own = next((name for name in SOURCE_COLUMNS if name in headings), "")
    strange = [name for name in headings if name not in (*found, code, own, *IGNORED_COLUMNS)]
    if strange or not code or not found:
        told = "、".join(strange)[:80]
        raise BadRequest(
            f"the columns {told} are no fields of the dataset" if told else "a column is missing",
            hint=f"send code, source_id and {', '.join(one.name for one in fields)}",
            zh=(f"列“{told}”不是这个数据集的字段。" if told else "")
            + f"表头写：地址编码、本部门编号（可不填）、{'、'.join(one.label for one in fields)}。",
            field="file",
        )
    return PushColumns(code, own, found)


def read_pushed_rows(source: RowSource, fields: Sequence[DatasetField]) -> PushedRows:
    """Judge the rows of a source; an empty cell is a value that is not known.

    Raises:
        BadRequest: a column is no field, or none has the codes.
        TooMuch: it has more than 20,000 rows.
    """
    columns = find_columns(source.headings, fields)
    rows: dict[str, PushedRow] = {}
    faults: list[PushFault] = []
    for count, row in enumerate(source, 1):
        if count > MOST_ROWS:
            raise TooMuch(
                f"one push takes {MOST_ROWS:,} rows",
                hint="send the rest after it: rows that are there already stay as they are",
                zh=f"一次最多推送 {MOST_ROWS:,} 行，请分几次；已有的行再推送也不会重复。",
            )
        pushed, wrong = judge_row(row, columns)
        if pushed is not None and rows.setdefault(pushed.source_id, pushed) is not pushed:
            reason, remedy = "与前面一行的编号相同", "一个编号只留一行；一址多行的，填本部门编号"
            column = columns.own or columns.code
            wrong = [PushFault(row.number, column, "repeated", reason, remedy)]
        faults += wrong
    return PushedRows(tuple(rows.values()), tuple(faults))


def judge_row(row: Row, columns: PushColumns) -> tuple[PushedRow | None, list[PushFault]]:
    """The row to store, or None and every fault of it."""
    if row.fault is not None:
        fault = PushFault(row.number, "", "unreadable", row.fault.reason, row.fault.hint)
        return None, [fault]
    digits, data, faults = "", dict[str, object](), list[PushFault]()
    try:
        digits = parse_code(row.values[columns.code]).digits
    except InvalidCode:
        reason, remedy = "不是地址编码", "核对 16 位编码后再推送"
        faults.append(PushFault(row.number, columns.code, "not_a_code", reason, remedy))
    for column, field in columns.fields.items():
        try:
            value = read_value(field, row.values[column])
        except InvalidValue as wrong:
            told = (wrong.rule, wrong.reason, wrong.remedy)
            faults.append(PushFault(row.number, column, *told))
        else:
            data |= {} if value is None else {field.name: value}
    source_id = (row.values[columns.own].strip() if columns.own else "") or digits
    if source_id and (not _SOURCE_ID.fullmatch(source_id) or find_personal_numbers(source_id)):
        reason, remedy = "编号不合格", "用英文字母、数字和 - _ . : /，不用个人号码"
        faults.append(PushFault(row.number, columns.own, "not_an_id", reason, remedy))
    if not data and not faults:
        reason, remedy = "没有一项数据", "至少填一项，或删去这一行"
        faults.append(PushFault(row.number, "", "empty", reason, remedy))
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return (None if faults else PushedRow(row.number, source_id, digits, text)), faults

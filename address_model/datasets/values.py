"""Reads a value of a field from a cell, and shows it; each refusal has its remedy."""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Final

from address_model.datasets.code_patterns import CodePattern, read_pattern
from address_model.datasets.fields import DatasetField, ValueType
from address_model.personal_numbers import find_personal_numbers

LONGEST_TEXT: Final = 200
FIRST_YEAR, LAST_YEAR = 1000, 2100
_POSTCODE: Final = "邮政编码"
_IDENTITY: Final = "身份证号码"
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_WHOLE: Final = re.compile(r"-?\d{1,15}", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")

Value = int | str


class InvalidValue(ValueError):
    """A value cannot be stored; ``rule`` names the kind of fault, ``remedy`` what to do."""

    def __init__(self, rule: str, reason: str, remedy: str) -> None:
        """``reason`` never repeats a value that may be personal."""
        super().__init__(reason)
        self.rule, self.reason, self.remedy = rule, reason, remedy


def read_value(field: DatasetField, cell: str) -> Value | None:
    """The value that a cell holds, None if it is empty.

    Raises:
        InvalidValue: it is none of the field's, or a personal number.
    """
    text = cell.strip()
    if not text:
        return None
    for found in find_personal_numbers(text):
        if found.kind == _IDENTITY or (field.is_public and found.kind != _POSTCODE):
            raise InvalidValue(
                "personal_number",
                f"写着{found.kind}，这里不收",
                "删去个人号码；确需共享的，走本部门自己的系统",
            )
    plain = unicodedata.normalize("NFKC", text)
    value: Value = text
    match field.value_type:
        case ValueType.YEAR:
            value = _read_whole(plain.removesuffix("年"), FIRST_YEAR, LAST_YEAR)
        case ValueType.INTEGER:
            own = plain.removesuffix(field.unit) if field.unit else plain
            value = _read_whole(own.strip(), field.minimum, field.maximum)
        case ValueType.CHOICE if text not in field.words:
            raise InvalidValue("not_a_choice", "不是登记的选项", f"写这些中的一个：{field.limits}")
        case ValueType.DATE:
            value = _read_day(plain)
        case ValueType.CODE:
            if not _pattern(field.pattern).expression.fullmatch(plain):
                hint = f"按登记的格式写：{field.pattern}"
                raise InvalidValue("not_the_pattern", "格式不符", hint)
            value = plain
        case ValueType.TEXT if len(text) > LONGEST_TEXT or _CONTROL.search(text):
            hint = f"写在 {LONGEST_TEXT} 字以内，不换行"
            raise InvalidValue("too_long", "文字太长，或有不可见的字符", hint)
    return value


def show_value(field: DatasetField, value: object) -> str:
    """A stored value as it is shown; "" if the field, changed since, no longer allows it."""
    try:
        held = read_value(field, str(value))
    except InvalidValue:
        return ""
    if held is None:
        return ""
    return f"{held}{field.unit}" if field.value_type is ValueType.INTEGER else str(held)


def _read_whole(text: str, least: int | None, most: int | None) -> int:
    if not _WHOLE.fullmatch(text):
        raise InvalidValue("not_a_number", "不是整数", "只写数字，例如 1998")
    value = int(text)
    if (least is not None and value < least) or (most is not None and value > most):
        limits = f"{'' if least is None else least} 至 {'' if most is None else most}"
        raise InvalidValue("out_of_range", "超出范围", f"写 {limits} 之间的数".replace("  ", " "))
    return value


def _read_day(text: str) -> str:
    found = _DAY.fullmatch(text)
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidValue("not_a_date", "不是日期", "写成 2026-12-01")
    return day.isoformat()


@lru_cache(maxsize=256)
def _pattern(text: str) -> CodePattern:
    return read_pattern(text)

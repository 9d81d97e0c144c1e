"""What a field may be: a public one can hold nothing about a person, by its type and limits.

A mobile number has 11 digits, a landline with its area code 10 or more, an identity card 18
(GB 11643); a public value has at most nine. Free text is never public. What is left, the words of
labels and choices, is compared with person words and names here, and read by the person who
approves the dataset.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from address_model.datasets.code_patterns import InvalidPattern, read_pattern
from address_model.datasets.fields import CLASSES, PUBLIC_TYPES, DatasetField, ValueType
from address_model.datasets.person_words import find_person_word, looks_like_name
from address_model.personal_numbers import find_personal_numbers

MOST_FIELDS: Final = 20
MOST_WORDS: Final = 50
LONGEST_WORD: Final = 12
PUBLIC_DIGITS: Final = 9
PUBLIC_LETTERS: Final = 4
LARGEST: Final = 10**PUBLIC_DIGITS - 1

RESERVED: Final = frozenset({"code", "source_id", "row", "dataset", "version", "updated_at"})
"""Columns of a list of rows that are no fields."""

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")


class FieldFault(NamedTuple):
    """Why a field cannot be registered: which part of it, in English and in Chinese."""

    part: str
    reason: str
    zh: str


def find_field_faults(field: DatasetField) -> list[FieldFault]:
    """Everything that forbids a field; [] if it may be registered."""
    faults = [*_plain_faults(field), *_limit_faults(field)]
    return [*faults, *_public_faults(field)] if field.is_public else faults


def find_fields_fault(fields: Sequence[DatasetField]) -> FieldFault | None:
    """The first fault of the fields of a dataset, alone or together; None if they may be."""
    names = [one.name for one in fields]
    labels = [one.label for one in fields]
    if len(fields) > MOST_FIELDS:
        return FieldFault(
            "name", f"a dataset has at most {MOST_FIELDS} fields", f"最多 {MOST_FIELDS} 个字段。"
        )
    if len(set(names)) < len(names) or len(set(labels)) < len(labels):
        return FieldFault("name", "two fields have one name", "字段名或名称重复。")
    return next((fault for one in fields for fault in find_field_faults(one)), None)


def _plain_faults(field: DatasetField) -> Iterator[FieldFault]:
    if not _NAME.fullmatch(field.name) or field.name in RESERVED:
        yield FieldFault(
            "name",
            f"{field.name!r} is no name of a field",
            "字段名用小写英文字母、数字和下划线，以字母开头，不用 code、source_id 等列名。",
        )
    if not field.label.strip() or len(field.label) > LONGEST_WORD:
        yield FieldFault(
            "label", "a label has 1 to 12 characters", f"名称写 1 至 {LONGEST_WORD} 个字。"
        )
    if len(field.label_en) > 40 or len(field.unit) > 6:
        yield FieldFault("label_en", "a label is too long", "英文名称或单位太长。")
    if field.field_class not in CLASSES:
        yield FieldFault("field_class", "no class of a dataset", "请选择谁能看。")
    if field.is_public and field.roles:
        yield FieldFault("roles", "everybody sees it already", "公开的字段不用再选角色。")


def _limit_faults(field: DatasetField) -> Iterator[FieldFault]:
    least, most = field.minimum, field.maximum
    if least is not None and most is not None and least > most:
        yield FieldFault("minimum", "the least is above the most", "最小值大于最大值。")
    if field.value_type is ValueType.CHOICE:
        words = field.words
        if not 1 <= len(words) <= MOST_WORDS or len(set(words)) < len(words):
            yield FieldFault(
                "words",
                f"a choice has 1 to {MOST_WORDS} different words",
                f"请写 1 至 {MOST_WORDS} 个不重复的选项。",
            )
        elif not all(word and len(word) <= LONGEST_WORD for word in words):
            yield FieldFault(
                "words",
                f"a word has 1 to {LONGEST_WORD} characters",
                f"每个选项写 1 至 {LONGEST_WORD} 个字。",
            )
    if field.value_type is ValueType.CODE:
        try:
            read_pattern(field.pattern)
        except InvalidPattern as error:
            yield FieldFault(
                "pattern",
                f"no pattern of codes: {error}",
                "格式只能由大写字母、数字、- / 和 [0-9]、[A-Z]、次数 {n} 组成，例如 [0-9]{6}。",
            )


def _public_faults(field: DatasetField) -> Iterator[FieldFault]:
    if field.value_type not in PUBLIC_TYPES:
        yield FieldFault(
            "value_type",
            "free text is never public",
            "文字不能公开：里面可能写着个人信息。请改用选项、年份、整数、日期或代码，或改为不公开。",
        )
    said = {"name": field.name, "label": field.label, "label_en": field.label_en}
    said |= {"unit": field.unit, "words": " ".join(field.words)}
    for part, text in said.items():
        if word := find_person_word(text):
            yield FieldFault(
                part,
                f"{word!r} tells of a person",
                f"“{word}”涉及个人，不能公开。请去掉这个字段，或改为不公开。",
            )
    for word in field.words:
        if looks_like_name(word) or find_personal_numbers(word) or re.search(r"\d{7}", word):
            yield FieldFault(
                "words",
                f"{word!r} looks like a name or a number of a person",
                f"选项“{word}”像是人名或个人号码，不能公开。请换一个词。",
            )
    yield from _room_faults(field)


def _room_faults(field: DatasetField) -> Iterator[FieldFault]:
    """Whether a personal number would fit."""
    bounds = (field.minimum, field.maximum)
    is_open = any(bound is None or abs(bound) > LARGEST for bound in bounds)
    if field.value_type is ValueType.INTEGER and is_open:
        yield FieldFault(
            "minimum",
            f"a public integer needs bounds within {PUBLIC_DIGITS} digits",
            f"公开的整数要写明最小值和最大值，都不超过 {PUBLIC_DIGITS} 位。",
        )
    if field.value_type is ValueType.CODE:
        try:
            pattern = read_pattern(field.pattern)
        except InvalidPattern:
            return
        if pattern.digits > PUBLIC_DIGITS or pattern.letters > PUBLIC_LETTERS:
            yield FieldFault(
                "pattern",
                f"a public code has at most {PUBLIC_DIGITS} digits and {PUBLIC_LETTERS} letters",
                f"公开的代码最多 {PUBLIC_DIGITS} 位数字、{PUBLIC_LETTERS} 个字母："
                "再长就容得下电话或证件号码。",
            )

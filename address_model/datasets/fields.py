"""Fields of a dataset: what a value may be, and who sees it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType

from address_model.sensitivity import FieldClass


class ValueType(StrEnum):
    """What the values of a field are."""

    YEAR = "year"
    INTEGER = "integer"
    CHOICE = "choice"
    DATE = "date"
    CODE = "code"
    TEXT = "text"


VALUE_TYPE_NAMES: Mapping[ValueType, str] = MappingProxyType(
    dict(zip(ValueType, ("年份", "整数", "选项", "日期", "代码", "文字"), strict=True))
)

PUBLIC_TYPES = frozenset(ValueType) - {ValueType.TEXT}
"""The closed list of types that the public may be shown: none holds free text."""

CLASSES: Mapping[FieldClass, str] = MappingProxyType(
    {
        FieldClass.PUBLIC: "公开",
        FieldClass.REGISTER: "部门共享",
        FieldClass.INTERNAL: "内部",
    }
)
"""The classes a field may have; responsible contacts have a register of their own."""


@dataclass(frozen=True, slots=True)
class DatasetField:
    """One field: ``roles`` see it besides those whose grant holds its class.

    ``minimum`` and ``maximum`` are for integers, ``words`` for choices, ``pattern`` for codes.
    ``unit`` (层, 平方米) stands behind a shown value.
    """

    name: str
    label: str
    value_type: ValueType
    field_class: FieldClass
    label_en: str = ""
    roles: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    words: tuple[str, ...] = ()
    pattern: str = ""
    unit: str = ""

    @property
    def is_public(self) -> bool:
        """Whether anybody sees it."""
        return self.field_class is FieldClass.PUBLIC

    @property
    def limits(self) -> str:
        """What its values are limited to, in words for an officer; "" for text."""
        match self.value_type:
            case ValueType.INTEGER if self.minimum is not None or self.maximum is not None:
                least = "" if self.minimum is None else self.minimum
                return f"{least} 至 {'' if self.maximum is None else self.maximum}".strip()
            case ValueType.CHOICE:
                return "、".join(self.words)
            case ValueType.CODE:
                return self.pattern
        return ""


@dataclass(frozen=True, slots=True)
class FieldReader:
    """Who reads data of one address: the classes of a grant, and the roles of a person there."""

    classes: frozenset[FieldClass] = frozenset({FieldClass.PUBLIC})
    roles: frozenset[str] = frozenset()

    def sees(self, field: DatasetField) -> bool:
        """Whether the field is shown to this reader."""
        by_class = field.is_public or field.field_class in self.classes
        return by_class or not self.roles.isdisjoint(field.roles)


THE_PUBLIC = FieldReader()


def fields_to_plain(fields: Iterable[DatasetField]) -> list[dict[str, object]]:
    """Fields as JSON, without what is empty."""
    return [
        {name: value for name, value in asdict(one).items() if value not in ("", (), None)}
        for one in fields
    ]


def fields_from_plain(plain: Iterable[Mapping[str, object]]) -> tuple[DatasetField, ...]:
    """The fields of their JSON."""
    found = []
    for one in plain:
        values = dict(one)
        values["value_type"] = ValueType(str(values["value_type"]))
        values["field_class"] = FieldClass(str(values["field_class"]))
        for several in ("roles", "words"):
            held = values.get(several, ())
            assert isinstance(held, Sequence)  # noqa: S101 - as ``fields_to_plain`` wrote it
            values[several] = tuple(held)
        found.append(DatasetField(**values))  # type: ignore[arg-type]
    return tuple(found)

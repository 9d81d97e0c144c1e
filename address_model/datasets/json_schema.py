"""The JSON Schema (draft 2020-12) of the rows of a dataset, made of its fields."""

from collections.abc import Mapping, Sequence

from address_model.datasets.code_patterns import read_pattern
from address_model.datasets.fields import DatasetField, ValueType
from address_model.datasets.values import FIRST_YEAR, LAST_YEAR, LONGEST_TEXT


def make_schema(title: str, fields: Sequence[DatasetField]) -> Mapping[str, object]:
    """The schema of one row as it is pushed: its code, the owner's own id, and the fields."""
    own: dict[str, object] = {
        "code": {"type": "string", "title": "地址编码", "pattern": "^[0-9 ]{16,19}$"},
        "source_id": {"type": "string", "title": "本部门编号", "maxLength": 64},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "required": ["code"],
        "additionalProperties": False,
        "properties": own | {one.name: _of(one) for one in fields},
    }


def _of(field: DatasetField) -> dict[str, object]:
    said: dict[str, object] = {"title": field.label}
    match field.value_type:
        case ValueType.YEAR:
            said |= {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
        case ValueType.INTEGER:
            bounds = {"minimum": field.minimum, "maximum": field.maximum}
            said |= {"type": "integer"}
            said |= {name: bound for name, bound in bounds.items() if bound is not None}
        case ValueType.CHOICE:
            said |= {"type": "string", "enum": list(field.words)}
        case ValueType.DATE:
            said |= {"type": "string", "format": "date"}
        case ValueType.CODE:
            expression = read_pattern(field.pattern).expression.pattern
            said |= {"type": "string", "pattern": f"^{expression}$"}
        case ValueType.TEXT:
            said |= {"type": "string", "maxLength": LONGEST_TEXT}
    return said

import pytest

from address_model.datasets.code_patterns import InvalidPattern, read_pattern
from address_model.datasets.definition import DatasetDefinition
from address_model.datasets.fields import (
    DatasetField,
    FieldReader,
    ValueType,
    fields_from_plain,
    fields_to_plain,
)
from address_model.datasets.json_schema import make_schema
from address_model.datasets.values import InvalidValue, read_value, show_value
from address_model.sensitivity import FieldClass
from tests.factories.datasets import BOX, BUILT, FACTS, FLOORS, KEY_BOX, PLACE, USE

DAY = DatasetField("checked_on", "检验日", ValueType.DATE, FieldClass.PUBLIC)
POSTCODE = DatasetField(
    "postcode", "邮政编码", ValueType.CODE, FieldClass.PUBLIC, pattern="[0-9]{6}"
)


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        (BUILT, " 1998年 ", 1998),
        (BUILT, "１９９８", 1998),
        (FLOORS, "6层", 6),
        (USE, "住宅", "住宅"),
        (DAY, "2026/12/1", "2026-12-01"),
        (DAY, "2026年12月1日", "2026-12-01"),
        (POSTCODE, "310002", "310002"),
        (BOX, "XF-0017", "XF-0017"),
        (PLACE, "一楼东侧 墙上", "一楼东侧 墙上"),
        (BUILT, "  ", None),
    ],
)
def test_a_cell_is_read(field: DatasetField, cell: str, value: object) -> None:
    assert read_value(field, cell) == value


@pytest.mark.parametrize(
    ("field", "cell", "rule"),
    [
        (BUILT, "不详", "not_a_number"),
        (BUILT, "2500", "out_of_range"),
        (FLOORS, "0", "out_of_range"),
        (USE, "仓库", "not_a_choice"),
        (DAY, "2026-02-30", "not_a_date"),
        (DAY, "0026-02-03", "not_a_date"),
        (POSTCODE, "31000", "not_the_pattern"),
        (BOX, "xf-0017", "not_the_pattern"),
        (PLACE, "长" * 201, "too_long"),
        (PLACE, "两\n行", "too_long"),
        (BUILT, "13800138000", "personal_number"),
        (PLACE, "11010519491231002X", "personal_number"),
    ],
)
def test_a_cell_is_refused_with_its_rule_and_its_remedy(
    field: DatasetField, cell: str, rule: str
) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_value(field, cell)
    assert refused.value.rule == rule
    assert refused.value.remedy
    assert cell not in refused.value.reason


def test_an_office_telephone_may_be_shared_but_never_public() -> None:
    assert read_value(PLACE, "物业 0571-87654321") == "物业 0571-87654321"
    for public in (BUILT, FLOORS, USE, DAY, POSTCODE):
        with pytest.raises(InvalidValue) as refused:
            read_value(public, "0571-87654321")
        assert refused.value.rule == "personal_number"


def test_a_value_is_shown_with_its_unit_and_not_at_all_once_its_field_forbids_it() -> None:
    assert show_value(FLOORS, 6) == "6层"
    assert show_value(USE, "住宅") == "住宅"
    assert show_value(USE, "仓库") == ""
    assert show_value(BUILT, "") == ""


@pytest.mark.parametrize(
    ("text", "digits", "letters", "length"),
    [
        ("[0-9]{6}", 6, 0, 6),
        (r"XF-\d{4}", 4, 2, 7),
        ("[A-Z]{1,2}[0-9]{3}/7", 4, 2, 7),
    ],
)
def test_what_a_pattern_can_hold_is_known(
    text: str, digits: int, letters: int, length: int
) -> None:
    read = read_pattern(text)
    assert (read.digits, read.letters, read.length) == (digits, letters, length)


@pytest.mark.parametrize(
    "text",
    ["", "[0-9]+", "[0-9]*", ".", "(a|b)", "[一-龥]{2}", "张三", "[0-9]{0}", "[0-9]{99}", "a"],
)
def test_other_expressions_are_no_patterns(text: str) -> None:
    with pytest.raises(InvalidPattern):
        read_pattern(text)


def test_who_sees_a_field() -> None:
    public, client = FieldReader(), FieldReader(frozenset({FieldClass.REGISTER}))
    officer = FieldReader(roles=frozenset({"officer"}))
    grid_worker = FieldReader(roles=frozenset({"grid_worker"}))
    seen = {
        name: [one.name for one in (BUILT, BOX, PLACE) if reader.sees(one)]
        for name, reader in (
            ("public", public),
            ("client", client),
            ("officer", officer),
            ("grid worker", grid_worker),
        )
    }
    assert seen == {
        "public": ["built_in"],
        "client": ["built_in", "place"],
        "officer": ["built_in", "box", "place"],
        "grid worker": ["built_in", "place"],
    }


def test_fields_are_kept_whole_and_their_schema_says_what_they_take() -> None:
    for definition in (FACTS, KEY_BOX):
        assert fields_from_plain(fields_to_plain(definition.fields)) == definition.fields
    schema = make_schema(FACTS.name, (*FACTS.fields, DAY, POSTCODE, PLACE))
    properties = schema["properties"]
    assert isinstance(properties, dict)
    assert properties["floors"] == {
        "title": "层数",
        "type": "integer",
        "minimum": 1,
        "maximum": 120,
    }
    assert properties["main_use"]["enum"] == list(USE.words)
    assert properties["postcode"]["pattern"] == "^[0-9]{6,6}$"
    assert schema["additionalProperties"] is False


def test_a_change_of_anything_changes_what_was_agreed_to() -> None:
    digests = {
        FACTS.digest,
        DatasetDefinition(FACTS.name, FACTS.owner, fields=FACTS.fields).digest,
        DatasetDefinition(FACTS.name, FACTS.owner, fields=FACTS.fields[:2]).digest,
        DatasetDefinition(FACTS.name, FACTS.owner, fields=FACTS.fields, retention_days=9).digest,
    }
    assert len(digests) == 4

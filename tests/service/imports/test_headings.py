import pytest

from service.core.errors import BadRequest
from service.core.sheets import IGNORED_COLUMNS
from service.imports.headings import FIELDS, ColumnUnknown, find_field, map_headings


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("地址", "text"), ("标准地址", "text"), ("Address", "text"), ("standard_text", "text"),
        ("省份", "province"), ("Province", "province"), ("区县", "county"),
        ("乡镇街道", "township"),
        ("社区/村", "community"), ("街路巷", "thoroughfare"), ("门牌号", "number"),
        ("幢", "building"),
        ("房号", "room"), ("经度", "lon"), ("经度(°)", "lon"), ("LNG", "lon"), ("x", "lon"),
        ("纬度（CGCS2000）", "lat"), ("地址编码", "code"), ("source_id", "source_id"),
        ("Source ID", "source_id"), ("编号", "source_id"), (" 地 址 ", "text"), ("ＬＯＮ", "lon"),
        ("户主", None), ("户名", None), ("电话", None), ("", None), ("单位名称", None),
        ("原门牌号", None), ("备注", "remark"), ("序号", "serial"),
    ],
)  # fmt: skip
def test_headings_are_known_in_chinese_and_english(heading: str, field: str | None) -> None:
    assert find_field(heading) == field


@pytest.mark.parametrize(
    "heading",
    [
        *("*街路巷", "街路巷*", "街路巷：", "★街路巷", "2街路巷", "①街路巷", "3、街路巷"),
        *("（必填）街路巷", "街路巷（小区）名称", "所在道路", "所属街路巷", "ＲＯＡＤ name"),
    ],
)
def test_the_marks_of_a_form_are_no_part_of_a_heading(heading: str) -> None:
    assert find_field(heading) == "thoroughfare"


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("residential_quarters", "estate"), ("room_floor", "floor"), ("town", "township"),
        ("grid", "grid"), ("县（市、区）", "county"), ("镇（街道）", "township"),
        ("村（社区）", "community"), ("社区村", "community"), ("百度经度", "lon"),
        ("地址编码(省厅)", "code"), ("楼幢", "building"),
    ],
)  # fmt: skip
def test_headings_of_other_systems_are_known(heading: str, field: str) -> None:
    assert find_field(heading) == field


@pytest.mark.parametrize("field", FIELDS)
def test_the_name_of_every_field_is_a_heading_of_it(field: str) -> None:
    assert find_field(field) == field


def test_unknown_columns_are_named_and_those_of_an_errors_file_are_not() -> None:
    columns = map_headings(["地址", "备注", "column C", *IGNORED_COLUMNS])
    assert columns.by_field == {"text": "地址", "remark": "备注"}
    assert columns.unknown == ("备注", "column C")


def test_what_the_officer_says_wins_and_the_loser_is_left_out() -> None:
    columns = map_headings(["门址描述", "地址", "a=b", "经度"], ["门址描述=text", "a=b=lat"])
    assert columns.by_field == {"text": "门址描述", "lat": "a=b", "lon": "经度"}
    assert columns.unknown == ("地址",)


def test_columns_can_be_left_out_by_name() -> None:
    columns = map_headings(["地址", "经度", "x", "y"], ["x=ignore", "经度=ignore", "y=ignore"])
    assert columns.by_field == {"text": "地址"}
    assert columns.unknown == ()


@pytest.mark.parametrize(
    ("headings", "overrides", "said", "hint"),
    [
        (["地址"], ["text"], "列名=字段", "--map"),
        (["地址"], ["=text"], "列名=字段", "--map"),
        (["地址"], ["地址=adress"], "adress", "thoroughfare"),
        (["地址"], ["门址=text"], "门址", "地址"),
        (["地址", "标准地址"], [], "标准地址", "标准地址=ignore"),
        (["a", "b"], ["a=text", "b=text"], "text", "b=ignore"),
        (["备注", "电话"], [], "备注、电话", "列名=text"),
        (["省", "市", "经度", "纬度"], [], "没有一列是地址", "列名=text"),
        (["地址", "经度"], [], "lat", "=lat"),
        (["地址", "y"], [], "lon", "y=ignore"),
    ],
)
def test_columns_that_make_no_list_are_refused_with_the_hint(
    headings: list[str], overrides: list[str], said: str, hint: str
) -> None:
    with pytest.raises(ColumnUnknown) as caught:
        map_headings(headings, overrides)
    assert isinstance(caught.value, BadRequest)
    assert said in caught.value.detail
    assert hint in caught.value.hint

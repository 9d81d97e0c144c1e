import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.gazetteer import load_gazetteer
from address_model.parsing import Parse, parse
from address_model.rendering import standard_text

GAZETTEER = load_gazetteer()


def read(text: str) -> Parse:
    return parse(text, GAZETTEER)


def levels(text: str) -> list[tuple[str, str]]:
    return [(e.level, e.text) for e in read(text).elements]


def test_a_clean_standard_text_is_read_level_by_level() -> None:
    text = "浙江省杭州市西湖区翠苑街道文三路138号东方通信大厦3幢2单元501室"
    assert levels(text) == [
        ("province", "浙江省"),
        ("city", "杭州市"),
        ("county", "西湖区"),
        ("township", "翠苑街道"),
        ("thoroughfare", "文三路"),
        ("number", "138号"),
        ("estate", "东方通信大厦"),
        ("building", "3幢"),
        ("unit", "2单元"),
        ("room", "501室"),
    ]
    parsed = read(text)
    assert (parsed.verdict, parsed.division, parsed.county) == ("OK", "330106005000", "330106")


@pytest.mark.parametrize(
    "text",
    [
        "浙江省杭州市上城区清波街道清河坊社区河坊街12-1号",
        "浙江省宁波市慈溪市白沙路街道三北大街700号",
        "浙江省宁波市鄞州区宁穿路临47-1号",
        "浙江省金华市义乌市福田街道荷叶塘小区12栋3单元402室",
        "浙江省宁波市余姚市梁弄镇湖东村3组15号",
    ],
)
def test_a_standard_text_is_rendered_again_from_its_elements(text: str) -> None:
    (plate,) = read(text).plates
    assert standard_text(plate) == text


def test_missing_upper_levels_are_filled_from_the_gazetteer() -> None:
    (plate,) = read("鄞州区横溪人民路１３６号").plates
    assert (plate.province, plate.city, plate.township) == ("浙江省", "宁波市", "横溪镇")


def test_an_abolished_county_leads_to_its_successor() -> None:
    parsed = read("江东区宁穿路47号")
    assert parsed.county == "330212"
    assert "江东区2016年并入鄞州区" in parsed.reasons


def test_spans_point_into_the_raw_text() -> None:
    text = "浙江省\u200b 杭州市　西湖区文三路一百三十八号"
    for element in read(text).elements:
        assert text[element.start : element.end] == element.text
    assert ("number", "一百三十八号") in levels(text)


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    read(text)


@given(
    st.lists(
        st.sampled_from("浙江省杭州市余区路街弄号幢单元室镇村临附甲之-、至1230一二十百( )原旁"),
        max_size=60,
    )
)
def test_no_text_of_address_words_raises(pieces: list[str]) -> None:
    text = "".join(pieces)
    for element in read(text).elements:
        assert text[element.start : element.end] == element.text

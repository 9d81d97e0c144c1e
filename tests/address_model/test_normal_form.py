import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.normal_form import normalise, read_numeral


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("鄞州区横溪人民路１３６号", "鄞州区横溪人民路136号"),
        (
            "臺北市大安區敦煌里17鄰仁愛路四段臨230號十四樓",
            "台北市大安区敦煌里17邻仁爱路四段临230号14楼",
        ),
        ("文三路　1O1号 3 201", "文三路101号3 201"),
        ("十一号路五号二〇三室", "十一号路5号203室"),
        ("德清县乾元镇", "德清县乾元镇"),
        ("一百二十三号", "123号"),
        ("文\u200b三路\u2014１号", "文三路-1号"),
    ],
)
def test_one_form_for_many_writings(raw: str, normal: str) -> None:
    assert normalise(raw).text == normal


@pytest.mark.parametrize(
    ("numeral", "digits"),
    [
        ("十", "10"),
        ("二十", "20"),
        ("廿三", "23"),
        ("一百零八", "108"),
        ("二〇三", "203"),
        ("百", None),
    ],
)
def test_numerals_are_read(numeral: str, digits: str | None) -> None:
    assert read_numeral(numeral) == digits


@given(st.text() | st.text(alphabet="一二三十百零〇号楼室幢弄 １1OoIl(-)㎡①"))
def test_normalising_twice_changes_nothing_more(raw: str) -> None:
    once = normalise(raw).text
    assert normalise(once).text == once


@given(st.text() | st.text(alphabet="一二三十百零〇号楼室幢弄 １1OoIl(-)㎡①"))
def test_every_character_has_a_place_in_the_raw_text(raw: str) -> None:
    normal = normalise(raw)
    spans = [normal.raw_span(i, i + 1) for i in range(len(normal.text))]
    assert all(0 <= start < end <= len(raw) for start, end in spans)
    assert spans == sorted(spans)

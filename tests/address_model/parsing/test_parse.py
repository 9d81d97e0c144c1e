from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.elements import standard_text
from address_model.gazetteer import load_gazetteer
from address_model.parsing import Parse, parse

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


@pytest.mark.parametrize(
    ("text", "road", "lanes"),
    [
        ("义乌市稠州西路81巷132号", "稠州西路", ["81巷"]),
        ("杭州市上城区长安东路一段115巷32号", "长安东路一段", ["115巷"]),
        ("杭州市上城区河坊街12巷3弄5号", "河坊街", ["12巷", "3弄"]),
        ("杭州市上城区3巷8号", "3巷", []),
    ],
)
def test_a_numbered_lane_belongs_to_the_road_before_it(
    text: str, road: str, lanes: list[str]
) -> None:
    (plate,) = read(text).plates
    assert (plate.thoroughfare, [str(lane) for lane in plate.lanes]) == (road, lanes)


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


def assert_sound(text: str) -> None:
    elements = read(text).elements
    assert all(text[e.start : e.end] == e.text != "" for e in elements)
    assert all(one.end <= other.start for one, other in pairwise(elements))


@given(st.text(max_size=300))
def test_no_text_raises_and_no_spans_overlap(text: str) -> None:
    assert_sound(text)


@pytest.mark.parametrize(
    "text",
    [
        "⒟12号㈱3幢",
        "崇寿镇内(慈溪市崇寿镇内)",
        "乐清(浙江省慈溪市宗汉街道开关厂内)",
        "s-n-",
    ],
)
def test_signs_of_several_characters_and_brackets_keep_spans_apart(text: str) -> None:
    assert_sound(text)


WORDS = "浙江省杭州市余区路街弄号幢单元室镇村临附甲之--、至1230一二十百( )原旁与和#abAB"


@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_no_text_of_address_words_raises_and_no_spans_overlap(pieces: list[str]) -> None:
    assert_sound("".join(pieces))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("宁海县一市镇东岙村12号", ("township", "一市镇")),
        ("余姚市梁弄镇湖东村3号", ("township", "梁弄镇")),
        ("慈溪市白沙路街道白沙路88号", ("township", "白沙路街道")),
        ("杭州富阳区东洲街道十一号路5号第2幢", ("thoroughfare", "十一号路")),
        ("宁波市鄞州区鄞县大道1112号", ("thoroughfare", "鄞县大道")),
        ("宁波市海曙区重庆路12号", ("thoroughfare", "重庆路")),
        ("绍兴市袍江四季街12号", ("thoroughfare", "四季街")),
        ("瑞安市塘下镇上金村104国道12号", ("thoroughfare", "104国道")),
        ("瑞安市塘下镇104国道1938公里处", ("milepost", "1938公里处")),
        ("宁波市江北区环城北路207弄3支弄19号", ("lane", "3支弄")),
        ("象山县丹东街道丹峰小区45幢中一梯201室", ("unit", "中一梯")),
        ("西湖区文三路与学院路交叉口向东50米", ("locator", "与学院路")),
        ("杭州市拱墅区大关苑路19号1-3层(原门牌号码:大关西三苑五幢)", ("number", "19号")),
        ("石柱县临海路12号", ("thoroughfare", "临海路")),
    ],
)
def test_names_that_contain_level_words_keep_their_level(
    text: str, expected: tuple[str, str]
) -> None:
    assert expected in levels(text)


@pytest.mark.parametrize(
    ("clause", "numbers"),
    [
        ("12号", ["12号"]),
        ("临47-1号", ["临47-1号"]),
        ("12甲号", ["12甲号"]),
        ("933号-3号", ["933-3号"]),
        ("3号之13号", ["3号之十三"]),
        ("12号之1", ["12号之一"]),
        ("32号之一", ["32号之一"]),
        ("32之一号", ["32号之一"]),
        ("32之1", ["32号之一"]),
        ("94附1号", ["94号附1"]),
        ("94号附一", ["94号附1"]),
        ("12号甲", ["12甲号"]),
        ("12号-3", ["12-3号"]),
        ("12号附3号", ["12号附3"]),
        ("12号附1、附2号", ["12号附1", "12号附2"]),
        ("12号之一、之二", ["12号之一", "12号之二"]),
        ("11-12号", ["11号", "12号"]),
        ("附17-18号", ["附17号", "附18号"]),
        ("3、5、7号", ["3号", "5号", "7号"]),
        ("416. 418. 420号", ["416号", "418号", "420号"]),
        ("206-212号(连续双号)", ["206号", "208号", "210号", "212号"]),
        ("117号、117-1号、119号", ["117号", "117-1号", "119号"]),
    ],
)
def test_every_suffix_and_every_list_gives_its_plates(clause: str, numbers: list[str]) -> None:
    parsed = read(f"萧山区北干街道金城路{clause}")
    assert [str(plate.number) for plate in parsed.plates] == numbers
    assert parsed.verdict == ("OK" if len(numbers) == 1 else "LIST")
    assert bool(parsed.reasons) == (len(numbers) > 1)


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("3-201", ("3幢", "", "", "201室")),
        ("47-6-746", ("47幢", "6单元", "", "746室")),
        ("3幢2-501", ("3幢", "2单元", "", "501室")),
        ("12栋3单元402", ("12栋", "3单元", "", "402室")),
        ("5号楼负二层12号", ("5号楼", "", "-2层", "12号")),
        ("A座10楼1001室", ("A座", "", "10楼", "1001室")),
        ("九区三楼七十二号", ("", "", "3楼", "72号")),
    ],
)
def test_numbers_behind_an_estate_find_their_levels(
    tail: str, expected: tuple[str, str, str, str]
) -> None:
    (plate,) = read(f"义乌市福田街道荷叶塘小区{tail}").plates
    found = (plate.building, plate.unit, plate.floor, plate.room)
    assert tuple(str(value or "") for value in found) == expected


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("西湖区文三路138号", "OK"),
        ("西湖区文三路138号对面", "NOPLATE"),
        ("西湖区文三路138号左侧", "NOPLATE"),
        ("西湖区文三路138号与学院路交叉口", "NOPLATE"),
        ("西湖区文三路与学院路交叉口138号", "AMBIG"),
        ("西湖区文三路138号门口", "OK"),
        ("西湖区文三路138号大门口", "OK"),
        ("西湖区文三路138号3幢门口", "OK"),
        ("西湖区文三路门口", "NOPLATE"),
        ("慈溪市掌起镇329国道旁", "NOPLATE"),
        ("余姚市梁弄镇湖东村无门牌", "NOPLATE"),
        ("文三路138号", "AMBIG"),
        ("西湖区文三路138号之一二单元", "AMBIG"),
        ("文成县百丈漈镇下石庄村十八公里", "AMBIG"),
        ("", "NOPLATE"),
    ],
)
def test_the_verdict_says_what_may_get_a_plate(text: str, verdict: str) -> None:
    assert read(text).verdict == verdict


@pytest.mark.parametrize(
    ("text", "county"),
    [
        ("江干区九堡镇九乔路12号", "330102"),
        ("江干区下沙街道学林街1号", "330114"),
        ("余杭区临平街道邱山大街12号", "330113"),
        ("富阳市桂花路25号", "330111"),
        ("鄞县横溪镇人民路1号", "330212"),
        ("绍兴县柯桥街道1号", "330603"),
        ("景宁县大均乡大均村12号", "331127"),
        ("金华市义务市江东街道1号", "330782"),
        ("椒江区台州市市府大道1号", "331002"),
        ("德清经济开发区长虹街1号", "330521"),
    ],
)
def test_former_short_and_misspelt_counties_lead_to_the_county_of_today(
    text: str, county: str
) -> None:
    assert read(text).county == county


def test_a_county_that_was_divided_stays_open_until_the_township_decides() -> None:
    assert read("江干区新塘路1号").county == ""
    assert read("江干区新塘路1号").division == "330100000000"


def test_explaining_names_each_rule_and_its_effect() -> None:
    steps = parse("鄞州区横溪人民路三号", GAZETTEER, explain=True).steps
    assert [step.rule for step in steps] == ["numerals", "divisions", "thoroughfares", "tails"]
    assert steps[1].effect == "county 鄞州区, township 横溪"


def test_the_longest_text_is_answered_and_a_person_must_look() -> None:
    parsed = read("浙江省杭州市西湖区文三路1号" * 200)
    assert parsed.verdict == "AMBIG"
    assert parsed.elements[-1].level == "other"

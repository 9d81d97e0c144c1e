"""What is remembered of the division names in front of texts must change no reading."""

import random

import pytest

from address_model.gazetteer import load_gazetteer
from address_model.parsing import Parse, parse_anew
from address_model.parsing.rules import division_heads
from address_model.parsing.rules.division_heads import heads_of

GAZETTEER = load_gazetteer()

FRONTS = (
    "浙江省", "浙江", "浙江省杭州市", "杭州市", "杭州", "杭州市余杭区", "余杭区", "余杭",
    "杭州余杭", "余杭区余杭街道", "杭州市江干区", "江干区", "富阳市", "鄞县", "宁波市鄞县",
    "鄞州区横溪镇", "天台县", "台州市天台县", "绍兴市", "绍兴市越城区", "慈溪市龙山镇",
    "余杭区崇贤镇", "温州市瓯海", "温州市瓯海梧田", "重庆", "重庆市渝北区", "椒江区台州市",
    "杭州市杭州市", "义务市", "城区街道", "江北区", "中国浙江省", "宁波", "西湖区", "昆明市官渡区",
    "云南省昆明市", "昆明市", "浙江省金华市", "金华市",
)  # fmt: skip
ENDS = (
    "", "大道1号", "路1号", "街道1号", "人民路2号", "人民医院", "中医院", "第一医院", "大厦3楼",
    "中医院路7弄1号",
    "市", "区", "县", "镇", "镇东村5号", "街道东村5号", "乡", "村5号", "城区环城街道3号",
    "城关镇1号", "经济开发区2号", "大道东路8号", "大学", "山东路7号", "中山路162号", "余杭区1号",
    "杭州市1号", "西湖区文三路138号", "横溪镇1号", "临平街道", "市民广场1号", ",1号",
    "义务市稠城街道", "新区5号", "甲镇乙路3号", "天台", "龙山",
    "义务市江滨路1号", ",余杭区1号", "科创德清经济开发区2号", "浦东新区世纪大道1号",
)  # fmt: skip
TEXTS = [front + end for front in FRONTS for end in ENDS]


def read_afresh(text: str) -> Parse:
    heads_of.cache_clear()
    return parse_anew(text, GAZETTEER)


@pytest.fixture(scope="module")
def afresh() -> dict[str, Parse]:
    return {text: read_afresh(text) for text in TEXTS}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_reading_depends_on_what_was_read_before(seed: int, afresh: dict[str, Parse]) -> None:
    heads_of.cache_clear()
    texts = TEXTS * 2
    random.Random(seed).shuffle(texts)
    assert [text for text in texts if parse_anew(text, GAZETTEER) != afresh[text]] == []


def test_a_text_that_begins_like_another_is_read_by_its_head() -> None:
    read_afresh("杭州市西湖区北山街道1号")
    head = heads_of(GAZETTEER).find("杭州市西湖区北山街道曙光路2号")
    assert [claim.level for claim in head.claims] == ["city", "county", "township"]
    assert head.is_all_of("杭州市西湖区北山街道曙光路2号", GAZETTEER)


def test_a_head_does_not_stand_where_a_road_or_a_longer_name_takes_it() -> None:
    heads_of.cache_clear()
    for text in ("鄞县1号", "温州市瓯海1号"):
        parse_anew(text, GAZETTEER)
    heads = heads_of(GAZETTEER)
    assert heads.find("鄞县2号").claims
    assert not heads.find("鄞县大道2号").claims
    assert heads.find("温州市瓯海2号").claims
    assert not heads.find("温州市瓯海区2号").claims


def test_too_many_heads_are_forgotten(
    monkeypatch: pytest.MonkeyPatch, afresh: dict[str, Parse]
) -> None:
    monkeypatch.setattr(division_heads, "MOST_HEADS", 3)
    heads_of.cache_clear()
    assert [text for text in TEXTS if parse_anew(text, GAZETTEER) != afresh[text]] == []


def test_the_forms_at_a_place_are_those_found_in_the_whole_text() -> None:
    for text in TEXTS:
        found = GAZETTEER.find_forms(text)
        at_each = {at: GAZETTEER.find_forms_at(text, at) for at in range(len(text))}
        assert {at: ends for at, ends in at_each.items() if ends} == found


@pytest.mark.parametrize(
    ("text", "county", "street"),
    [
        ("浙江省宁波市江北区中医院路7弄1号", "330205", "中医院路"),
        ("杭州市西湖区中医院东路7号", "330106", "中医院东路"),
        ("杭州市西湖区中医院7号", "", ""),
    ],
)
def test_a_hospital_takes_a_county_as_its_name_but_its_road_does_not(
    text: str, county: str, street: str
) -> None:
    found = parse_anew(text, GAZETTEER)
    assert (found.county, found.plates[0].thoroughfare) == (county, street)

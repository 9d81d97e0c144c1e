from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.elements import Elements, Numbered
from address_model.pinyin import romanise_address, spell_address, spell_name

CITY: dict[str, Any] = {
    "province": "浙江省",
    "city": "杭州市",
    "county": "上城区",
    "township": "清波街道",
}


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("河坊街", "Hefang Jie"),
        ("诸葛村", "Zhugecun"),
        ("西安路", "Xi'an Lu"),
        ("台州市", "Taizhou Shi"),
        ("乐清市", "Yueqing Shi"),
        ("景宁畲族自治县", "Jingning Shezu Zizhixian"),
        ("上城区", "Shangcheng Qu"),
        ("清河坊社区", "Qinghefang Shequ"),
        ("大道", "Dadao"),
        ("示例弄", "Shili Long"),
    ],
)
def test_a_name_is_spelled_by_the_rules(name: str, spelled: str) -> None:
    assert spell_name(name) == spelled


ADDRESSES = [
    (
        Elements(**CITY, thoroughfare="河坊街", number=Numbered("88", "号")),
        "Zhejiang Sheng Hangzhou Shi Shangcheng Qu Qingbo Jiedao Hefang Jie 88 Hao",
        "No. 88 Hefang Jie, Qingbo Jiedao, Shangcheng Qu, Hangzhou, Zhejiang",
    ),
    (
        Elements(
            **CITY,
            estate="示例花园",
            building=Numbered("3", "幢"),
            unit=Numbered("2", "单元"),
            room=Numbered("501", "室"),
        ),
        "Zhejiang Sheng Hangzhou Shi Shangcheng Qu Qingbo Jiedao Shili Huayuan 3 Zhuang 2 Danyuan "
        "501 Shi",
        "Room 501, Unit 2, Building 3, Shili Huayuan, Qingbo Jiedao, Shangcheng Qu, Hangzhou, "
        "Zhejiang",
    ),
    (
        Elements(
            thoroughfare="河坊街",
            lanes=(Numbered("3", "弄"),),
            number=Numbered("47", "号", prefix="临", suffix="1"),
        ),
        "Hefang Jie 3 Long Lin 47-1 Hao",
        "No. Lin 47-1, 3 Long, Hefang Jie",
    ),
    (
        Elements(thoroughfare="河坊街", number=Numbered("86", "号", suffix="之一")),
        "Hefang Jie 86 Hao Zhi Yi",
        "No. 86 Zhi Yi Hefang Jie",
    ),
    (
        Elements(natural_village="河阳村", group=Numbered("2", "组"), number=Numbered("7", "号")),
        "Heyangcun 2 Zu 7 Hao",
        "No. 7, 2 Zu, Heyangcun",
    ),
    (
        Elements(
            thoroughfare="文三路",
            number=Numbered("138", "号"),
            estate="东方大厦",
            floor=Numbered("-2", "层"),
        ),
        "Wensan Lu 138 Hao Dongfangdasha -2 Ceng",
        "Floor -2, Dongfangdasha, No. 138 Wensan Lu",
    ),
    (
        Elements(parent_place="西郊路", thoroughfare="后河巷", number=Numbered("20", "号")),
        "Xijiao Lu Houhe Xiang 20 Hao",
        "No. 20 Houhe Xiang, Xijiao Lu",
    ),
    (Elements(), "", ""),
]


@pytest.mark.parametrize(("elements", "spelled", "romanised"), ADDRESSES)
def test_an_address_is_written_in_both_orders(
    elements: Elements, spelled: str, romanised: str
) -> None:
    assert spell_address(elements) == spelled
    assert romanise_address(elements) == romanised


NAMES = st.text(alphabet="河坊街诸葛村西安路新一之附弄幢台州区", max_size=6)
NUMBERS = st.builds(
    Numbered,
    st.integers(-9, 9999).map(str),
    st.sampled_from(("号", "幢", "弄", "室", "")),
    st.sampled_from(("", "临", "附")),
    st.sampled_from(("", "之一", "附1", "甲", "1")),
)


@given(NAMES, NAMES, NAMES, st.none() | NUMBERS, st.lists(NUMBERS, max_size=2).map(tuple))
def test_no_chinese_character_is_left(
    street: str, estate: str, village: str, number: Numbered | None, lanes: tuple[Numbered, ...]
) -> None:
    elements = Elements(
        thoroughfare=street, estate=estate, natural_village=village, number=number, lanes=lanes
    )
    for text in (spell_address(elements), romanise_address(elements)):
        assert text.isascii()
        assert text == " ".join(text.split())

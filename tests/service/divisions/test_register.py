"""The divisions in memory: found by code, by names, and after renamings and mergers."""

import pytest

from address_model.division_decisions import DivisionDecision
from address_model.elements import Elements
from service.divisions.register import DivisionRegister, DivisionRow

_LISTED = (
    (1, "330000000000", 1, "浙江省", None),
    (2, "330100000000", 2, "杭州市", 1),
    (3, "330200000000", 2, "宁波市", 1),
    (4, "330102000000", 3, "上城区", 2),
    (5, "330106000000", 3, "西湖区", 2),
    (6, "330206000000", 3, "西湖区", 3),
    (7, "330102001000", 4, "清波街道", 4),
    (8, "330102002000", 4, "湖滨街道", 4),
    (9, "330102001051", 5, "清波门社区", 7),
)
ROWS = [
    DivisionRow(id_, code, "nbs", "2023", level, name, "", parent, "")
    for id_, code, level, name, parent in _LISTED
]
RENAMED = DivisionDecision("330102001000", "清波街道", "330102001000", "清波门街道", 2026)
MERGED = DivisionDecision("330102001000", "清波街道", "330102002000", "湖滨街道", 2026)


def id_of(found: DivisionRow | None) -> int | None:
    return found.id if found else None


def named(
    register: DivisionRegister,
    *,
    city: str = "",
    county: str = "",
    township: str = "",
    community: str = "",
) -> int | str:
    elements = Elements(city=city, county=county, township=township, community=community)
    found = register.find_by_names(elements)
    return found if isinstance(found, str) else found.id


def test_a_path_goes_from_the_province_down() -> None:
    register = DivisionRegister(ROWS)
    assert [row.id for row in register.path(9)] == [1, 2, 4, 7, 9]
    assert register.names(7) == {
        "province": "浙江省", "city": "杭州市", "county": "上城区", "township": "清波街道",
    }  # fmt: skip
    assert [id_of(register.county_of(id_)) for id_ in (9, 4, 2)] == [4, 4, None]


def test_names_lead_to_the_deepest_division() -> None:
    register = DivisionRegister(ROWS)
    assert named(register, county="上城区") == 4
    assert named(register, county="上城区", township="清波街道") == 7
    assert named(register, county="上城区", township="清波街道", community="清波门社区") == 9
    assert named(register, county="上城区", township="清波街道", community="清波门") == 9


def test_an_unlisted_community_stands_for_its_township() -> None:
    register = DivisionRegister(ROWS)
    assert named(register, county="上城区", township="湖滨街道", community="新社区") == 8


@pytest.mark.parametrize(
    ("names", "level"),
    [
        ({}, "county"),
        ({"county": "下城区"}, "county"),
        ({"county": "上城区", "city": "宁波市"}, "county"),
        ({"county": "上城区", "township": "北山街道"}, "township"),
        ({"county": "西湖区"}, "county"),
    ],
)
def test_a_name_that_leads_nowhere_tells_its_level(names: dict[str, str], level: str) -> None:
    assert named(DivisionRegister(ROWS), **names) == level


def test_counties_of_one_name_are_told_apart_by_their_city() -> None:
    register = DivisionRegister(ROWS)
    assert named(register, county="西湖区", city="杭州市") == 5
    assert named(register, county="西湖区", city="宁波市") == 6


def test_a_child_is_found_only_below_its_parent() -> None:
    register = DivisionRegister(ROWS)
    assert id_of(register.find_child(4, "清波街道")) == 7
    assert register.find_child(5, "清波街道") is None


def test_another_county_at_the_beginning_of_a_text_is_noticed() -> None:
    register = DivisionRegister(ROWS)
    own = register.by_id[4]
    assert register.names_county("西湖区文三路", own)
    assert not register.names_county("上城区河坊街", own)
    assert not register.names_county("河坊街", own)


def test_a_code_leads_to_its_division() -> None:
    register = DivisionRegister(ROWS)
    assert id_of(register.find("330102001000")) == 7
    assert register.find("339999000000") is None


def test_a_renamed_division_is_found_by_either_name() -> None:
    rows = [row if row.id != 7 else DivisionRow(
        7, row.code, "nbs", "2023", 4, "清波门街道", "", 4, ""
    ) for row in ROWS]  # fmt: skip
    register = DivisionRegister(rows, [RENAMED])
    for township in ("清波街道", "清波门街道"):
        assert named(register, county="上城区", township=township) == 7
    assert id_of(register.find("330102001000")) == 7


def test_a_merged_division_and_its_children_lead_to_the_other_one() -> None:
    register = DivisionRegister(ROWS, [MERGED])
    assert id_of(register.find("330102001000")) == 8
    assert id_of(register.find("330102001051")) == 8
    assert named(register, county="上城区", township="清波街道") == 8
    assert named(register, county="上城区", township="清波街道", community="清波门社区") == 8
    assert register.by_id[7].name == "清波街道"

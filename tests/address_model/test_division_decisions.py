import pytest

from address_model.division_decisions import DivisionDecision, final_code, level_of_code
from address_model.gazetteer import Gazetteer, load_gazetteer
from address_model.parsing import parse

RENAMED = DivisionDecision("330102001000", "清波街道", "330102001000", "示例山街道", 2026)
MERGED = DivisionDecision("330102003000", "湖滨街道", "330102001000", "示例山街道", 2026)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer((RENAMED, MERGED))


@pytest.mark.parametrize("name", ["示例山街道", "清波街道", "湖滨街道"])
def test_a_new_name_and_all_former_ones_are_read_as_the_division_of_today(
    gazetteer: Gazetteer, name: str
) -> None:
    reading = parse(f"杭州市上城区{name}河坊街88号", gazetteer)
    assert reading.division == "330102001000"
    assert reading.plates[0].township == "示例山街道"
    assert str(reading.plates[0].number) == "88号"


def test_what_lay_in_a_merged_township_lies_in_the_other(gazetteer: Gazetteer) -> None:
    inside = [d for d in gazetteer.divisions.values() if d.code.startswith("330102003")]
    assert inside
    assert {d.parent.code for d in inside if d.parent} == {"330102001000"}


def test_a_community_is_read_by_its_former_name() -> None:
    named = load_gazetteer().divisions["330102001051"]
    renamed = DivisionDecision(named.code, named.name, named.code, "示例门社区", 2026)
    gazetteer = load_gazetteer((renamed,))
    for name in (named.name, "示例门社区"):
        reading = parse(f"杭州市上城区清波街道{name}8号", gazetteer)
        assert (reading.division, reading.plates[0].community) == (named.code, "示例门社区")


def test_a_decision_about_a_division_that_no_list_has_hinders_nobody() -> None:
    elsewhere = DivisionDecision("330102999000", "示例镇", "330102999000", "示例新镇", 2026)
    gazetteer = load_gazetteer((elsewhere, RENAMED))
    assert "330102999000" not in gazetteer.divisions
    assert parse("杭州市上城区清波街道河坊街88号", gazetteer).division == "330102001000"


def test_the_gazetteers_of_earlier_decisions_are_let_go() -> None:
    for number in range(9):
        load_gazetteer((RENAMED._replace(new_name=f"示例{number}街道"),))
    assert load_gazetteer.cache_info().currsize < 9


def test_mergers_are_followed_to_their_end() -> None:
    again = DivisionDecision("330102001000", "清波街道", "330102004000", "小营街道", 2027)
    assert final_code("330102003000", (MERGED, again)) == "330102004000"
    assert final_code("330102004000", (MERGED, again)) == "330102004000"


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("330000000000", "province"),
        ("330100000000", "city"),
        ("330102000000", "county"),
        ("330102001000", "township"),
        ("330102001051", "community"),
    ],
)
def test_the_level_of_a_division_is_read_from_its_code(code: str, level: str) -> None:
    assert level_of_code(code) == level

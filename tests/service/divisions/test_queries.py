"""Divisions are found by code, by name in every spelling, by parent and by level."""

import pytest
from sqlalchemy.orm import Session

from address_model.tables import Division
from service.core.errors import Conflict, DivisionNotFound
from service.divisions import queries
from service.divisions.commands import load_boundaries
from tests.factories import make_place

SQUARE = '{"type": "Polygon", "coordinates": [[[120, 30], [121, 30], [121, 31], [120, 30]]]}'


@pytest.fixture
def divisions(session: Session) -> Session:
    make_place(session)
    return session


def add(
    session: Session, code: str, name: str, *, edition: str = "2023", system: str = "nbs"
) -> None:
    session.add(Division(code=code, code_system=system, edition=edition, level=3, name=name))
    session.flush()


def names(session: Session, **wanted: object) -> list[str]:
    return [row.name for row in queries.list_divisions(session, **wanted)]  # type: ignore[arg-type]


@pytest.mark.parametrize("code", ["330102", "330102000000"])
def test_a_division_is_found_by_its_code_or_its_beginning(divisions: Session, code: str) -> None:
    assert queries.get_division(divisions, code).name == "上城区"


def test_the_newest_edition_of_a_code_counts(divisions: Session) -> None:
    add(divisions, "330102000000", "新上城区", edition="2024")
    add(divisions, "330102000000", "旧上城区", edition="2020")
    assert queries.get_division(divisions, "330102").name == "新上城区"
    assert queries.find_names(divisions, ["330102000000", "339999000000"]) == {
        "330102000000": "新上城区"
    }


def test_code_systems_are_kept_apart(divisions: Session) -> None:
    add(divisions, "330109000000", "萧山区", system="mca")
    assert queries.get_division(divisions, "330109", "mca").name == "萧山区"
    with pytest.raises(DivisionNotFound, match="330109"):
        queries.get_division(divisions, "330109")
    with pytest.raises(DivisionNotFound):
        queries.get_division(divisions, "330102", "mca")


def test_divisions_are_listed_by_name_parent_and_level_in_order_of_code(
    divisions: Session,
) -> None:
    assert names(divisions, level=3) == ["上城区", "西湖区"]
    assert names(divisions, parent="3301") == ["上城区", "西湖区"]
    assert names(divisions, parent="330102") == ["清波街道"]
    assert names(divisions, name="清波") == ["清波街道", "清波门社区"]
    assert names(divisions, name="清波", level=5) == ["清波门社区"]
    assert names(divisions, name="波") == []


def test_a_page_goes_on_behind_the_last_code(divisions: Session) -> None:
    first = queries.list_divisions(divisions, limit=3)
    rest = queries.list_divisions(divisions, after=first[-1].code)
    assert [row.code for row in (*first, *rest)] == sorted(
        row.code for row in queries.list_divisions(divisions)
    )
    assert len(first) == 3
    assert len(rest) == 4


def test_a_name_with_signs_of_a_pattern_is_only_a_name(divisions: Session) -> None:
    assert names(divisions, name=".*") == []
    assert names(divisions, name="(") == []


@pytest.mark.parametrize("written", ["上城区", " 上城区 ", "330102", "330102000000"])
def test_a_person_names_a_division_by_code_or_name(divisions: Session, written: str) -> None:
    assert queries.get_division_by_text(divisions, written).code == "330102000000"


@pytest.mark.parametrize("written", ["上城", "", "下城区", "339999", "上城区."])
def test_a_text_that_is_no_division_is_not_found(divisions: Session, written: str) -> None:
    with pytest.raises(DivisionNotFound):
        queries.get_division_by_text(divisions, written)


def test_a_name_of_several_divisions_needs_the_code(divisions: Session) -> None:
    add(divisions, "330206000000", "西湖区")
    with pytest.raises(Conflict) as refused:
        queries.get_division_by_text(divisions, "西湖区")
    assert "330106000000" in refused.value.detail
    assert "330206000000" in refused.value.detail


def test_ancestors_come_from_the_province_down(divisions: Session) -> None:
    community = queries.get_division(divisions, "330102001051")
    found = [row.name for row in queries.list_ancestors(divisions, community)]
    assert found == ["浙江省", "杭州市", "上城区", "清波街道"]
    province = queries.get_division(divisions, "33")
    assert queries.list_ancestors(divisions, province) == []


def test_a_boundary_is_stored_once_and_replaced_when_it_differs(divisions: Session) -> None:
    before = dict(queries.list_county_boundaries(divisions))
    assert set(before) == {"330102", "330106"}
    assert load_boundaries(divisions, [("330102", SQUARE), ("339999", SQUARE)]) == 1
    assert load_boundaries(divisions, [("330102", SQUARE)]) == 0
    after = dict(queries.list_county_boundaries(divisions))
    assert after["330102"] != before["330102"]
    assert after["330106"] == before["330106"]

import pytest
from sqlalchemy.orm import Session

from address_model.same_names import Likeness
from service.core.errors import DivisionNotFound
from service.naming.queries import list_confusable
from tests.factories.doors import enter


def test_row_10_a_street_that_sounds_like_another_in_its_built_up_area_is_flagged(
    catalogue: Session,
) -> None:
    enter(catalogue, "330106002", county="西湖区", thoroughfare="示例东路")
    enter(catalogue, "330212110", county="鄞州区", thoroughfare="示丽东路")
    found = list_confusable(catalogue, "示例东路", "street", "330102")
    assert [(one.likeness, one.name, one.division[:6]) for one in found] == [
        (Likeness.SAME_NAME, "示例东路", "330106")
    ]
    found = list_confusable(catalogue, "是利东路", "street", "330102001000")
    assert [(one.likeness, one.name, one.division[:6]) for one in found] == [
        (Likeness.SAME_SOUND, "示例东路", "330106")
    ]
    assert list_confusable(catalogue, "示例东路", "street", "330683") == []


def test_row_10_former_names_and_place_names_of_the_register_count_too(
    catalogue: Session,
) -> None:
    known = {one.known_as for one in list_confusable(catalogue, "河坊街", "street", "330102")}
    assert "place name ZJH-0087" in known
    former = list_confusable(catalogue, "清河坊", "street", "330102")
    assert [one.known_as for one in former] == ["former name of ZJH-0087"]


def test_row_10_townships_are_compared_within_the_province_and_villages_within_the_county(
    catalogue: Session,
) -> None:
    found = list_confusable(catalogue, "西星街道", "township", "331002")
    assert ("西兴街道", Likeness.SAME_SOUND) in [(one.name, one.likeness) for one in found]
    assert list_confusable(catalogue, "芙蓉村", "village", "330102") == []
    found = list_confusable(catalogue, "芙蓉村", "village", "330324")
    assert ("division", "330324108207") in [(one.known_as, one.division[:12]) for one in found]


def test_an_unknown_division_is_said_so(catalogue: Session) -> None:
    with pytest.raises(DivisionNotFound):
        list_confusable(catalogue, "河坊街", "street", "999999")

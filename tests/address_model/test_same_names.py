import pytest

from address_model.same_names import Likeness, compare_names, scope_of


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("河坊街", "河坊街", Likeness.SAME_NAME),
        ("河坊街", "合坊街", Likeness.SAME_SOUND),
        ("新华路", "兴华路", None),
        ("河坊街", "河坊路", None),
        ("吴山路", "武山路", Likeness.SAME_SOUND),
    ],
)
def test_names_are_alike_by_characters_or_by_sound(
    one: str, other: str, likeness: Likeness | None
) -> None:
    assert compare_names(one, other) is likeness


def test_each_kind_must_be_the_only_one_within_its_own_scope() -> None:
    code = "330106001001"
    assert scope_of("county", code) == ""
    assert scope_of("township", code) == "33"
    assert scope_of("village", code) == "330106"
    assert scope_of("natural_village", code) == "330106001"
    assert scope_of("street", code) == "330106"
    assert scope_of("street", code, is_district=True) == "3301"

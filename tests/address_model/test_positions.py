import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.coordinates import Point
from address_model.positions import (
    GRADES,
    KINDS,
    Accuracy,
    Position,
    PositionKind,
    counting_position,
    find_accuracy,
    find_kind,
    main_entrance,
)

HERE = Point(120.16, 30.24)
positions = st.builds(
    Position,
    st.sampled_from(PositionKind),
    st.just(HERE),
    st.sampled_from(Accuracy),
    st.sampled_from(["", "东门", "西门", "A口"]),
)


@given(st.lists(positions, max_size=6).map(tuple))
def test_the_main_entrance_is_an_entrance_and_none_is_better(found: tuple[Position, ...]) -> None:
    main = main_entrance(found)
    entrances = [one for one in found if one.kind is PositionKind.ENTRANCE]
    if main is None:
        assert entrances == []
        return
    assert main in entrances
    for other in entrances:
        assert not (main.label and not other.label)
        if bool(other.label) is bool(main.label):
            assert main.accuracy.rank <= other.accuracy.rank


def test_the_entrance_counts_before_the_own_point() -> None:
    own = Position(PositionKind.CENTRE, HERE)
    entrance = Position(PositionKind.ENTRANCE, HERE, Accuracy.ESTIMATED)
    assert counting_position(own, entrance) is entrance
    assert counting_position(own, None) is own
    assert counting_position(None, entrance) is entrance
    assert counting_position(None, None) is None


def test_every_kind_is_found_by_each_of_its_words_and_no_word_means_two() -> None:
    words = [
        (word, row.kind) for row in KINDS for word in (row.kind, row.name, row.name_en, *row.words)
    ]
    assert [find_kind(word) for word, _ in words] == [kind for _, kind in words]
    assert {row.kind for row in KINDS} == set(PositionKind)
    assert len({word for word, _ in words}) == len(words) or len(dict(words)) == len(set(words))
    assert find_kind(" 入口 ") is PositionKind.ENTRANCE
    assert find_kind("Fire Access") is PositionKind.FIRE_ACCESS
    assert find_kind("屋顶") is None


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("", Accuracy.UNKNOWN),
        ("a", Accuracy.SURVEYED),
        ("B", Accuracy.MAPPED),
        ("手机定位", Accuracy.HANDHELD),
        ("0.3", Accuracy.SURVEYED),
        ("2.5米", Accuracy.MAPPED),
        ("2.6 ", Accuracy.HANDHELD),
        ("50m", Accuracy.ESTIMATED),
        ("51", Accuracy.UNKNOWN),
        ("E", None),
        ("约3米左右", None),
        ("-3", None),
    ],
)
def test_an_accuracy_is_a_letter_a_name_or_metres(text: str, grade: Accuracy | None) -> None:
    assert find_accuracy(text) is grade


@given(st.floats(0, 60, allow_nan=False).map(lambda metres: round(metres, 3)))
def test_the_grade_of_metres_never_promises_less_than_they_are(metres: float) -> None:
    grade = find_accuracy(f"{metres:g}") if "e" not in f"{metres:g}" else Accuracy.SURVEYED
    assert grade is not None
    allowed = grade.metres
    assert allowed is None or metres <= allowed
    better = [one for one in GRADES if one.rank < grade.rank]
    assert all((one.metres or 0) < metres for one in better)

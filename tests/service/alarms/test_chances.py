import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.alarms.chances import chance_of_fewer, chance_of_more, shape_of

MEANS = st.floats(0.01, 500)
SHAPES = st.floats(0.2, 200)


@given(st.integers(1, 400), MEANS, SHAPES)
def test_more_and_fewer_are_all_there_is(seen: int, expected: float, shape: float) -> None:
    more, fewer = chance_of_more(seen, expected, shape), chance_of_fewer(seen - 1, expected, shape)
    assert more + fewer == pytest.approx(1, abs=1e-6)


@given(st.integers(0, 300), MEANS, SHAPES)
def test_more_scans_are_less_likely(seen: int, expected: float, shape: float) -> None:
    one_more = chance_of_more(seen + 1, expected, shape)
    assert one_more <= chance_of_more(seen, expected, shape) + 1e-9


def test_a_large_shape_is_a_poisson_count() -> None:
    assert chance_of_more(10, 3.0, 1e7) == pytest.approx(0.0011025, rel=1e-3)
    assert chance_of_fewer(0, 5.0, 1e7) == pytest.approx(0.0067379, rel=1e-3)


def test_a_short_history_and_few_days_leave_more_to_luck() -> None:
    assert shape_of(10, 3) < shape_of(1000, 3) < shape_of(1000, 12)
    assert chance_of_more(60, 24, shape_of(10, 3)) > chance_of_more(60, 24, shape_of(1000, 3))

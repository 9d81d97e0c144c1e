import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.util import lost_point

from qr.masks import penalties, to_bytes, to_words


@settings(max_examples=40, deadline=None)
@given(
    size=st.sampled_from([21, 25, 29, 33, 61]),
    seed=st.integers(0, 2**32 - 1),
    dark=st.floats(0.05, 0.95),
)
def test_the_score_is_that_of_qrcode(size: int, seed: int, dark: float) -> None:
    modules = np.random.default_rng(seed).random((size, size)) < dark
    score = penalties(to_words(modules), to_words(np.ascontiguousarray(modules.T)), size)
    assert score == lost_point(modules.tolist())


@pytest.mark.parametrize("dark", [False, True])
def test_a_plain_square_has_the_highest_score(dark: bool) -> None:
    modules = np.full((29, 29), dark)
    words = to_words(modules)
    assert penalties(words, words, 29) == lost_point(modules.tolist()) > 3000


def test_words_hold_the_bytes_of_a_symbol() -> None:
    modules = np.random.default_rng(1).random((33, 33)) < 0.5
    assert (to_bytes(to_words(modules), 33) == np.packbits(modules, axis=1)).all()

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from qr.symbol import Symbol, make_symbol
from qr.tracing import trace_symbol


def symbol_of(modules: np.ndarray) -> Symbol:
    return Symbol(1, "H", 0, len(modules), np.packbits(modules, axis=1).tobytes())


def filled(polygons: list[list[tuple[int, int]]], size: int) -> np.ndarray:
    crossings = np.zeros((size, size), int)
    for polygon in polygons:
        for (x1, y1), (x2, y2) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
            if x1 == x2:
                crossings[min(y1, y2) : max(y1, y2), x1:] += 1 if y2 < y1 else -1
    return crossings


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), size=st.integers(1, 12))
def test_the_lines_enclose_exactly_the_dark_modules(seed: int, size: int) -> None:
    modules = np.random.default_rng(seed).random((size, size)) < 0.5
    assert (filled(trace_symbol(symbol_of(modules)), size) == modules).all()


def test_a_ring_has_an_outer_line_and_one_for_its_hole() -> None:
    modules = np.ones((3, 3), bool)
    modules[1, 1] = False
    outer, hole = trace_symbol(symbol_of(modules))
    assert sorted(outer) == [(0, 0), (0, 3), (3, 0), (3, 3)]
    assert sorted(hole) == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_modules_that_touch_at_a_corner_are_parted() -> None:
    assert len(trace_symbol(symbol_of(np.eye(4, dtype=bool)))) == 4


def test_no_point_stands_on_a_straight_line() -> None:
    for polygon in trace_symbol(make_symbol("https://MENPAI.CN/K7QX3M9T2B")):
        before = [polygon[-1], *polygon[:-1]]
        after = [*polygon[1:], polygon[0]]
        for a, b, c in zip(before, polygon, after, strict=True):
            assert (a[0] == b[0]) != (b[0] == c[0])

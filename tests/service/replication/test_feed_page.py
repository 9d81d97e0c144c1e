"""What is missing from a page of changes, and how it becomes whole."""

import pytest

from service.replication.register_server import FeedChange, FeedPage


def page(*positions: int, count: int, following: int) -> FeedPage:
    changes = tuple(FeedChange(one, "address", str(one)) for one in positions)
    return FeedPage(changes, count, following)


@pytest.mark.parametrize(
    ("came", "gaps"),
    [
        ((5, 6, 7, 8), []),
        ((6, 7, 8), [(5, 5)]),
        ((5, 8), [(6, 7)]),
        ((5, 6), [(7, 8)]),
        ((), [(5, 8)]),
        ((6, 8), [(5, 5), (7, 7)]),
    ],
)
def test_a_gap_is_told_by_its_positions(came: tuple[int, ...], gaps: list[tuple[int, int]]) -> None:
    assert page(*came, count=4, following=8).list_gaps(4) == gaps


def test_of_a_division_the_number_tells() -> None:
    assert page(7, 20, count=2, following=30).list_gaps(4) == []
    assert page(7, count=2, following=30).list_gaps(4) == [(5, 30)]
    assert page(count=0, following=30).list_gaps(4) == []


def test_what_comes_when_it_is_asked_for_again_makes_it_whole() -> None:
    whole = page(5, 8, count=4, following=8).joined(page(5, 6, 7, count=4, following=8))
    assert whole.list_gaps(4) == []
    assert [one.position for one in whole.changes] == [5, 6, 7, 8]

"""No reader of public figures works out a count under ten, by whatever they add and subtract.

Two proofs. An attacker who combines published figures linearly, over all months, finds no hidden
count and no change of a stock. And what is hidden has no influence: other counts in its place give
the same figures, so that no attacker of any kind can tell them apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from address_model.public_figures import (
    LEAST,
    Figure,
    Subject,
    add_shown,
    percent_of,
    publish_reports,
    publish_scans,
    publish_stocks,
    show_kinds,
    show_stock,
)

COUNTIES = ("330102", "330106", "330109")
DAYS = 4
KINDS = ("broken", "wrong", "phone", "other")
SMALL = st.one_of(st.integers(0, 12), st.integers(0, 60))
Month = Mapping[str, Sequence[int]]

scans = st.fixed_dictionaries({c: st.lists(SMALL, min_size=DAYS, max_size=DAYS) for c in COUNTIES})
reports = st.fixed_dictionaries(
    {c: st.fixed_dictionaries(dict.fromkeys(KINDS, SMALL)) for c in COUNTIES}
)


def told(figures: Iterable[Figure]) -> dict[tuple[Subject, str, str], int]:
    return {(f.subject, f.county, f.item): f.value for f in figures if f.value is not None}


def cells_of(month: int, figure: tuple[Subject, str, str], known: set[str]) -> set[object]:
    """The single counts (county, day) of which a published figure of scans is the sum."""
    subject, county, item = figure
    days = [int(item) - 1] if subject is Subject.SCANS_BY_DAY else range(DAYS)
    return {(month, one, day) for one in ([county] if county else known) for day in days}


def is_known(target: set[object], published: Sequence[set[object]]) -> bool:
    """Whether some combination of published sums is the sum of the cells of ``target``."""
    if not published:
        return False
    cells = sorted({cell for one in [*published, target] for cell in one}, key=repr)
    place = {cell: at for at, cell in enumerate(cells)}
    matrix = np.zeros((len(published) + 1, len(cells)))
    for row, one in enumerate([*published, target]):
        for cell in one:
            matrix[row, place[cell]] = 1
    return bool(np.linalg.matrix_rank(matrix) == np.linalg.matrix_rank(matrix[:-1]))


@given(st.lists(scans, min_size=1, max_size=3))
def test_no_sum_or_difference_of_figures_of_scans_is_a_small_count(stream: list[Month]) -> None:
    """Of days, of counties, of the register; with the totals that pages show, month after month."""
    published: list[set[object]] = []
    for month, counts in enumerate(stream):
        figures = told(publish_scans(counts))
        published += [cells_of(month, figure, set()) for figure in figures]
        shown = {county for subject, county, _ in figures if subject is Subject.SCANS}
        published.append(cells_of(month, (Subject.SCANS, "", ""), shown))
    for month, counts in enumerate(stream):
        for county, days in counts.items():
            whole: set[object] = {(month, county, day) for day in range(DAYS)}
            if 0 < sum(days) < LEAST:
                assert not is_known(whole, published)
            for day, count in enumerate(days):
                if 0 < count < LEAST:
                    assert not is_known({(month, county, day)}, published)


@given(scans, st.data())
def test_hidden_scans_have_no_influence_on_any_figure(counts: Month, data: st.DataObject) -> None:
    figures = told(publish_scans(counts))
    other = {}
    for county, days in counts.items():
        if sum(days) < LEAST:  # anything else that is hidden
            other[county] = [0] * DAYS
            other[county][data.draw(st.integers(0, DAYS - 1))] = data.draw(st.integers(0, 9))
        elif min(days) < LEAST:  # the same scans on other days, one of them small
            other[county] = [sum(days) - (few := data.draw(st.integers(0, 9))), few, 0, 0]
        else:
            other[county] = list(days)
    assert told(publish_scans(other)) == figures
    assert add_shown(figures.values()) == add_shown(told(publish_scans(other)).values())


@given(st.lists(st.integers(0, 200), min_size=2, max_size=6), st.data())
def test_no_change_of_a_stock_is_known_exactly(stocks: list[int], data: st.DataObject) -> None:
    """Whoever compares two months cannot tell any change from the nine beside it."""
    others = [n - n % 10 + data.draw(st.integers(0, 9)) for n in stocks]
    assert [show_stock(n) for n in others] == [show_stock(n) for n in stocks]
    for before, after in pairwise(stocks):
        shown = (show_stock(after) or 0) - (show_stock(before) or 0)
        possible = {shown + up - down for up in range(10) for down in range(10)}
        assert after - before in possible
        assert len(possible) == 19


@given(st.fixed_dictionaries({c: st.integers(0, 300) for c in COUNTIES}), st.data())
def test_the_share_of_doors_tells_no_more_than_the_rounded_stocks(
    doors: dict[str, int], data: st.DataObject
) -> None:
    def shares(counts: dict[str, tuple[int, int]]) -> list[int | None]:
        stocks = {c: {Subject.DOORS: d, Subject.HUNG: h} for c, (d, h) in counts.items()}
        shown = told(publish_stocks(stocks))
        return [
            percent_of(shown.get((Subject.HUNG, c, "")), shown.get((Subject.DOORS, c, "")))
            for c in COUNTIES
        ]

    hung = {c: (n, data.draw(st.integers(0, n))) for c, n in doors.items()}
    rounded = {c: (d - d % 10, h - h % 10) for c, (d, h) in hung.items()}
    assert shares(hung) == shares(rounded)


@given(reports)
def test_kinds_of_reports_are_told_whole_and_never_small(
    counts: Mapping[str, Mapping[str, int]],
) -> None:
    figures = told(publish_reports(counts, "other"))
    assert all(value >= LEAST for value in figures.values())
    kinds = [v for (subject, _, _), v in figures.items() if subject is Subject.REPORTS_BY_KIND]
    if kinds:
        assert sum(kinds) == add_shown(
            v for (subject, _, _), v in figures.items() if subject is Subject.REPORTS
        )


@given(st.fixed_dictionaries(dict.fromkeys(KINDS, SMALL)), st.data())
def test_small_kinds_cannot_be_told_from_each_other(
    kinds: dict[str, int], data: st.DataObject
) -> None:
    shown = show_kinds(kinds, "other")
    if shown is None:
        return
    hidden = [kind for kind in kinds if kind not in shown]
    moved = dict(kinds)
    for kind in hidden:
        moved[kind] = data.draw(
            st.integers(
                0, min(9, shown["other"] - sum(moved[one] for one in hidden[: hidden.index(kind)]))
            )
        )
    moved["other"] = shown["other"] - sum(moved[kind] for kind in hidden)
    assert show_kinds(moved, "other") == shown


def test_the_attacker_finds_what_careless_figures_give_away() -> None:
    """A total of everything beside all but one of its parts gives that part away."""
    cells: list[set[object]] = [{("a", 0)}, {("b", 0)}]
    total: set[object] = {("a", 0), ("b", 0), ("c", 0)}
    assert is_known({("c", 0)}, [*cells, total])
    assert not is_known({("c", 0)}, [cells[0], total])
    assert is_known({("c", 0)}, [total, {("a", 0), ("b", 0)}])

"""Pages of a list and their cursors."""

from datetime import date
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import BadRequest
from service.core.paging import join_cursor, page_of, split_cursor

KEYS = st.lists(st.integers(0, 1000), unique=True, max_size=40).map(sorted)


@given(keys=KEYS, size=st.integers(1, 9))
def test_pages_give_every_row_once_and_none_is_empty(keys: list[int], size: int) -> None:
    seen: list[int] = []
    after: int | None = -1
    while after is not None:
        found = [(key,) for key in keys if key > after][: size + 1]
        rows, after = page_of(found, size, itemgetter(0))
        assert len(rows) == size or after is None
        assert rows or not keys
        seen += [row[0] for row in rows]
    assert seen == keys


@given(division=st.text("0123456789", max_size=12), due=st.dates(), number=st.integers(0))
def test_a_cursor_is_read_as_it_was_written(division: str, due: date, number: int) -> None:
    cursor = join_cursor(division, due, number)
    assert split_cursor(cursor, str, date.fromisoformat, int) == (division, due, number)


@pytest.mark.parametrize("text", ["x", "", "330102~2026-11-29", "330102~31.2.~7", "1~2026-11-29~x"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadRequest, match="is no cursor") as caught:
        split_cursor(text, str, date.fromisoformat, int)
    assert caught.value.hint == "start the list from the beginning"

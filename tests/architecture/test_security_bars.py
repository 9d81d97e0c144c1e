"""The table of bars in docs/security.md names tests that are there."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
PAGE = TESTS.parent / "docs" / "security.md"
ROW = re.compile(r"\| (\d+) \| (.+?) \| (met|small|no|—) \| (.+) \|")
NAMED = re.compile(r"`(?!tests/`|decisions/)([\w/.-]+(?:\.py|/))`")


def rows() -> list[tuple[int, str, str]]:
    """Number, state and last column of every bar."""
    found = (ROW.fullmatch(line) for line in PAGE.read_text("utf-8").splitlines())
    return [(int(row[1]), row[3], row[4]) for row in found if row]


def test_there_are_43_bars_in_their_order() -> None:
    assert [number for number, _, _ in rows()] == list(range(1, 44))


@pytest.mark.parametrize(("number", "state", "shown"), rows(), ids=lambda value: str(value)[:12])
def test_a_bar_names_what_shows_it_or_says_why_nothing_does(
    number: int, state: str, shown: str
) -> None:
    if state in ("met", "small"):
        assert NAMED.search(shown) or "make check" in shown or "tests`" in shown, number
    else:
        assert shown.strip(), number


@pytest.mark.parametrize("name", sorted(set(NAMED.findall(PAGE.read_text("utf-8")))))
def test_a_test_that_is_named_is_there(name: str) -> None:
    path = TESTS / name
    if name.endswith("/"):
        assert list(path.glob("**/test_*.py")), name
    else:
        assert "def test_" in path.read_text("utf-8"), name

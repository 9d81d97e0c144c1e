import time

from service.scans.hot.sending import Page
from service.scans.hot.shelf import MOST_PAGES, Kept, Shelf
from service.scans.outcomes import ScanOutcome
from service.scans.reader import PLAIN

PAGE = Page([], b"page", ScanOutcome.CURRENT)


def a_shelf(size=3):
    return Shelf(lambda: True, size)


def put(shelf, token, code="C"):
    now = time.monotonic()
    kept = Kept(token, code, "", "", now, now + 60, b"body")
    shelf.put(kept)
    return kept


def find(shelf, token):
    return shelf.find(token, time.monotonic())


def test_the_plate_that_was_not_asked_for_longest_leaves_first():
    shelf = a_shelf()
    for token in "ABC":
        put(shelf, token)
    find(shelf, "A")
    put(shelf, "D")
    assert [token for token in "ABCD" if find(shelf, token)] == ["A", "C", "D"]


def test_a_change_of_the_plate_or_of_its_address_is_heard_and_no_other():
    shelf = a_shelf()
    put(shelf, "A", "1"), put(shelf, "B", "2"), put(shelf, "C", "3")
    shelf.forget(["A", "2"])
    assert [token for token in "ABC" if find(shelf, token)] == ["C"]
    assert shelf.find_old("A") is not None


def test_what_was_read_after_a_change_holds():
    shelf = a_shelf()
    shelf.forget(["A"])
    put(shelf, "A")
    assert find(shelf, "A")


def test_what_was_read_before_a_change_and_put_after_it_does_not_hold():
    shelf = a_shelf()
    read_at = time.monotonic()
    shelf.forget(["A"])
    shelf.put(Kept("A", "1", "", "", read_at, read_at + 60, b"body"))
    assert find(shelf, "A") is None


def test_more_changes_than_are_remembered_make_everything_before_them_old():
    shelf = a_shelf()
    put(shelf, "A", "1"), put(shelf, "B", "2")
    shelf.forget(["A"])
    shelf.forget(map(str, range(100, 50_100)))
    put(shelf, "C", "3")
    assert [token for token in "ABC" if find(shelf, token)] == ["C"]


def test_only_the_pages_made_last_are_at_hand():
    shelf = a_shelf(size=MOST_PAGES + 10)
    held = [put(shelf, str(number)) for number in range(MOST_PAGES + 1)]
    for kept in held:
        shelf.hold(kept, PLAIN, PAGE)
    assert sum(bool(kept.pages) for kept in held) == MOST_PAGES
    assert not held[0].pages

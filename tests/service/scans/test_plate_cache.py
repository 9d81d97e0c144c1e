import time

from service.core.asgi import ResponseHead
from service.scans.card import ScanOutcome
from service.scans.hot.memory import MOST_PAGES, CacheEntry, PlateCache
from service.scans.hot.page import Page
from service.scans.reader import PLAIN

PAGE = Page(ResponseHead.of([]), (b"page",), ScanOutcome.CURRENT)


def a_cache(size: int = 3) -> PlateCache:
    return PlateCache(lambda: True, size)


def put(cache: PlateCache, token: str, code: str = "C") -> CacheEntry:
    now = time.monotonic()
    kept = CacheEntry(token, code, "", "", now, now + 60, b"body")
    cache.put(kept)
    return kept


def find(cache: PlateCache, token: str) -> CacheEntry | None:
    return cache.find(token, time.monotonic())


def test_the_plate_that_was_not_asked_for_longest_leaves_first() -> None:
    cache = a_cache()
    for token in "ABC":
        put(cache, token)
    find(cache, "A")
    put(cache, "D")
    assert [token for token in "ABCD" if find(cache, token)] == ["A", "C", "D"]


def test_a_change_of_the_plate_or_of_its_address_is_heard_and_no_other() -> None:
    cache = a_cache()
    put(cache, "A", "1"), put(cache, "B", "2"), put(cache, "C", "3")
    cache.forget(["A", "2"])
    assert [token for token in "ABC" if find(cache, token)] == ["C"]
    assert cache.find_old("A") is not None


def test_what_was_read_after_a_change_holds() -> None:
    cache = a_cache()
    cache.forget(["A"])
    put(cache, "A")
    assert find(cache, "A")


def test_what_was_read_before_a_change_and_put_after_it_does_not_hold() -> None:
    cache = a_cache()
    read_at = time.monotonic()
    cache.forget(["A"])
    cache.put(CacheEntry("A", "1", "", "", read_at, read_at + 60, b"body"))
    assert find(cache, "A") is None


def test_more_changes_than_are_remembered_make_everything_before_them_old() -> None:
    cache = a_cache()
    put(cache, "A", "1"), put(cache, "B", "2")
    cache.forget(["A"])
    cache.forget(map(str, range(100, 50_100)))
    put(cache, "C", "3")
    assert [token for token in "ABC" if find(cache, token)] == ["C"]


def test_only_the_pages_made_last_are_at_hand() -> None:
    cache = a_cache(size=MOST_PAGES + 10)
    held = [put(cache, str(number)) for number in range(MOST_PAGES + 1)]
    for kept in held:
        cache.hold(kept, PLAIN, PAGE)
    assert sum(bool(kept.pages) for kept in held) == MOST_PAGES
    assert not held[0].pages

from math import comb

import pytest

from benchmarks.wear.drawing import lay_out_plates, write_book
from qr.designs import get_design, list_designs
from qr.fonts import Fonts
from qr.proof import prove_book
from qr.wear import WEARS, Wear
from qr.worn_proof import CONFIDENCE, SHARE, find_limit, read_worn

HOSTS = ("x.exampl", "menp.example", "mp.hangzho.example", "mp.shangcheng.city.example")
assert [len(host) for host in HOSTS] == [8, 12, 18, 26]


@pytest.mark.parametrize("host", HOSTS, ids=len)
def test_plates_of_every_design_read_and_last(host: str, fonts: Fonts) -> None:
    unread, tried = [], 0
    for design in list_designs():
        plates = lay_out_plates(get_design(design), host, 4, fonts)
        data = write_book(plates, fonts)
        assert prove_book(data, plates).passed, design
        readings = read_worn(data, plates, every=2)
        tried += len(readings)
        unread += [(design, one.unread) for one in readings if one.unread]
    assert len(unread) < find_limit(tried), unread


@pytest.mark.drill
@pytest.mark.parametrize("host", HOSTS, ids=len)
@pytest.mark.parametrize("design", list_designs())
def test_six_hundred_plates_of_a_design_and_a_host_read_and_last(
    design: str, host: str, fonts: Fonts
) -> None:
    plates = lay_out_plates(get_design(design), host, 600, fonts)
    data = write_book(plates, fonts)
    assert prove_book(data, plates).passed
    readings = read_worn(data, plates, every=10)
    assert sum(bool(one.unread) for one in readings) < find_limit(len(readings))


def test_a_sample_says_after_what_a_symbol_was_not_read(
    fonts: Fonts, monkeypatch: pytest.MonkeyPatch
) -> None:
    plates = lay_out_plates(get_design("medium"), HOSTS[2], 5, fonts)
    data = write_book(plates, fonts)
    monkeypatch.setitem(WEARS, "blur", Wear(blur=3.0))
    readings = read_worn(data, plates, every=2)
    assert [one.plate_id for one in readings] == [p.content.plate_id for p in plates[::2]]
    assert {one.unread for one in readings} == {("blur",)}
    assert read_worn(data, plates, every=2) == readings


def test_the_limit_is_the_one_of_the_binomial_test() -> None:
    def tail(tried: int, count: int) -> float:
        """The chance of so many or more unread in a batch in which ``SHARE`` are."""
        below = range(count)
        return 1 - sum(comb(tried, k) * SHARE**k * (1 - SHARE) ** (tried - k) for k in below)

    for tried in (1, 2, 3, 12, 40, 200, 500):
        limit = find_limit(tried)
        assert tail(tried, limit) <= 1 - CONFIDENCE + 1e-9
        assert tail(tried, limit - 1) > 1 - CONFIDENCE
    assert [find_limit(n) for n in (1, 2, 3, 12, 40, 200)] == [2, 3, 3, 4, 7, 19]
    assert find_limit(4000) == 201

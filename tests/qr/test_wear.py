from benchmarks.wear.damage import share_read
from qr.wear import Damage


def test_worn_symbols_are_still_read() -> None:
    assert share_read(120, Damage()) >= 0.99


def test_wear_beyond_what_the_symbol_corrects_is_seen_by_the_measure() -> None:
    assert share_read(30, Damage(clear=0, spot=0.3)) < 0.5

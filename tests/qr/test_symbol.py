from typing import Any

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from qr.errors import PayloadTooLong
from qr.payload import make_payload
from qr.symbol import QUIET_ZONE, Level, Symbol, make_symbol, split_segments
from tests.qr.conftest import TOKENS

tokens = st.text(alphabet=TOKENS, min_size=10, max_size=10)


def read(symbol: Symbol) -> list[zxingcpp.Barcode]:
    light = np.pad(~symbol.modules(), QUIET_ZONE, constant_values=True)
    picture = np.kron(light, np.ones((3, 3))).astype(np.uint8) * 255
    return list(zxingcpp.read_barcodes(picture))


@settings(max_examples=40, deadline=None)
@given(token=tokens, level=st.sampled_from(["L", "M", "Q", "H"]))
def test_a_symbol_reads_as_its_payload_at_the_level_asked(token: str, level: Level) -> None:
    payload = make_payload("https://menpai.cn", token)
    symbol = make_symbol(payload, level)
    (found,) = read(symbol)
    assert (found.text, found.ec_level) == (payload, level)


@pytest.mark.parametrize(
    ("host", "level", "version"),
    [
        ("menpai.cn", "H", 3),
        ("a23456789.cn", "H", 3),
        ("a234567890.cn", "H", 4),
        ("a23456789012345678901.cn", "Q", 4),
        ("a2345678901234567890.cn", "Q", 3),
        ("a23456789012345678901234.cn", "H", 5),
        ("a2345678901234567890123.cn", "H", 4),
    ],
)
def test_the_smallest_version_is_taken(host: str, level: Level, version: int) -> None:
    symbol = make_symbol(make_payload(f"https://{host}", "0" * 10), level)
    assert (symbol.version, symbol.size) == (version, 17 + 4 * version)


def test_a_payload_splits_into_a_byte_head_and_an_alphanumeric_tail() -> None:
    assert split_segments("https://MENPAI.CN/K7") == [("https", 4), ("://MENPAI.CN/K7", 2)]
    assert split_segments("HTTPS://MENPAI.CN/K7") == [("HTTPS://MENPAI.CN/K7", 2)]
    assert split_segments("https://menpai.cn/K7") == [("https://menpai.cn", 4), ("/K7", 2)]
    assert split_segments("menpai") == [("menpai", 4)]


@settings(max_examples=20, deadline=None)
@given(token=tokens)
def test_the_mask_reported_is_the_one_drawn(token: str) -> None:
    symbol = make_symbol(make_payload("https://menpai.cn", token))
    extra: Any = read(symbol)[0].extra
    assert extra["DataMask"] == symbol.mask


def test_the_module_size_counts_the_quiet_zone() -> None:
    assert make_symbol("https://MENPAI.CN/K7QX3M9T2B").module_size(74.0) == 2.0


def test_a_payload_beyond_every_version_is_refused() -> None:
    with pytest.raises(PayloadTooLong, match="shorten the host"):
        make_symbol("https://" + "A" * 5000)

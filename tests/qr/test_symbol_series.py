import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from qr.payload import make_payload
from qr.symbol import QUIET_ZONE, Level, Symbol, make_symbol
from qr.symbol_series import find_series, make_symbols
from tests.qr.conftest import TOKENS

tokens = st.text(alphabet=TOKENS, min_size=10, max_size=10)
levels = st.sampled_from(["L", "M", "Q", "H"])
hosts = st.sampled_from(
    [
        "https://menpai.cn",
        "https://a234567890.cn",
        "https://mp.hangzhou.gov.cn",
        "https://a23456789012345678901234.cn",
        "http://192.168.1.5:8000",
    ]
)
cases = st.sampled_from(["scheme", "lower", "upper"])


def compiled(payload: str, symbol: Symbol) -> np.ndarray:
    made = zxingcpp.create_barcode(
        payload, zxingcpp.BarcodeFormat.QRCode, ec_level=symbol.level, data_mask=symbol.mask
    )
    picture = np.array(made.to_image(scale=1))
    dark: np.ndarray = picture[QUIET_ZONE:-QUIET_ZONE, QUIET_ZONE:-QUIET_ZONE] == 0
    return dark


@settings(max_examples=25, deadline=None)
@given(host=hosts, case=cases, level=levels, drawn=st.lists(tokens, min_size=1, max_size=3))
def test_tables_draw_the_modules_of_qrcode(
    host: str, case: str, level: Level, drawn: list[str]
) -> None:
    payloads = [make_payload(host, token, case) for token in drawn]  # type: ignore[arg-type]
    prefix = payloads[0][: payloads[0].rfind("/") + 1]
    series = find_series(prefix, len(payloads[0]), level)
    assert series is not None
    for payload, symbol in zip(payloads, series.encode(payloads), strict=True):
        assert symbol == make_symbol(payload, level)


# zxing-cpp chooses its segments itself: runs of digits would become a segment of their own.
@settings(max_examples=25, deadline=None)
@given(level=levels, token=st.text(alphabet=TOKENS[10:], min_size=10, max_size=10))
def test_a_compiled_encoder_draws_the_same_modules(level: Level, token: str) -> None:
    payload = make_payload("https://menpai.cn", token)
    symbol = make_symbol(payload, level)
    assert (compiled(payload, symbol) == symbol.modules()).all()


@pytest.mark.parametrize("mask", range(8))
def test_all_encoders_agree_for_every_mask(mask: int) -> None:
    payload = make_payload("https://menpai.cn", "K7QX3M9T2B")
    symbol = make_symbol(payload, "H", mask=mask)
    assert symbol.mask == mask
    assert (compiled(payload, symbol) == symbol.modules()).all()


def test_a_mixed_list_keeps_its_order_and_equals_one_by_one() -> None:
    series = [make_payload("https://menpai.cn", f"K7QX3M9T{i:02d}") for i in range(40)]
    payloads = [*series[:20], "https://OTHER.CN/1", *series[20:], "https://menpai.cn/lower"]
    assert make_symbols(payloads) == [make_symbol(payload) for payload in payloads]


def test_payloads_without_a_regular_token_have_no_tables() -> None:
    assert find_series("https://MENPAI.CN/", 18, "H") is None
    assert find_series("https://" + "A" * 250 + "/", 270, "H") is None


def test_a_lone_last_character_is_encoded() -> None:
    series = find_series("https://MENPAI.CN/", 27, "H")
    assert series is not None
    payloads = [f"https://MENPAI.CN/ABCDEFGH{last}" for last in "0Z$:"]
    assert series.encode(payloads) == [make_symbol(payload) for payload in payloads]

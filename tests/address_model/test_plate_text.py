"""What people type and paste off a plate, in every writing that is meant to lead to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.codes import InvalidCode, check_digits, format_code
from address_model.plate_text import PlateText, read_plate_text
from address_model.tokens import ALPHABET

TOKEN = "7K3M9QX201"  # noqa: S105 - opens nothing
CODE = "3301061234567833"
WIDE = str.maketrans(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ:/.",
    "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ：／．",
)
tokens = st.text(ALPHABET, min_size=10, max_size=10).filter(lambda token: not token.isdigit())
codes = st.integers(10**13, 10**14 - 1).map(lambda body: f"{body}{check_digits(str(body))}")
AROUND = (
    "{}", " {} ", "\n{}\n", "{}?v=elder", "{}/", "{}#top", "【门牌】{} 复制此链接，在浏览器打开",
    "看看这个：{}，是不是我家", "[链接]{}",
)  # fmt: skip
HOSTS = (
    "https://mp.hangzhou.gov.cn/", "HTTPS://MP.HANGZHOU.GOV.CN/", "http://127.0.0.1:8000/",
    "https://[::1]:8000/", "mp.hangzhou.gov.cn/", "https://ABCDEFGHJK/", "https://x.cn/report/",
)  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    [TOKEN, "7k3m9qx2o1", "7K3M9QX2OI", "7k3m9-qx2ol", " 7K3M9 QX201 ", TOKEN.translate(WIDE)],
)
def test_a_token_is_read_however_it_is_typed(typed: str) -> None:
    assert read_plate_text(typed) == PlateText(token=TOKEN)


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        format_code(CODE),
        format_code(CODE).translate(WIDE).replace(" ", "　"),
        "3301-0612-3456-7833",
        " 330106 12345678 33\n",
        f"地址编码：{format_code(CODE)}",
        f"https://mp.hangzhou.gov.cn/a/{CODE}?lang=en",
        f"mp.hangzhou.gov.cn/{CODE}",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_plate_text(typed) == PlateText(code=CODE)


@given(tokens, st.sampled_from(HOSTS), st.sampled_from(AROUND), st.booleans())
def test_a_scanned_address_is_read_with_what_is_pasted_around_it(
    token: str, host: str, around: str, is_lower: bool
) -> None:
    path = token.lower() if is_lower else token
    assert read_plate_text(around.format(host + path)) == PlateText(token=token)


@given(codes, st.sampled_from(HOSTS), st.sampled_from(AROUND))
def test_so_is_the_address_of_a_codes_page(code: str, host: str, around: str) -> None:
    assert read_plate_text(around.format(f"{host}a/{code}")) == PlateText(code=code)


@pytest.mark.parametrize(
    "typed",
    ["", "河坊街25号", "hello", "330106123456783", "13800138000", "https://mp.hangzhou.gov.cn/"],
)
def test_other_texts_mean_no_plate(typed: str) -> None:
    assert read_plate_text(typed) is None


@pytest.mark.parametrize(
    "typed", ["3301061234567834", "3301 0612 3456 8733", "x.cn/3301061234567834"]
)
def test_a_code_with_a_wrong_digit_is_told(typed: str) -> None:
    with pytest.raises(InvalidCode, match="mistyped"):
        read_plate_text(typed)


@given(st.text(max_size=400))
def test_no_text_is_too_much(text: str) -> None:
    try:
        meant = read_plate_text(text)
    except InvalidCode:
        return
    assert meant is None or (len(meant.token), len(meant.code)) in {(10, 0), (0, 16)}

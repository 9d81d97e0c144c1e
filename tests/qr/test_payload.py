import pytest

from qr.errors import PublicUrlRefused, TokenInvalid
from qr.payload import Case, make_payload

PRINTED = "K7QX3M9T2B"


@pytest.mark.parametrize(
    ("url", "case", "payload"),
    [
        ("https://menpai.cn", "scheme", "https://MENPAI.CN/K7QX3M9T2B"),
        ("https://Menpai.cn/", "lower", "https://menpai.cn/K7QX3M9T2B"),
        ("https://menpai.cn", "upper", "HTTPS://MENPAI.CN/K7QX3M9T2B"),
        ("HTTPS://menpai.cn:8443", "scheme", "https://MENPAI.CN:8443/K7QX3M9T2B"),
        ("https://menpai.cn:443", "scheme", "https://MENPAI.CN/K7QX3M9T2B"),
        ("http://192.168.1.5:8000", "scheme", "http://192.168.1.5:8000/K7QX3M9T2B"),
        ("http://localhost:8000", "scheme", "http://LOCALHOST:8000/K7QX3M9T2B"),
        ("http://[::1]:8000", "scheme", "http://[::1]:8000/K7QX3M9T2B"),
        ("http://register.lan", "scheme", "http://REGISTER.LAN/K7QX3M9T2B"),
    ],
)
def test_a_payload_is_host_and_token(url: str, case: Case, payload: str) -> None:
    assert make_payload(url, PRINTED, case) == payload


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("http://menpai.cn", "use https"),
        ("http://8.8.8.8", "use https"),
        ("https://menpai.cn/plates", "without path"),
        ("https://menpai.cn/?a=1", "without path"),
        ("https://user@menpai.cn", "without path"),
        ("https://门牌.cn", "xn--"),
        ("ftp://menpai.cn", "must look like"),
        ("menpai.cn", "must look like"),
        ("https://", "must look like"),
        ("https://menpai.cn:port", "Port"),
        ("", "must look like"),
    ],
)
def test_a_public_url_that_cannot_be_printed_is_refused_with_the_hint(url: str, hint: str) -> None:
    with pytest.raises(PublicUrlRefused, match=hint):
        make_payload(url, PRINTED)


@pytest.mark.parametrize("token", ["", "k7qx3m9t2b", "K7QX 3M9T", "../ADMIN", "K7?V=1"])
def test_a_token_with_other_characters_is_refused(token: str) -> None:
    with pytest.raises(TokenInvalid, match="upper-case"):
        make_payload("https://menpai.cn", token)

"""One-time codes: the vectors of RFC 4226 and RFC 6238, and none counts twice."""

import base64
from urllib.parse import parse_qs, urlsplit

import pytest

from service.auth.totp import (
    PERIOD_S,
    SECRET_BYTES,
    code_at,
    draw_secret,
    enrolment_url,
    find_step,
    plain_secret,
)

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("counter", "code"),
    [
        (0, "755224"),
        (1, "287082"),
        (2, "359152"),
        (3, "969429"),
        (4, "338314"),
        (5, "254676"),
        (6, "287922"),
        (7, "162583"),
        (8, "399871"),
        (9, "520489"),
    ],
)
def test_the_codes_of_rfc_4226_appendix_d(counter: int, code: str) -> None:
    assert code_at(SECRET, counter) == code


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_codes_of_rfc_6238_appendix_b(seconds: int, code: str) -> None:
    assert code_at(SECRET, seconds // PERIOD_S, digits=8) == code


@pytest.mark.parametrize(("late", "counts"), [(-2, 0), (-1, 1), (0, 1), (1, 1), (2, 0)])
def test_a_code_counts_one_step_before_and_after(late: int, counts: int) -> None:
    now, step = 1_800_000_000.0, 60_000_000
    found = find_step(SECRET, code_at(SECRET, step + late), now, 0)
    assert found == (step + late if counts else None)


def test_a_code_counts_once_and_none_before_it_any_more() -> None:
    now, step = 1_800_000_000.0, 60_000_000
    for used in (step, step + 1):
        assert find_step(SECRET, code_at(SECRET, step), now, used) is None
        assert find_step(SECRET, code_at(SECRET, step - 1), now, used) is None
    assert find_step(SECRET, code_at(SECRET, step + 1), now, step) == step + 1


@pytest.mark.parametrize("code", ["", "0", "１２３４５６", "not-a-code", "0" * 64])
def test_what_is_no_code_is_none(code: str) -> None:
    assert find_step(SECRET, code, 1_800_000_000.0, 0) is None


def test_a_secret_is_random_and_told_to_the_app_in_base32() -> None:
    secret = draw_secret()
    assert len(secret) == SECRET_BYTES
    assert secret != draw_secret()
    assert base64.b32decode(plain_secret(secret).replace(" ", "")) == secret
    url = urlsplit(enrolment_url(secret, "li.na", "某市 民政局"))
    assert (url.scheme, url.netloc) == ("otpauth", "totp")
    said = parse_qs(url.query)
    assert said["issuer"] == ["某市 民政局"]
    assert base64.b32decode(said["secret"][0]) == secret

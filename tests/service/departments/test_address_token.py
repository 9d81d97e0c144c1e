"""An address token is good as it was signed, for its program and five minutes, no other way."""

import base64
import json
import random
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from service.core.errors import MenpaiError
from service.core.signing_keys import KeyRing
from service.departments.address_requests.address_token import (
    KIND,
    LASTS,
    PURPOSE,
    TokenClaims,
    TokenExpired,
    TokenForged,
    sign_token,
    verify_token,
)

SECRET = "of the tests: neither long nor secret"  # noqa: S105 - of no service
KEYS = KeyRing.of((SECRET,), PURPOSE)
NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
CLAIMS = TokenClaims("Yq3hR0c8v1mK5tXn2pLs7A", 7, "s2Kq0w9nTz4yB6uVd1eFgA")
TOKEN = sign_token(CLAIMS, KEYS, NOW)
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def accepted(text: str) -> bool:
    try:
        verify_token(text, KEYS, NOW)
    except MenpaiError:
        return False
    return True


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_what_was_signed_is_read_and_names_no_address() -> None:
    assert verify_token(TOKEN, KEYS, NOW) == CLAIMS
    said = json.loads(base64.urlsafe_b64decode(TOKEN.split(".")[1] + "=="))
    assert set(said) == {"sub", "aud", "jti", "iat", "exp"}


def test_it_lasts_five_minutes_to_the_second() -> None:
    assert verify_token(TOKEN, KEYS, NOW + LASTS - timedelta(seconds=1)) == CLAIMS
    with pytest.raises(TokenExpired):
        verify_token(TOKEN, KEYS, NOW + LASTS)


def test_a_former_secret_still_verifies_and_a_foreign_one_does_not() -> None:
    changed = KeyRing.of(("the new one of the tests, as long", SECRET), PURPOSE)
    assert verify_token(TOKEN, changed, NOW) == CLAIMS
    for other in (
        KeyRing.of(("another secret of another house",), PURPOSE),
        KeyRing.of((SECRET,), "x"),
    ):
        with pytest.raises(TokenForged):
            verify_token(TOKEN, other, NOW)


def test_of_10000_mutated_tokens_none_is_accepted() -> None:
    drawn, tried = random.Random(20), 0
    while tried < 10_000:
        text = list(TOKEN)
        for _ in range(drawn.choice((1, 1, 1, 2, 5))):
            at = drawn.randrange(len(text))
            match drawn.randrange(5):
                case 0 | 1:
                    text[at] = drawn.choice(BASE64)
                case 2:
                    text[at] = drawn.choice(".=+/ \n\0é门")
                case 3:
                    text[at] = ""
                case _:
                    text[at] += drawn.choice(BASE64 + ".=")
        mutated = "".join(text)
        if mutated != TOKEN:
            assert not accepted(mutated), mutated
            tried += 1


def test_the_bits_that_base64_leaves_open_are_not_open_here() -> None:
    """The last character of 32 bytes holds two bits of nothing: four spellings, one is ours."""
    last = [TOKEN[:-1] + one for one in BASE64]
    assert [one for one in last if accepted(one)] == [TOKEN]
    assert not accepted(TOKEN + "=")
    assert not accepted(TOKEN.replace(".", ".\n", 1))


@pytest.mark.parametrize("algorithm", ["none", "None", "HS384", "HS512", "RS256"])
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_the_algorithm_is_not_the_token_s_to_choose(algorithm: str) -> None:
    header = part({"alg": algorithm, "kid": KEYS.current.id, "typ": KIND})
    _, body, signature = TOKEN.split(".")
    assert not accepted(f"{header}.{body}.{signature}")
    assert not accepted(f"{header}.{body}.")
    if algorithm.startswith("HS"):
        said = jwt.decode(TOKEN, options={"verify_signature": False})
        headers = {"kid": KEYS.current.id, "typ": KIND}
        assert not accepted(jwt.encode(said, KEYS.current.secret, algorithm, headers=headers))


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"kid": "../../../etc/passwd"},
        {"kid": None},
        {"jku": "https://evil.example/keys"},
        {"jwk": {"kty": "oct", "k": "AAAA"}},
        {"crit": ["exp"]},
    ],
)
def test_a_header_that_says_more_or_other_is_refused(header: dict[str, object]) -> None:
    said = jwt.decode(TOKEN, options={"verify_signature": False})
    headers = {"alg": "HS256", "kid": KEYS.current.id, "typ": KIND} | header
    body = f"{part(headers)}.{part(said)}"
    signature = base64.urlsafe_b64encode(KEYS.current.sign(body.encode())).decode().rstrip("=")
    assert not accepted(f"{body}.{signature}")


@pytest.mark.parametrize("missing", ["sub", "aud", "jti", "iat", "exp"])
def test_a_claim_that_is_missing_is_refused(missing: str) -> None:
    said = jwt.decode(TOKEN, options={"verify_signature": False})
    del said[missing]
    headers = {"kid": KEYS.current.id, "typ": KIND}
    assert not accepted(jwt.encode(said, KEYS.current.secret, "HS256", headers=headers))


@pytest.mark.parametrize("text", ["", ".", "..", "...", "a.b.c", "é", "x" * 5000, "null.null.null"])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(TokenForged):
        verify_token(text, KEYS, NOW)

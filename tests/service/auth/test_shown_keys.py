"""Which key the headers of a request show, wherever it is asked for."""

import pytest

from service.auth.keys import shown_key

BEARER, OWN = b"authorization", b"x-api-key"


@pytest.mark.parametrize(
    ("headers", "shown"),
    [
        ([], ""),
        ([(BEARER, b"Bearer mp_1")], "mp_1"),
        ([(BEARER, b"bearer  mp_1 ")], "mp_1"),
        ([(OWN, b"mp_2")], "mp_2"),
        ([(OWN, b"mp_2"), (BEARER, b"Bearer mp_1")], "mp_1"),
        ([(BEARER, b"Bearer "), (OWN, b"mp_2")], "mp_2"),
        ([(BEARER, b"Basic bXA="), (OWN, b"mp_2")], "mp_2"),
        ([(BEARER, b"Bearer mp_1"), (BEARER, b"Bearer mp_3")], "mp_1"),
    ],
)
def test_a_bearer_comes_before_a_header_of_its_own(
    headers: list[tuple[bytes, bytes]], shown: str
) -> None:
    assert shown_key(headers) == shown

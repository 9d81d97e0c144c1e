"""Tests of response heads."""

import pytest

from service.core.asgi import ResponseHead


def test_a_head_is_encoded_as_it_is_sent() -> None:
    head = ResponseHead.of_texts({"Vary": "Cookie"}).with_headers((b"etag", b'"1"'))
    assert head.headers == [(b"vary", b"Cookie"), (b"etag", b'"1"')]
    assert head.encoded == b'vary: Cookie\r\netag: "1"\r\n'


@pytest.mark.parametrize("fault", ["a\r\nSet-Cookie: b", "a\nb: c", "a\rb"])
def test_a_line_break_cannot_begin_another_header(fault: str) -> None:
    with pytest.raises(ValueError, match="line break"):
        ResponseHead.of_texts({"Location": fault})
    with pytest.raises(ValueError, match="line break"):
        ResponseHead.of([]).with_headers((fault.encode(), b"x"))


def test_two_heads_are_joined_in_their_order() -> None:
    first, second = ResponseHead.of_texts({"a": "1"}), ResponseHead.of_texts({"b": "2"})
    joined = first.joined(second)
    assert joined == ResponseHead.of([(b"a", b"1"), (b"b", b"2")])
    assert joined.without(b"a") == second

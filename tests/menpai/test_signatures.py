"""Signatures of webhooks: what was sent is taken, whatever was altered is not."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from menpai.client.signatures import WINDOW_S, sign_body, verify_signature
from tests.architecture.source_tree import ROOT

SECRET, BODY, AT = "mws_one", b'{"delivery":1,"changes":[]}', 1_790_000_000
HEADER = sign_body([SECRET], BODY, AT)
GUIDES = ("docs/webhooks.md", "docs/webhooks.en.md")
FIVE_THOUSAND = settings(max_examples=5000, deadline=None)


def test_what_was_sent_is_taken_by_either_secret_while_it_is_changed() -> None:
    header = sign_body([SECRET, "mws_former"], BODY, AT)
    assert verify_signature(SECRET, header, BODY, AT + 3)
    assert verify_signature("mws_former", header, BODY, AT + 3)
    assert not verify_signature("mws_third", header, BODY, AT + 3)


@pytest.mark.parametrize(
    ("now", "is_taken"),
    [
        (AT, True),
        (AT + WINDOW_S, True),
        (AT - WINDOW_S, True),
        (AT + WINDOW_S + 1, False),
        (AT - WINDOW_S - 1, False),
        (0, False),
    ],
)
def test_it_is_taken_within_the_window_only(now: int, is_taken: bool) -> None:
    assert verify_signature(SECRET, HEADER, BODY, now) is is_taken


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=1",
        f"t={AT}",
        f"t={AT},v1=",
        HEADER.upper(),
        f" {HEADER}",
        f"{HEADER} ",
        f"{HEADER}\n",
        HEADER.replace(",", ", "),
        HEADER.replace("v1=", "v0="),
        HEADER.replace("t=", "t=0"),
        HEADER.replace("t=", "t=+"),
        HEADER.replace(str(AT), str(AT).translate(str.maketrans("1", "１"))),
        f"v1={HEADER.rpartition('=')[2]},t={AT}",
        HEADER + (",v1=" + "0" * 64) * 4,
    ],
)
def test_a_header_has_one_form(header: str) -> None:
    assert not verify_signature(SECRET, header, BODY, AT)


@FIVE_THOUSAND
@given(
    place=st.integers(0, len(HEADER) - 1),
    put=st.text(st.characters(codec="utf-8"), max_size=3),
    taken=st.integers(0, 3),
)
def test_an_altered_header_is_not_taken(place: int, put: str, taken: int) -> None:
    altered = HEADER[:place] + put + HEADER[place + taken :]
    if altered != HEADER:
        assert not verify_signature(SECRET, altered, BODY, AT)


@FIVE_THOUSAND
@given(
    place=st.integers(0, len(BODY)),
    put=st.binary(max_size=3),
    taken=st.integers(0, 3),
)
def test_an_altered_body_is_not_taken(place: int, put: bytes, taken: int) -> None:
    altered = BODY[:place] + put + BODY[place + taken :]
    if altered != BODY:
        assert not verify_signature(SECRET, HEADER, altered, AT)


@settings(max_examples=1000, deadline=None)
@given(other=st.integers(0, 999_999_999_999), body=st.binary(max_size=40))
def test_a_signature_does_not_hold_at_another_time_or_for_another_body(
    other: int, body: bytes
) -> None:
    moved = HEADER.replace(str(AT), str(other))
    if other != AT:
        assert not verify_signature(SECRET, moved, BODY, other)
    if body != BODY:
        assert not verify_signature(SECRET, HEADER, body, AT)


@pytest.mark.parametrize("guide", GUIDES)
def test_the_receivers_of_the_guide_take_what_is_sent_and_nothing_else(guide: str) -> None:
    text = (ROOT / guide).read_text("utf-8")
    sources = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(sources) == 2  # with the client, and without
    for source in sources:
        known: dict[str, object] = {}
        exec(source, known)  # noqa: S102 - our own guide
        is_genuine = known["is_genuine"]
        assert callable(is_genuine)
        now = int(time.time())
        header = sign_body(["mws_former", SECRET], BODY, now)
        assert is_genuine(SECRET, header, BODY)
        assert not is_genuine("mws_other", header, BODY)
        assert not is_genuine(SECRET, header, BODY + b" ")
        assert not is_genuine(SECRET, header.replace(str(now), str(now + 1)), BODY)
        assert not is_genuine(SECRET, sign_body([SECRET], BODY, now - 400), BODY)

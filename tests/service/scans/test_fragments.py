import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.scans.hot.fragments import Fragments, Packer, typical_card
from service.scans.site import Site
from tests.factories.cards import SAMPLES, card_of

BODIES = Fragments(Site())


@given(st.binary(max_size=200), st.binary(max_size=9000))
def test_what_is_packed_is_unpacked_the_same(dictionary: bytes, body: bytes) -> None:
    packer = Packer(dictionary)
    assert packer.unpack(packer.pack(body)) == body


@pytest.mark.parametrize("sample", SAMPLES)
def test_any_other_page_takes_little_more_than_a_kilobyte(sample: str) -> None:
    packed = BODIES.cut(card_of(sample))
    assert packed is not None
    assert len(packed) < 1400


def test_the_typical_page_is_packed_into_next_to_nothing() -> None:
    packed = BODIES.cut(typical_card())
    assert packed is not None
    assert len(packed) < 120

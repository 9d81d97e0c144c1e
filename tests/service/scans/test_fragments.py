import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.address_kinds import kind_of
from service.scans.hot.fragments import Fragments, Offers, Packer
from service.scans.hot.typical_card import typical_card
from service.scans.queries.cards import Surroundings
from service.scans.site import Site
from service.service_items.links import CODE
from tests.factories.cards import SAMPLES, card_of, render_card
from tests.factories.services import NEARBY, OFFERED

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


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_filled_body_is_the_page_of_its_card(sample: str) -> None:
    """Whatever is offered, and whether anything is."""
    rows: dict[int, list[bytes]] = {}
    for services, nearby in ((OFFERED, NEARBY), (OFFERED, NEARBY), ((), ())):
        card = card_of(sample, division="330102000000", services=services, nearby=nearby)
        packed = BODIES.cut(card)
        assert packed is not None
        body = BODIES.unpack(packed)
        assert (body.division, body.kind) == (card.division, kind_of(card.elements))
        assert body.point == card.point
        about = Surroundings(card.community, card.grid, card.contacts)
        page = BODIES.fill(
            body,
            BODIES.filling(about),
            Offers(
                BODIES.nearby(nearby, rows),
                services=BODIES.services(services).replace(
                    CODE.encode(), card.code.digits.encode()
                ),
            ),
        )
        assert page.text.decode() == render_card(card, Site())

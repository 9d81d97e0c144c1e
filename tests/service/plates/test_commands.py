from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from address_model.tokens import find_token
from service.addresses.commands import enter_addresses
from service.core.actor import COMMAND_LINE
from service.plates.commands import issue as issue_commands
from service.plates.commands import issue_plates, open_batch
from service.plates.queries import (
    get_plate,
    iterate_plates,
    list_doors_without_plate,
    list_plates_of,
)
from tests.factories import make_draft, make_place
from tests.factories.hosts import PREFIX


@pytest.fixture
def codes(session: Session) -> list[str]:
    place = make_place(session)
    drafts = [make_draft(place, str(number)) for number in range(1, 6)]
    return [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]


def issue(session: Session, codes: list[str], **more: str) -> list[str]:
    batch = open_batch(
        session, name="test", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
    )
    return issue_plates(session, batch, codes, COMMAND_LINE, **more)


def test_every_address_gets_its_plate_in_order(session: Session, codes: list[str]) -> None:
    tokens = issue(session, codes)
    assert [get_plate(session, token).code for token in tokens] == codes
    assert all(find_token(token) == token for token in tokens)
    assert get_plate(session, tokens[0]).payload == PREFIX + tokens[0]


def test_a_token_that_is_taken_is_drawn_again_and_fails_nothing(
    session: Session, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (taken,) = issue(session, codes[:1])
    draws: Iterator[str] = iter([taken, "0000000001", taken, "0000000002"])
    monkeypatch.setattr(issue_commands, "draw_token", lambda: next(draws))
    assert sorted(issue(session, codes[1:3])) == ["0000000001", "0000000002"]
    assert get_plate(session, taken).code == codes[0]


def test_a_further_plate_of_an_address_is_the_next_generation(
    session: Session, codes: list[str]
) -> None:
    issue(session, codes[:1])
    issue(session, codes[:1])
    assert [plate.generation for plate in list_plates_of(session, codes[0])] == [2, 1]


def test_only_doors_without_a_living_plate_are_listed(session: Session, codes: list[str]) -> None:
    issue(session, codes[:2])
    issue(session, codes[2:3], status="void")
    assert list_doors_without_plate(session) == sorted(codes[2:])


def test_plates_are_walked_in_pages(session: Session, codes: list[str]) -> None:
    tokens = issue(session, codes)
    assert [plate.token for plate in iterate_plates(session, page=2)] == tokens
    assert len(list(iterate_plates(session, page=2, limit=3))) == 3

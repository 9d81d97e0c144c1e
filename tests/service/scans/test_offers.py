"""Services and facilities are on the next scan, and gone from it within a second."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from address_model.address_kinds import AddressKind
from service.addresses.commands import retire_address
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import today
from service.core.database import Database, Session
from service.core.words import Language
from service.scans.json_view import card_json
from service.scans.queries.cards import find_card, find_public_card
from service.scans.reader import PLAIN, Reader, View
from service.service_items.commands import (
    add_facility,
    add_service_item,
    withdraw_facility,
    withdraw_service_item,
)
from tests.database import migrated_database
from tests.factories.scanner import DOOR, HOST, Scanner, scanning
from tests.factories.services import CENTRE, DEFIBRILLATOR, RESIDENCE
from tests.factories.towns import Town, make_town

READERS = (PLAIN, Reader(View.ELDER), Reader(language=Language.EN))


@pytest.fixture(scope="module")
def made() -> Iterator[tuple[str, Town]]:
    with migrated_database() as database:
        opened = Database(database.app_url)
        with opened.session() as session:
            town = make_town(session, doors=24)
        opened.dispose()
        yield database.app_url, town


def test_a_service_is_on_the_next_scan_and_gone_when_withdrawn(made: tuple[str, Town]) -> None:
    draft = replace(RESIDENCE, link=f"https://{HOST}/do?address={{code}}")

    async def work(scanner: Scanner, town: Town) -> None:
        number = await scanner.give(
            lambda session: add_service_item(
                session, "330102000000", draft, ME, today(), code_hosts=(HOST,)
            )
        )
        await scanner.until(draft.name, shows=True)
        assert f"/do?address={town.codes[DOOR]}" in await scanner.text()
        assert draft.name_en in await scanner.text(READERS[2])
        await scanner.give(
            lambda session: withdraw_service_item(session, int(str(number)), "停办", ME, seen=1)
        )
        await scanner.until(draft.name, shows=False)

    scanning(made, work)


@pytest.mark.parametrize("reader", READERS)
def test_a_facility_is_on_the_next_scan_and_gone_when_withdrawn(
    made: tuple[str, Town], reader: Reader
) -> None:
    async def work(scanner: Scanner, town: Town) -> None:
        code = town.codes[DOOR + 1]
        number = await scanner.give(
            lambda session: add_facility(session, code, DEFIBRILLATOR, ME, today())
        )
        await scanner.until(DEFIBRILLATOR.name, shows=True, reader=reader)
        await scanner.give(
            lambda session: withdraw_facility(session, int(str(number)), "搬走", ME, seen=1)
        )
        await scanner.until(DEFIBRILLATOR.name, shows=False, reader=reader)

    scanning(made, work)


def test_a_facility_is_gone_with_its_address(made: tuple[str, Town]) -> None:
    async def work(scanner: Scanner, town: Town) -> None:
        code = town.codes[DOOR + 2]
        await scanner.give(lambda session: add_facility(session, code, CENTRE, ME, today()))
        await scanner.until(CENTRE.name, shows=True)
        await scanner.give(lambda session: retire_address(session, code, ME, reason="拆除"))
        await scanner.until(CENTRE.name, shows=False)

    scanning(made, work)


def test_every_way_to_a_card_offers_the_same(made: tuple[str, Town]) -> None:
    async def work(scanner: Scanner, town: Town) -> None:
        def enter(session: Session) -> None:
            homes = replace(RESIDENCE, name="演示：住户", kinds=(AddressKind.ROOM,))
            for draft in (RESIDENCE, homes):
                add_service_item(session, "330100000000", draft, ME, today())
            add_facility(session, town.codes[DOOR + 1], DEFIBRILLATOR, ME, today())
            add_facility(session, town.codes[DOOR], CENTRE, ME, today())

        await scanner.give(enter)
        await scanner.until(DEFIBRILLATOR.name, shows=True)
        text = await scanner.text()
        assert RESIDENCE.name in text
        assert "演示：住户" not in text
        assert "就在本址" in text
        assert text.index(DEFIBRILLATOR.name) < text.index(CENTRE.name)
        card = await scanner.scans.card(scanner.token)

        def find(session: Session) -> None:
            assert card is not None
            found = find_card(session, scanner.token)
            public = find_public_card(session, town.codes[DOOR])
            assert found is not None
            assert public is not None
            assert found.services == card.services == public.services
            assert found.nearby == card.nearby == public.nearby
            assert len(found.nearby) == 2
            assert RESIDENCE.link in card_json(found).decode()
            assert CENTRE.phone in card_json(public).decode()

        await scanner.give(find)

    scanning(made, work)

"""What departments have on record at an address is on the next scan, and gone when withdrawn."""

import gzip
from collections.abc import Iterator
from dataclasses import replace

import pytest

from service.addresses.commands import retire_address
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database, Session
from service.core.words import Language
from service.datasets.commands import push_rows, withdraw_dataset
from service.scans.json_view import card_json
from service.scans.queries.cards import find_card, find_public_card
from service.scans.reader import PLAIN, Reader, View
from tests.database import migrated_database
from tests.factories.batches import make_member
from tests.factories.datasets import FACTS, KEY_BOX, make_dataset, read_lines
from tests.factories.scanner import DOOR, HOST, Scanner, scanning
from tests.factories.towns import Town, make_town

READERS = (PLAIN, Reader(View.ELDER), Reader(language=Language.EN))
LINKED = replace(FACTS, link=f"https://{HOST}/house/{{code}}")


@pytest.fixture
def made() -> Iterator[tuple[str, Town]]:
    with migrated_database() as database:
        opened = Database(database.app_url)
        with opened.session() as session:
            town = make_town(session, doors=24)
        opened.dispose()
        yield database.app_url, town


def enter(session: Session, code: str) -> int:
    """A public and a restricted dataset with a row each at an address; the public one's number."""
    number = make_dataset(session, LINKED, code_hosts=(HOST,))
    push_rows(session, number, read_lines(FACTS, "code,built_in,floors,main_use",
        f"{code},1998,6,住宅"), ME)  # fmt: skip
    box = make_dataset(session, KEY_BOX)
    push_rows(session, box, read_lines(KEY_BOX, "code,box,place", f"{code},XF-0012,门卫室"), ME)
    return number


@pytest.mark.parametrize("reader", READERS)
def test_public_fields_are_shown_and_gone_with_their_dataset(
    made: tuple[str, Town], reader: Reader
) -> None:
    async def work(scanner: Scanner, town: Town) -> None:
        number = await scanner.give(lambda session: enter(session, town.codes[DOOR]))
        await scanner.until("1998", shows=True, reader=reader)
        text = await scanner.text(reader)
        assert [word for word in ("6层", "住宅", "示例住建局") if word not in text] == []
        assert "Year of construction" in text or reader.language is Language.ZH
        assert f"https://{HOST}/house/{town.codes[DOOR]}" in text
        assert [word for word in ("XF-0012", "门卫室", "示例消防站") if word in text] == []
        page = await scanner.scans.page(scanner.token, reader)
        assert page is not None
        assert (b"cache-control", b"private, no-store") in page.head.headers
        assert len(gzip.compress(page.text)) < 14_000
        assert b"<script" not in page.text or reader.view is View.ELDER

        def withdraw(session: Session) -> None:
            officer = make_member(session, "keeper", Role.OFFICER)
            withdraw_dataset(session, int(str(number)), "停用", officer, seen=None)

        await scanner.give(withdraw)
        await scanner.until("1998", shows=False, reader=reader)

    scanning(made, work)


def test_a_row_that_changes_changes_the_page(made: tuple[str, Town]) -> None:
    async def work(scanner: Scanner, town: Town) -> None:
        code = town.codes[DOOR]
        number = int(str(await scanner.give(lambda session: enter(session, code))))
        await scanner.until("6层", shows=True)
        again = read_lines(FACTS, "code,floors", f"{code},7")
        await scanner.give(lambda session: push_rows(session, number, again, ME))
        await scanner.until("7层", shows=True)

    scanning(made, work)


def test_data_of_an_old_code_leads_on_and_follows_its_changes(made: tuple[str, Town]) -> None:
    async def work(scanner: Scanner, town: Town) -> None:
        old = town.codes[DOOR + 1]

        def succeed(session: Session) -> int:
            number = enter(session, old)
            retire_address(session, old, ME, reason="门牌合并", successor=town.codes[DOOR])
            return number

        number = int(str(await scanner.give(succeed)))
        await scanner.until("6层", shows=True)
        again = read_lines(FACTS, "code,floors", f"{old},9")
        await scanner.give(lambda session: push_rows(session, number, again, ME))
        await scanner.until("9层", shows=True)

    scanning(made, work)


def test_every_way_to_a_card_shows_the_same(made: tuple[str, Town]) -> None:
    async def work(scanner: Scanner, town: Town) -> None:
        await scanner.give(lambda session: enter(session, town.codes[DOOR]))
        await scanner.until("1998", shows=True)
        card = await scanner.scans.card(scanner.token)
        assert card is not None
        assert [one.value for one in card.data] == ["1998", "6层", "住宅"]

        def find(session: Session) -> None:
            found = find_card(session, scanner.token, code_hosts=(HOST,))
            public = find_public_card(session, town.codes[DOOR])
            assert found is not None
            assert public is not None
            assert found.data == card.data
            assert [one.value for one in public.data] == [one.value for one in card.data]
            assert "示例住建局" in card_json(found).decode()
            assert "XF-0012" not in card_json(found).decode()

        await scanner.give(find)

    scanning(made, work)

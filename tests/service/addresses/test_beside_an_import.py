"""A transaction that waits for an import holds no lock that the import needs.

The import holds the place locks of its counties over a connection of its own: a ring through it is
one that PostgreSQL does not see.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from service.addresses.commands import correct_address, enter_addresses, split_address
from service.addresses.queries import get_address, hold_addresses
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database, Session
from service.placenames.commands import hold_counties
from tests.database import TestDatabase
from tests.factories.addresses import make_draft
from tests.factories.divisions import Place, make_place
from tests.interleaving import until_somebody_waits

Change = Callable[[Session, Place, str], object]


def correct(session: Session, place: Place, code: str) -> object:
    return correct_address(session, get_address(session, code), make_draft(place, "9"), ME)


def split(session: Session, place: Place, code: str) -> object:
    parts = [make_draft(place, "7"), make_draft(place, "8")]
    return split_address(session, code, parts, ME, reason="分户")


@pytest.mark.parametrize("change", [correct, split])
def test_a_change_of_a_text_waits_for_an_import_without_its_address(
    fresh_database: TestDatabase, change: Change
) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        place = make_place(session)
        code = str(enter_addresses(session, [make_draft(place, "1")], ME)[0])

    def beside() -> None:
        with database.session() as session:
            change(session, place, code)

    with ThreadPoolExecutor(1) as thread:
        with hold_counties(database, ["330102"]):
            waiting = thread.submit(beside)
            until_somebody_waits(database)
            with database.session() as chunk:
                chunk.execute(text("set local lock_timeout = '3s'"))
                assert hold_addresses(chunk, code)[0].code == code
        waiting.result()
    database.dispose()

"""A register that has data keeps it, and gets what a newer version derives from it."""

from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import select

from address_model.tables import Address
from migrations import run
from service.addresses.queries import STREET_ORDER
from service.core.database import Database
from tests.database import TestDatabase
from tests.factories.streets import enter_doors, golden_doors


def revision_before(name: str) -> str:
    scripts = ScriptDirectory(str(run.FOLDER)).walk_revisions()
    return str(next(s.down_revision for s in scripts if Path(s.path).stem.endswith(name)))


def test_addresses_get_their_place_in_the_order_of_the_street(
    fresh_database: TestDatabase,
) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        codes = enter_doors(session, golden_doors())
    with database.reading() as session:
        entered = session.execute(select(*STREET_ORDER).order_by(*STREET_ORDER)).all()
    database.dispose()
    run.downgrade(fresh_database.owner_url, revision_before("order_of_the_street"))
    run.upgrade(fresh_database.owner_url)
    with database.reading() as session:
        filled = session.execute(select(*STREET_ORDER).order_by(*STREET_ORDER)).all()
        assert list(session.scalars(select(Address.code).order_by(*STREET_ORDER))) == codes
    database.dispose()
    assert filled == entered

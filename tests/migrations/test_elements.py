"""Migration 0043 over a register that holds addresses of every shape."""

from sqlalchemy import create_engine, text

from address_model.elements import Numbered
from migrations import run
from service.addresses.commands import enter_addresses
from service.addresses.queries import get_address
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from tests.database import TestDatabase
from tests.factories.addresses import make_draft, make_elements
from tests.factories.divisions import make_place

LANES = (Numbered("3", "弄"), Numbered("2", "支弄", suffix="甲"))
STORED = text(
    "select elements->'number' as number, elements->'room' as room, elements->'lanes' as lanes "
    "from address order by code"
)


def test_elements_are_the_same_down_and_up_again(fresh_database: TestDatabase) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        place = make_place(session)
        shapes = [
            make_elements("5"),
            make_elements("6")._replace(
                number=Numbered("6", "号", "临", "之一"), lanes=LANES, room=Numbered("101")
            ),
            make_elements("7")._replace(number=None, natural_village="柳村"),
        ]
        drafts = [make_draft(place, elements=elements) for elements in shapes]
        codes = [str(code) for code in enter_addresses(session, drafts, ME)]
    with database.session() as session:
        before = [get_address(session, code) for code in codes]
    database.dispose()
    run.downgrade(fresh_database.owner_url, "0042")
    engine = create_engine(fresh_database.owner_url)
    with engine.begin() as connection:
        rows = {tuple(map(str, row)) for row in connection.execute(STORED)}
        assert rows == {
            ("['5', '号']", "None", "None"),
            ("['6', '号', '临', '之一']", "['101']", "[['3', '弄'], ['2', '支弄', '', '甲']]"),
            ("None", "None", "None"),
        }
    run.upgrade(fresh_database.owner_url)
    with engine.begin() as connection:
        stored = connection.execute(STORED).all()
        assert {"number": "5", "quantifier": "号"} in [row.number for row in stored]
    engine.dispose()
    with database.session() as session:
        assert [get_address(session, code) for code in codes] == before
    database.dispose()

"""Migration 0025 over a register that holds addresses."""

from sqlalchemy import create_engine, text

from address_model.coordinates import Point
from address_model.positions import Accuracy, Position, PositionKind
from migrations import run
from service.addresses.commands import PointFacts, PositionDraft, move_address, set_position
from service.addresses.queries import get_address
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from tests.database import TestDatabase
from tests.factories.addresses import enter_at


def test_addresses_keep_their_own_points_down_and_up_again(fresh_database: TestDatabase) -> None:
    database = Database(fresh_database.app_url)
    gate = Position(PositionKind.ENTRANCE, Point(120.1601, 30.2402), Accuracy.MAPPED)
    with database.session() as session:
        code, other = enter_at(session, [(16, 24), (17, 24)])
        set_position(session, PositionDraft(code, gate), ME)
        facts = PointFacts(Accuracy.SURVEYED, "测绘院")
        move_address(session, other, Point(120.17, 30.2401), ME, facts=facts)
    database.dispose()
    run.downgrade(fresh_database.owner_url, "0024")
    engine = create_engine(fresh_database.owner_url)
    with engine.begin() as connection:
        points = connection.execute(text("select ST_X(geom), ST_Y(geom) from address order by 1"))
        assert [tuple(row) for row in points] == [(120.16, 30.24), (120.17, 30.2401)]
    engine.dispose()
    run.upgrade(fresh_database.owner_url)
    with database.session() as session:
        held = get_address(session, other)
        assert (held.point, held.point_accuracy) == (Point(120.17, 30.2401), Accuracy.UNKNOWN)
        assert get_address(session, code).position == Position(
            PositionKind.CENTRE, Point(120.16, 30.24)
        )
        set_position(session, PositionDraft(code, gate), ME)
        assert get_address(session, code).position == gate
    database.dispose()

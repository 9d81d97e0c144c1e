"""Decisions about places as tests take them."""

from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.naming.commands import (
    MovedDoors,
    divide_place,
    merge_places,
    undo_decision,
)
from service.placenames.queries import PlaceRow


def merge(database: Database, here: PlaceRow, there: PlaceRow) -> MovedDoors:
    with database.session() as session:
        return merge_places(session, here.number, there.number, ME, reason="实地核查")


def divide(database: Database, place: PlaceRow, *townships: str) -> MovedDoors:
    with database.session() as session:
        return divide_place(session, place.number, townships, ME, reason="实地核查")


def undo(database: Database, done: MovedDoors) -> MovedDoors:
    with database.session() as session:
        return undo_decision(session, done.decision, ME, reason="误判")

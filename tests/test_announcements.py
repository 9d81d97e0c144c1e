"""The watch over announcements sees what a command forgets to tell."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError, ProgrammingError

from service.addresses.commands import enter_addresses
from service.audit import commands as audit
from service.changes.commands import Action, ChangeNote, Subject, record
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from tests.announcements import arranging
from tests.database import TestDatabase
from tests.factories.addresses import make_draft
from tests.factories.divisions import make_place

TOUCH = text("update address set point_note = 'x' where code = :code")


@pytest.mark.parametrize("told", ["nothing", "another", "an older version", "by hand", "right"])
def test_a_row_that_is_written_and_not_told_fails_the_commit(
    fresh_database: TestDatabase, told: str
) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        place = make_place(session)
    with database.session() as session:
        one, other = enter_addresses(
            session, [make_draft(place, "1"), make_draft(place, "2")], COMMAND_LINE
        )
    notes = {
        "another": [ChangeNote(Subject.ADDRESS, other.digits, Action.CHANGED)],
        "an older version": [ChangeNote(Subject.ADDRESS, one.digits, Action.CHANGED, "33", 1)],
        "right": [ChangeNote(Subject.ADDRESS, one.digits, Action.CHANGED)],
    }.get(told, [])

    def write() -> None:
        with database.session() as session:
            if told == "by hand":
                arranging(session)
            session.execute(TOUCH, {"code": one.digits})
            record(session, notes)
            audit.record(session, actor=COMMAND_LINE, action="addresses:touch", subject="1")

    if told in ("right", "by hand"):
        write()
    else:
        with pytest.raises((InternalError, ProgrammingError), match="nobody announced: UPDATE"):
            write()
    database.dispose()

"""A dictionary that was being built while its county changed is not kept."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from service.addresses.commands import enter_addresses
from service.changes.commands import Action, ChangeNote, Subject, record
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.epochs import EpochCache
from service.matching.queries.dictionaries import dictionaries_of
from tests.database import TestDatabase
from tests.factories.addresses import make_draft, make_elements
from tests.factories.divisions import make_place

COUNTY, NEW = "330102", "清波横街"
Ask = Callable[[Session], bool]


def enter(database: Database) -> None:
    with database.session() as session:
        draft = make_draft(make_place(session), elements=make_elements("8", thoroughfare=NEW))
        enter_addresses(session, [draft], COMMAND_LINE)


def knows_name(session: Session) -> bool:
    return NEW in dictionaries_of(session).of_county(session, COUNTY).known


def knows_place(session: Session) -> bool:
    return bool(dictionaries_of(session).places_of(session, COUNTY).find_any(NEW))


def knows_county(session: Session) -> bool:
    return COUNTY in dictionaries_of(session).list_counties(session)


def ask(database: Database, question: Ask) -> bool:
    with database.reading() as session:
        return question(session)


@pytest.mark.parametrize("question", [knows_name, knows_place, knows_county])
def test_what_was_read_before_a_change_is_not_kept(
    fresh_database: TestDatabase, monkeypatch: pytest.MonkeyPatch, question: Ask
) -> None:
    database = Database(fresh_database.app_url)
    reached, go_on = threading.Event(), threading.Event()
    keep = EpochCache[object, object].keep

    def late(self: EpochCache[object, object], *values: object) -> bool:
        if not reached.is_set():
            reached.set()
            go_on.wait(20)
        return keep(self, *values)  # type: ignore[arg-type]

    monkeypatch.setattr(EpochCache, "keep", late)
    with ThreadPoolExecutor(1) as thread:
        early = thread.submit(ask, database, question)
        assert reached.wait(20)
        enter(database)
        assert ask(database, question), "another reader has caught up with the change"
        go_on.set()
        assert not early.result(), "it was asked before the change"
    assert ask(database, question)
    database.dispose()


def test_a_change_that_alters_no_text_drops_no_dictionary(fresh_database: TestDatabase) -> None:
    database = Database(fresh_database.app_url)
    enter(database)
    with database.session() as session:
        held = dictionaries_of(session).of_county(session, COUNTY)
    for subject, action, drops in (
        (Subject.PLATE, Action.INSTALLED, False),
        (Subject.ADDRESS, Action.MOVED, False),
        (Subject.ADDRESS_AREA, Action.LINKED, False),
        (Subject.ADDRESS, Action.CORRECTED, True),
    ):
        with database.session() as session:
            record(session, [ChangeNote(subject, "1", action, f"{COUNTY}001000")])
        with database.session() as session:
            now = dictionaries_of(session).of_county(session, COUNTY)
        assert (now is not held) is drops
    database.dispose()

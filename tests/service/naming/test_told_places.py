"""Who follows one township is told what becomes of its places."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from address_model.places import PlaceKind
from service.changes.commands import Subject
from service.changes.queries import get_last_position, list_changes
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.placenames.commands import load_place_names
from service.placenames.commands.places import NewPlace, extend_place, lock_places
from service.placenames.queries import get_record
from tests.factories.lists import import_texts
from tests.service.naming.decided import merge, undo
from tests.service.naming.houses import (
    COUNTY,
    LINSHAN,
    ONE,
    OTHER,
    SIMEN,
    merge_towns,
    places,
    with_two_towns,
)

LIES_IN = text(
    "select d.code from place_name p join division d on d.id = p.division_id "
    "where p.number = :number"
)


@pytest.fixture(autouse=True)
def _two_towns(database: Database) -> Iterator[None]:
    """Each test begins with two towns, and leaves two to the next."""
    with_two_towns(database)
    yield
    with_two_towns(database)


def told(database: Database, after: int, township: str) -> set[str]:
    """The places of which the follower of a township is told."""
    with database.reading() as session:
        rows = list_changes(session, after=after, scopes=[township])
        return {row.key for row in rows if row.subject == Subject.PLACE_NAME}


def version_of(database: Database, number: str) -> int:
    with database.reading() as session:
        asked = text("select version from place_name where number = :number")
        return int(session.execute(asked, {"number": number}).scalar_one())


def position(database: Database) -> int:
    with database.reading() as session:
        return get_last_position(session)


def test_of_streets_that_become_one_each_township_is_told(
    database: Database, tmp_path: Path
) -> None:
    import_texts(database, tmp_path, [f"{ONE}2号", f"{OTHER}3号"])
    held, before = places(database), position(database)
    done = merge(database, held[LINSHAN], held[SIMEN])
    assert told(database, before, LINSHAN) == {held[LINSHAN].number}
    assert told(database, before, SIMEN) == {held[SIMEN].number}
    before = position(database)
    undo(database, done)
    assert told(database, before, LINSHAN) == {held[LINSHAN].number}
    assert told(database, before, SIMEN) == {held[SIMEN].number}


def test_of_a_street_that_reaches_another_township_its_own_is_told(
    database: Database, tmp_path: Path
) -> None:
    import_texts(database, tmp_path, [f"{OTHER}{n}号" for n in (2, 4)])
    (held,), before = set(places(database).values()), position(database)
    new = NewPlace(PlaceKind.STREET, "人民路", COUNTY, SIMEN, "", "名录")
    with database.session() as session:
        lock_places(session, COUNTY)
        extend_place(session, held.id, new, COMMAND_LINE, note="同一处")
    assert told(database, before, LINSHAN) == {held.number}
    assert told(database, before, SIMEN) == set()
    assert version_of(database, held.number) == 2


def test_the_places_of_a_merged_township_lie_in_the_other(
    database: Database, tmp_path: Path
) -> None:
    import_texts(database, tmp_path, [f"{ONE}2号", f"{OTHER}3号"])
    held, before = places(database), position(database)
    moved = held[LINSHAN].number
    merge_towns(database)
    assert told(database, before, LINSHAN) == {moved}
    assert told(database, before, SIMEN) == {moved}
    with database.reading() as session:
        lies_in = session.execute(LIES_IN, {"number": moved}).scalar_one()
        change = [row for row in list_changes(session, after=before) if row.key == moved][-1]
    assert (lies_in, change.division, change.left_division) == (SIMEN, SIMEN, LINSHAN)
    assert change.version == version_of(database, moved) > 1


def test_a_list_with_a_merged_township_does_not_take_its_places_back(
    database: Database, tmp_path: Path
) -> None:
    import_texts(database, tmp_path, [f"{ONE}2号", f"{OTHER}3号"])
    with database.reading() as session:
        listed = get_record(session, places(database)[LINSHAN].number)
    merge_towns(database)
    with database.session() as session:
        done = load_place_names(session, [replace(listed, meaning="示例")], COMMAND_LINE)
    assert done.changed == [listed.number]
    with database.reading() as session:
        now = get_record(session, listed.number)
    assert (listed.division, now.division, now.meaning) == (LINSHAN, SIMEN, "示例")

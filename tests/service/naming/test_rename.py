"""A place gets another name: texts and plates follow once, codes and keys stay, old texts lead."""

from collections.abc import Iterator

import pytest

from address_model.elements import Numbered
from service.addresses.commands import freeze_address, retire_address
from service.addresses.commands import unfreeze_address as thaw
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.core.errors import BadRequest, Conflict
from service.matching.queries import resolve
from service.naming.commands import rename_place
from service.naming.tasks import RenameHandler
from service.placenames.queries import get_place, get_record
from service.runs.commands import cancel_run, pause_run
from tests.database import TestDatabase
from tests.factories import make_place
from tests.service.naming.renamings import (
    BASE,
    FRONT,
    NEW,
    NOTICE,
    OLD,
    answer,
    door,
    enter,
    enter_street,
    number_of,
    read,
    rename,
    scalars,
)

assert RenameHandler is not None  # registered by its module: what is worked off here


@pytest.fixture
def database(fresh_database: TestDatabase) -> Iterator[Database]:
    made = Database(fresh_database.app_url)
    yield made
    made.dispose()


def test_the_register_keeps_the_old_name_with_its_day_and_notice(database: Database) -> None:
    number, _ = enter_street(database, "12")
    done, run = rename(database, number)
    assert (done.before, done.place.name, run.state) == (OLD, NEW, "done")
    with database.reading() as session:
        record = get_record(session, number)
        place = get_place(session, number)
    assert (record.standard_name, record.specific, record.generic) == (NEW, "示例新", "街")
    assert record.pinyin.lower().replace(" ", "").startswith("shìlì")
    former = record.forms[-1]
    assert (former.text, former.kind, former.year_to) == (OLD, "former", 2026)
    assert (former.calendar_text, former.citation) == ("至2026年11月1日", NOTICE.source)
    assert place.other_names == (OLD,)
    assert scalars(database, "select folded from place_township where valid_to is null") == [NEW]


def test_an_old_text_is_a_and_says_the_present_name_and_one_never_stored_is_b(
    database: Database,
) -> None:
    with database.session() as session:
        place = make_place(session)
    (code,) = enter(database, door("12"), place=place)
    with database.session() as session:
        number = number_of(session, code)
    rename(database, number)
    (beside,) = enter(database, door("14"), place=place)  # entered under the old name
    assert read(database, beside).standard_text == f"{FRONT}{NEW}14号"
    assert read(database, beside).place_id == read(database, code).place_id
    with database.reading() as session:
        stored = resolve(session, f"{FRONT}{OLD}12号")
        never = resolve(session, f"{FRONT}{OLD}14号")
    for found, category, wanted in ((stored, "A", code), (never, "B", beside)):
        assert found.address is not None
        assert (found.category, found.address.code) == (category, wanted)
        assert found.address.elements.thoroughfare == NEW
        assert f"{OLD}现名{NEW}" in found.reasons


def test_rooms_of_a_renamed_estate_and_doors_that_name_it_follow(database: Database) -> None:
    room = door("66", estate="章安佳苑", building=Numbered("1", "幢"), room=Numbered("101", "室"))
    codes = enter(database, room, door("68", estate="章安佳苑"), door("70"))
    with database.session() as session:
        estate, road = (number_of(session, codes[0], second=one) for one in (False, True))
    _, run = rename(database, estate, "示例佳苑")
    assert run.result["addresses"] == 2
    texts = [read(database, code).standard_text for code in codes]
    assert texts == [
        f"{FRONT}{OLD}66号示例佳苑1幢101室",
        f"{FRONT}{OLD}68号示例佳苑",
        f"{FRONT}{OLD}70号",
    ]
    _, run = rename(database, road)
    assert run.result["addresses"] == 3
    assert read(database, codes[0]).standard_text == f"{FRONT}{NEW}66号示例佳苑1幢101室"
    for wanted in (
        f"{FRONT}章安佳苑1幢101室",
        f"{FRONT}{OLD}66号章安佳苑1幢101室",
        f"{FRONT}示例佳苑1幢101室",
        f"{FRONT}{NEW}66号1幢101室",
    ):
        assert answer(database, wanted)[1] == codes[0], wanted


def test_frozen_and_ended_doors_keep_their_text_and_the_frozen_ones_follow_later(
    database: Database,
) -> None:
    number, (frozen, ended, _) = enter_street(database, "1", "2", "3")
    with database.session() as session:
        freeze_address(session, frozen, ME, reason="争议")
        retire_address(session, ended, ME, reason="拆迁")
    _, run = rename(database, number)
    assert (run.result["addresses"], run.result["frozen"]) == (1, [frozen])
    assert all(OLD in read(database, code).standard_text for code in (frozen, ended))
    with database.session() as session:
        thaw(session, frozen, ME)
    _, again = rename(database, number)
    assert (again.result["addresses"], again.result["frozen"]) == (1, [])
    assert read(database, frozen).elements.thoroughfare == NEW
    assert OLD in read(database, ended).standard_text


def test_a_renaming_given_again_goes_on_with_its_run(database: Database) -> None:
    number, _ = enter_street(database, "12")
    with database.session() as session:
        first = rename_place(session, number, NEW, NOTICE, ME)
    with database.session() as session:
        pause_run(session, first.run_id, ME)
    with pytest.raises(Conflict, match="still renaming"), database.session() as session:
        rename_place(session, number, "示例别街", NOTICE, ME)
    with pytest.raises(Conflict, match="half way"), database.session() as session:
        cancel_run(session, first.run_id, ME)
    again, run = rename(database, number)
    assert (again.run_id, again.before, run.state) == (first.run_id, OLD, "done")


def test_a_name_goes_and_comes_back(database: Database) -> None:
    number, (code,) = enter_street(database, "12")
    rename(database, number)
    rename(database, number, OLD)
    assert read(database, code).standard_text == f"{FRONT}{OLD}12号"
    assert answer(database, f"{FRONT}{OLD}12号") == ("A", code)
    assert answer(database, f"{FRONT}{NEW}12号")[1] == code


def test_a_name_that_stands_in_the_township_is_refused_and_one_that_sounds_so_is_told(
    database: Database,
) -> None:
    first, _ = enter(database, door("1"), door("1", "示例西街"))
    with database.session() as session:
        number = number_of(session, first)
        with pytest.raises(Conflict, match="示例西街 is the name of 330102-"):
            rename_place(session, number, "示例西街", NOTICE, ME)
        with pytest.raises(BadRequest):
            rename_place(session, number, "示例 街", NOTICE, ME)
    done, _ = rename(database, number, "示丽西街")
    assert [(one.likeness, one.name) for one in done.alike] == [("same sound", "示例西街")]


def test_a_community_is_renamed_as_a_division_and_an_estate_gets_a_name_of_its_own(
    database: Database,
) -> None:
    village = BASE._replace(community="示例村", number=Numbered("5", "号"))
    estate = BASE._replace(
        estate="章安佳苑", building=Numbered("1", "幢"), room=Numbered("101", "室")
    )
    first, second = enter(database, village, estate)
    with database.session() as session:
        with pytest.raises(Conflict, match="division") as refused:
            rename_place(session, number_of(session, first), "示例新村", NOTICE, ME)
        assert "divisions rename" in refused.value.hint
        with pytest.raises(Conflict, match="many estates"):
            rename_place(session, number_of(session, second), "综合楼", NOTICE, ME)

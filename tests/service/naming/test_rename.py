"""A place gets another name: texts and plates follow once, codes and keys stay, old texts lead."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.elements import Elements, Numbered
from service.addresses.commands import enter_addresses, freeze_address, retire_address
from service.addresses.commands import unfreeze_address as thaw
from service.addresses.queries import AddressRow, find_addresses, get_address
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.core.errors import BadRequest, Conflict
from service.divisions.commands import Notice
from service.matching.queries import resolve
from service.naming.commands import Renaming, rename_place
from service.naming.commands.place_rename import RENAMED_AT_ONCE
from service.naming.tasks import RenameHandler
from service.placenames.queries import find_places, get_place, get_record
from service.runs import stepping
from service.runs.commands import cancel_run, pause_run
from service.runs.queries import RunRow, get_run
from tests.command_line import ROOT
from tests.database import TestDatabase, migrated_database
from tests.factories import Place, make_draft, make_place, make_plates

assert RenameHandler  # registered by its module: what is worked off here
NOTICE = Notice("示例政发〔2026〕9号", date(2026, 11, 1))
OLD, NEW = "河坊街", "示例新街"
FRONT = "浙江省杭州市上城区清波街道"
BASE = Elements(province="浙江省", city="杭州市", county="上城区", township="清波街道")


@pytest.fixture
def database(fresh_database: TestDatabase) -> Iterator[Database]:
    made = Database(fresh_database.app_url)
    yield made
    made.dispose()


def number_of(session: Session, code: str, *, second: bool = False) -> str:
    """The number of the place that an address counts along, or of its second one."""
    held = get_address(session, code)
    place = held.second_place_id if second else held.place_id
    return find_places(session, [place or 0])[place or 0].number


def rename(
    database: Database, number: str, name: str = NEW, notice: Notice = NOTICE
) -> tuple[Renaming, RunRow]:
    """Rename a place and work its run off."""
    with database.session() as session:
        done = rename_place(session, number, name, notice, ME)
    stepping.work_off(database, done.run_id)
    with database.reading() as session:
        return done, get_run(session, done.run_id)


def enter(database: Database, *elements: Elements, place: Place | None = None) -> list[str]:
    with database.session() as session:
        where = place or make_place(session)
        drafts = [make_draft(where, elements=one) for one in elements]
        return [str(code) for code in enter_addresses(session, drafts, ME)]


def enter_street(database: Database, *numbers: str) -> tuple[str, list[str]]:
    """河坊街 with these doors: its number and their codes."""
    codes = enter(database, *(door(number) for number in numbers))
    with database.reading() as session:
        return number_of(session, codes[0]), codes


def door(number: str, street: str = OLD, **more: object) -> Elements:
    return BASE._replace(thoroughfare=street, number=Numbered(number, "号"), **more)  # type: ignore[arg-type]


def read(database: Database, code: str) -> AddressRow:
    with database.reading() as session:
        return get_address(session, code)


def answer(database: Database, wanted: str) -> tuple[str, str]:
    with database.reading() as session:
        found = resolve(session, wanted)
    return found.category, found.address.code if found.address else ""


def scalars(database: Database, statement: str, **values: object) -> list[str]:
    with database.reading() as session:
        return [str(one) for one in session.execute(text(statement), values).scalars()]


def wait_for(question: Callable[[], bool], seconds: float = 120) -> None:
    started = time.monotonic()
    while not question():
        assert time.monotonic() - started < seconds
        time.sleep(0.02)


DOORS = 3000
STATES = ("in_use", "making", "to_make")


@pytest.fixture(scope="module")
def long_street() -> Iterator[Database]:
    """河坊街 with 3,000 doors and a plate at each: hung, being made, or not made yet."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            tokens = make_plates(session, DOORS)
            for at, state in enumerate(STATES):
                session.execute(
                    text("update plate set status = :s where token = any(:t)"),
                    {"s": state, "t": tokens[at :: len(STATES)]},
                )
        yield database
        database.dispose()


def test_a_street_of_3000_doors_killed_half_way_is_renamed_once(long_street: Database) -> None:
    database = long_street
    with database.session() as session:
        (first,) = session.execute(text("select min(code) from address")).scalars()
        number = number_of(session, first)
        rows = session.execute(text("select code from address order by code")).scalars().all()
        before = find_addresses(session, rows)
        keys = session.execute(text("select code, key from address_name")).all()
        start = session.execute(text("select max(position) from change")).scalar_one()
        done = rename_place(session, number, NEW, NOTICE, ME)
    command = [sys.executable, "-m", "service", "worker"]
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "MENPAI_DATABASE_URL": database.url,
    }

    def progress() -> tuple[str, int]:
        with database.reading() as session:
            run = get_run(session, done.run_id)
        return run.state, run.done

    for last in (False, True):
        worker = subprocess.Popen(command, cwd=ROOT, env=environment)
        try:
            if last:
                wait_for(lambda: progress()[0] == "done")
            else:
                wait_for(lambda: progress()[1] >= DOORS // 3)
                worker.send_signal(signal.SIGKILL)
                worker.wait()
                assert RENAMED_AT_ONCE <= progress()[1] < DOORS
        finally:
            worker.kill()
            worker.wait()

    with database.reading() as session:
        run = get_run(session, done.run_id)
        after = find_addresses(session, rows)
        names = session.execute(text("select code, key, kind, text from address_name")).all()
        changes = session.execute(
            text("select key from change where subject = 'address' and position > :p"), {"p": start}
        ).scalars()
        assert Counter(changes) == Counter(rows)  # one change an address
        work = session.execute(
            text(
                "select p.status, w.kind, w.cause, count(*) from plate p join work_item w "
                "on w.key = p.token where w.state = 'open' group by 1, 2, 3 order by 1"
            )
        ).all()
        printed = session.execute(
            text("select status, count(printed_text) from plate group by 1")
        ).all()
    assert run.result == {
        "addresses": DOORS,
        "frozen": [],
        "conflicts": [],
        "plates": DOORS // 3 * 2,
    }
    for code in rows:
        assert after[code].standard_text == before[code].standard_text.replace(OLD, NEW)
        assert after[code].elements.thoroughfare == NEW
        assert after[code].place_id == before[code].place_id
    kinds = {
        (name.code, name.key, name.kind, name.text == before[name.code].standard_text)
        for name in names
    }
    assert len(names) == len(kinds) == DOORS * 2
    assert kinds == {
        (code, key, kind, kind == "former")
        for code, key in map(tuple, keys)
        for kind in ("standard", "former")
    }
    third = DOORS // 3
    assert [tuple(row) for row in work] == [
        ("in_use", "replace", "other_text", third),
        ("making", "replace", "other_text", third),
    ]
    assert dict(map(tuple, printed)) == {"in_use": third, "making": third, "to_make": 0}  # type: ignore[arg-type]
    for number in ("1", "1500", "3000"):
        old, new = f"{FRONT}{OLD}{number}号", f"{FRONT}{NEW}{number}号"
        assert answer(database, old)[1] == answer(database, new)[1] != ""
        assert answer(database, new)[0] == "A"
    codes = scalars(database, "select subject from audit_entry where action = 'addresses:follow'")
    assert len(codes) == DOORS // RENAMED_AT_ONCE


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
    with pytest.raises(Conflict, match="still gives"), database.session() as session:
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
        assert "divisions rename" in refused.value.mend
        with pytest.raises(Conflict, match="many estates"):
            rename_place(session, number_of(session, second), "综合楼", NOTICE, ME)

"""A contact that was withdrawn is gone a second later, whenever in the reading that was."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import update

from address_model.tables import Duty
from service.changes.commands import Action, ChangeNote, Subject, record
from service.core.database import Database
from service.scans.hot import registers
from service.scans.hot.desk import Desk
from service.scans.hot.registers import Registers
from service.scans.reader import PLAIN
from service.scans.site import Site
from tests.database import migrated_database
from tests.event_loop import run_apart
from tests.factories.towns import Town, make_town

NUMBER = "0571-00000001"
STEPS = ("load_area_register", "load_duty_register", "load_story_register")
MOMENTS = [f"{when} {step}" for step in STEPS for when in ("before", "after")]


@pytest.fixture(scope="module")
def made() -> Iterator[tuple[str, Town]]:
    with migrated_database() as database:
        opened = Database(database.app_url)
        with opened.session() as session:
            town = make_town(session, doors=24)
        opened.dispose()
        yield database.app_url, town


class Stop:
    """Holds the first reading at a moment, until it may go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()
        when, step = moment.split()
        load = getattr(registers, step)

        def held(*values: object) -> object:
            if when == "before":
                self._wait()
            found = load(*values)
            if when == "after":
                self._wait()
            return found

        monkeypatch.setattr(registers, step, held)

    def _wait(self) -> None:
        if not self.reached.is_set():
            self.reached.set()
            self.go_on.wait(20)


def publish(database: Database, town: Town, *, shows: bool) -> None:
    with database.session() as session:
        session.execute(update(Duty).where(Duty.id == town.duty_id).values(publish=shows))
        record(session, [ChangeNote(Subject.DUTY, str(town.duty_id), Action.CHANGED, "")])


def shows_contact(read: registers.DayRegisters, town: Town) -> bool:
    return any(NUMBER in contact.phone for contact in read.about(str(town.grid_id)).contacts)


@pytest.mark.parametrize("drops", [1, 2, 3])
@pytest.mark.parametrize("moment", [*MOMENTS, "before the task begins"])
def test_what_was_read_before_a_withdrawal_is_not_held(
    made: tuple[str, Town], monkeypatch: pytest.MonkeyPatch, moment: str, drops: int
) -> None:
    url, town = made

    async def work() -> None:
        database = Database(url)
        await asyncio.to_thread(publish, database, town, shows=True)
        held = Registers(database)
        for _ in range(drops - 1):
            held.drop(hears=True)
        stop = Stop(monkeypatch, moment) if moment in MOMENTS else None
        first = asyncio.ensure_future(held.read())
        if stop is not None:
            await asyncio.to_thread(stop.reached.wait, 20)
        await asyncio.to_thread(publish, database, town, shows=False)
        for _ in range(drops):
            held.drop(hears=True)
        later = asyncio.ensure_future(held.read())
        await asyncio.sleep(0.05)
        if stop is not None:
            stop.go_on.set()
        await first
        assert not shows_contact(await later, town)
        assert held.current is not None
        assert not shows_contact(held.current, town)
        database.dispose()

    run_apart(work())


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_contact_withdrawn_while_the_desk_reads_is_gone_in_a_second(
    made: tuple[str, Town], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    url, town = made
    token = town.all_tokens[20]

    async def text_of(desk: Desk) -> str:
        page = await desk.page(token, PLAIN)
        assert page is not None
        return page.text.decode()

    async def work() -> None:
        database = Database(url)
        await asyncio.to_thread(publish, database, town, shows=True)
        desk = Desk(database, Site())
        desk.start()
        while NUMBER not in await text_of(desk):
            await asyncio.sleep(0.02)
        stop = Stop(monkeypatch, moment)
        await asyncio.to_thread(publish, database, town, shows=True)  # lets it read again
        while not stop.reached.is_set():
            asking = asyncio.ensure_future(text_of(desk))
            await asyncio.sleep(0.02)
        await asyncio.to_thread(publish, database, town, shows=False)
        withdrawn = time.monotonic()
        stop.go_on.set()
        await asking
        while NUMBER in await text_of(desk):
            assert time.monotonic() - withdrawn < 1
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
        assert NUMBER not in await text_of(desk)
        await desk.close()
        database.dispose()

    run_apart(work())


def test_a_reading_too_slow_to_be_right_is_no_answer(
    made: tuple[str, Town], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changes come faster than the registers are read, and each takes longer than a second."""
    url, _ = made
    monkeypatch.setattr(registers, "_UNHEARD_S", 0.0)

    async def work() -> None:
        database = Database(url)
        held = Registers(database)
        load = registers.load_duty_register

        def changing(*values: object) -> object:
            held.drop(hears=True)
            return load(*values)  # type: ignore[arg-type]

        monkeypatch.setattr(registers, "load_duty_register", changing)
        with pytest.raises(registers.DatabaseUnreachable):
            await held.read()
        database.dispose()

    run_apart(work())

"""A contact that was withdrawn is gone a second later, whenever in the reading that was."""

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, update

from address_model.facility_kinds import FacilityKind
from address_model.tables import Duty
from service.changes.commands import Action, ChangeNote, Subject, record
from service.changes.queries import ChangeRow
from service.core.database import Database, Session
from service.core.errors import DatabaseUnreachable
from service.core.reads import Reads
from service.heritage.stories import StoryRegister
from service.scans.hot import memory
from service.scans.hot.day_registers import DayRegisters
from service.scans.hot.memory import LOADERS, Registers
from service.scans.hot.service import ScanService
from service.scans.reader import PLAIN
from service.scans.site import Site
from service.service_items.nearby import FacilityRegister
from tests.database import migrated_database
from tests.event_loop import run_apart
from tests.factories.services import known
from tests.factories.towns import Town, make_town

WHEN = {"before": "before_cursor_execute", "after": "after_cursor_execute"}
NUMBER = "0571-00000001"
IN_REGISTERS = re.compile(r"FROM (area|duty|heritage_entry|service_item|facility|dataset)\b")
MOMENTS = [f"{when} statement {n}" for n in range(1, len(LOADERS) + 1) for when in WHEN]


@pytest.fixture(scope="module")
def made() -> Iterator[tuple[str, Town]]:
    with migrated_database() as database:
        opened = Database(database.app_url)
        with opened.session() as session:
            town = make_town(session, doors=24)
        opened.dispose()
        yield database.app_url, town


class Stop:
    """Holds the next reading of registers at one of its statements, until it may go on."""

    def __init__(self, database: Database, moment: str) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()
        self._seen = 0
        when, _, number = moment.split()
        self._at = int(number)
        event.listen(database.engine, WHEN[when], self._see)

    def _see(self, _c: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("SELECT") or not IN_REGISTERS.search(statement):
            return
        self._seen += 1
        if self._seen == self._at:
            self.reached.set()
            self.go_on.wait(20)


def publish(database: Database, town: Town, *, shows: bool) -> None:
    with database.session() as session:
        session.execute(update(Duty).where(Duty.id == town.duty_id).values(publish=shows))
        record(session, [ChangeNote(Subject.DUTY, str(town.duty_id), Action.CHANGED, "")])


def shows_contact(read: DayRegisters, town: Town) -> bool:
    return any(NUMBER in contact.phone for contact in read.about(str(town.grid_id)).contacts)


def hears() -> bool:
    return True


def change_of(subject: Subject, key: str, action: Action) -> ChangeRow:
    return ChangeRow(1, subject, key, action, None, "", datetime.now(UTC))


def value(read: DayRegisters, name: str) -> object:
    return getattr(read, name if hasattr(read, name) else f"_{name}")


CHANGED_DUTY = change_of(Subject.DUTY, "1", Action.CHANGED)
PARTS = ("areas", "duties", "stories", "services", "facilities", "datasets")


@pytest.mark.parametrize("drops", [1, 2, 3])
@pytest.mark.parametrize("moment", [*MOMENTS, "before the task begins"])
def test_what_was_read_before_a_withdrawal_is_not_held(
    made: tuple[str, Town], moment: str, drops: int
) -> None:
    url, town = made

    async def work() -> None:
        database = Database(url)
        await asyncio.to_thread(publish, database, town, shows=True)
        held = Registers(Reads(database), hears)
        for _ in range(drops - 1):
            held.drop()
        stop = Stop(database, moment) if moment in MOMENTS else None
        first = asyncio.ensure_future(held.read())
        if stop is not None:
            assert await asyncio.to_thread(stop.reached.wait, 20)
        await asyncio.to_thread(publish, database, town, shows=False)
        for _ in range(drops):
            held.forget([CHANGED_DUTY])
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
    made: tuple[str, Town], moment: str
) -> None:
    url, town = made
    token = town.all_tokens[20]

    async def text_of(scans: ScanService) -> str:
        page = await scans.page(token, PLAIN)
        assert page is not None
        return page.text.decode()

    async def work() -> None:
        database = Database(url)
        await asyncio.to_thread(publish, database, town, shows=True)
        scans = ScanService(database, Site())
        scans.start()
        while NUMBER not in await text_of(scans) or not scans.follower.hears:
            await asyncio.sleep(0.02)
        stop = Stop(database, moment)
        scans.forget_all()  # lets it read again
        asking = asyncio.ensure_future(text_of(scans))
        assert await asyncio.to_thread(stop.reached.wait, 20)
        await asyncio.to_thread(publish, database, town, shows=False)
        withdrawn = time.monotonic()
        stop.go_on.set()
        await asking
        while NUMBER in await text_of(scans):
            assert time.monotonic() - withdrawn < 1
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
        assert NUMBER not in await text_of(scans)
        await scans.close()
        database.dispose()

    run_apart(work())


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        ((Subject.DUTY, "1", Action.HIDDEN), {"duties"}),
        ((Subject.AREA, "grid:G1", Action.CHANGED), {"areas"}),
        ((Subject.HERITAGE_ENTRY, "ZJH-0001", Action.CHANGED), {"stories"}),
        ((Subject.PLACE_NAME, "330106-000001", Action.PLACED), set()),
        ((Subject.PLACE_NAME, "ZJ-0001", Action.RENAMED), {"stories"}),
        ((Subject.SERVICE_ITEM, "1", Action.WITHDRAWN), {"services"}),
        ((Subject.FACILITY, "1", Action.CHANGED), {"facilities"}),
        ((Subject.ADDRESS, "3301060000000001", Action.RETIRED), {"facilities"}),
        ((Subject.ADDRESS_AREA, "3301060000000001", Action.LINKED), {"facilities"}),
        ((Subject.ADDRESS, "3301060000000000", Action.MOVED), set()),
        ((Subject.DIVISION, "330106001000", Action.RENAMED), set()),
        ((Subject.ADDRESS, "3301060000000000", Action.NEW), set()),
    ],
)
def test_a_change_drops_only_the_register_that_holds_it(
    made: tuple[str, Town],
    monkeypatch: pytest.MonkeyPatch,
    change: tuple[Subject, str, Action],
    parts: set[str],
) -> None:
    """A new street without a story drops nothing, nor does an address without a facility."""
    monkeypatch.setitem(
        LOADERS, Subject.HERITAGE_ENTRY, lambda *_: StoryRegister({}, {}, {"ZJ-0001"})
    )
    facility = replace(known(1, FacilityKind.AED), code="3301060000000001")
    monkeypatch.setitem(LOADERS, Subject.FACILITY, lambda *_: FacilityRegister([facility]))

    async def work() -> None:
        database = Database(made[0])
        held = Registers(Reads(database), hears)
        before = await held.read()
        held.forget([change_of(*change)])
        after = await held.read()
        database.dispose()
        assert (after is before) is (not parts)
        assert {name for name in PARTS if value(before, name) is not value(after, name)} == parts

    run_apart(work())


def test_a_reading_too_slow_to_be_right_is_no_answer(
    made: tuple[str, Town], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changes come faster than the registers are read, and each takes longer than a second."""
    url, _ = made
    monkeypatch.setattr(memory, "_MAX_AGE_S", 0.0)

    async def work() -> None:
        database = Database(url)
        held = Registers(Reads(database), hears)
        load = LOADERS[Subject.DUTY]

        def changing(session: Session, day: date) -> object:
            held.drop()
            return load(session, day)

        monkeypatch.setitem(LOADERS, Subject.DUTY, changing)
        with pytest.raises(DatabaseUnreachable):
            await held.read()
        database.dispose()

    run_apart(work())


def test_what_nobody_hears_of_is_read_again_after_a_second(
    made: tuple[str, Town], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, town = made
    monkeypatch.setattr(memory, "_MAX_AGE_S", 0.1)

    async def work() -> None:
        database = Database(url)
        await asyncio.to_thread(publish, database, town, shows=True)
        held = Registers(Reads(database), lambda: False)
        assert shows_contact(await held.read(), town)
        await asyncio.to_thread(publish, database, town, shows=False)
        await asyncio.sleep(0.15)
        assert held.current is None
        assert not shows_contact(await held.read(), town)
        database.dispose()

    run_apart(work())

"""Two who have read the same version of a record: one writes, the other is told of both."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

import pytest
from sqlalchemy import text

from address_model.coordinates import Point
from address_model.inspections import Finding
from address_model.pinyin import read_name
from address_model.tables import Area, Duty
from address_model.work import WorkKind
from service.addresses import commands as addresses
from service.addresses.queries import get_address
from service.areas.commands.duties import DutyFilter, confirm_duties, hide_duties
from service.batches.commands import approval, batches
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database, Session
from service.core.errors import Conflict, Outdated
from service.divisions.commands import DecisionNotice
from service.naming.commands import rename_place
from service.placenames.commands import set_reading
from service.placenames.queries import list_places
from service.plates import commands as plates
from service.worklists import commands as worklists
from service.worklists.drafts import WorkDraft
from tests.database import migrated_database
from tests.factories.addresses import make_draft, make_elements
from tests.factories.areas import make_duty
from tests.factories.hosts import PREFIX
from tests.factories.plates import make_visit
from tests.interleaving import Step, interleave_everywhere
from tests.town import Town, followed

TODAY = date(2026, 11, 30)
names = map("".join, product("甲乙丙丁戊己庚辛", repeat=3))
NOTICE = DecisionNotice("示例政发〔2026〕9号", TODAY)


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with migrated_database() as made:
        database = Database(made.app_url)
        yield Town.make(database)
        database.dispose()


@dataclass(frozen=True)
class Edits:
    """Two edits of one record, both by who has read it; ``version`` reads what stands."""

    title: str
    version: Callable[[Session], int]
    steps: tuple[Step, Step]


def version_of(table: str, column: str, key: object) -> Callable[[Session], int]:
    statement = text(f"select version from {table} where {column} = :key")  # noqa: S608 - our own names
    return lambda session: session.execute(statement, {"key": key}).scalar_one()


def now(town: Town, read: Callable[[Session], int]) -> int:
    with town.database.reading() as session:
        return read(session)


def an_address(town: Town) -> Edits:
    (code,) = town.enter()
    town.hang(code)
    read = version_of("address", "code", code)
    seen = now(town, read)
    here = Point(120.166, 30.241)
    draft = town.draft()

    def move(session: Session) -> object:
        return addresses.move_address(session, code, here, ME, seen=seen)

    def correct(session: Session) -> object:
        held = get_address(session, code)
        return addresses.correct_address(session, held, draft, ME, seen=seen)

    return Edits("地址", read, (followed(move), followed(correct)))  # type: ignore[arg-type]


def a_plate(town: Town) -> Edits:
    (code,) = town.enter()
    token = town.hang(code)
    read = version_of("plate", "token", token)
    seen = now(town, read)
    visits = [make_visit(seen=seen) for _ in range(2)]
    order = plates.ReplacementRequest("褪色", PREFIX, approval_above=100)
    return Edits(
        f"门牌 {token}",
        read,
        (
            lambda s: plates.report_plate(s, token, Finding.BROKEN, visits[0], ME),
            lambda s: plates.replace_plate(s, token, order, visits[1], ME),
        ),
    )


def a_batch(town: Town) -> Edits:
    codes = town.enter(2)
    number = town.choose(codes)
    read = version_of("plate_batch", "id", number)
    seen, officer = now(town, read), town.officer
    return Edits(
        f"第 {number} 批",
        read,
        (
            lambda s: batches.leave_out(s, number, codes[0], "拆除", officer, seen=seen),
            lambda s: approval.submit_batch(s, number, officer, approval_above=9, seen=seen),
        ),
    )


def a_duty(town: Town) -> Edits:
    with town.database.session() as session:
        area = session.query(Area).first()
        assert area is not None
        duty: Duty = make_duty(session, area)
        number = duty.id
    read = version_of("duty", "id", number)
    wanted = DutyFilter(ids=(number,), seen=now(town, read))
    return Edits(
        f"责任 {number}",
        read,
        (lambda s: hide_duties(s, wanted, ME), lambda s: confirm_duties(s, wanted, ME, TODAY)),
    )


def a_work_item(town: Town) -> Edits:
    (code,) = town.enter()
    with town.database.session() as session:
        number = worklists.open_item(session, WorkDraft(WorkKind.INSPECT, code), ME)
    read = version_of("work_item", "id", number)
    seen = now(town, read)
    return Edits(
        f"工单 {number}",
        read,
        (
            lambda s: worklists.finish_item(s, number, "完好", ME, seen=seen),
            lambda s: worklists.cancel_item(s, number, "重复", ME, seen=seen),
        ),
    )


def a_place(town: Town) -> Edits:
    street = f"示例{next(names)}街"
    with town.database.session() as session:
        elements = make_elements("1", thoroughfare=street)
        addresses.enter_addresses(session, [make_draft(town.place, elements=elements)], ME)
        (number,) = [one.number for one in list_places(session, "330102") if one.name == street]
    read = version_of("place_name", "number", number)
    seen = now(town, read)
    other = street.replace("示例", "新")
    return Edits(
        f"地名 {number}",
        read,
        (
            lambda s: rename_place(s, number, other, NOTICE, ME, seen=seen),
            lambda s: rename_place(s, number, f"又{other}", NOTICE, ME, seen=seen),
        ),
    )


KINDS = (an_address, a_plate, a_batch, a_duty, a_work_item, a_place)


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_of_two_at_once_one_writes_and_the_other_is_told_of_both_versions(
    town: Town, make: Callable[[Town], Edits]
) -> None:
    edits: list[Edits] = []
    seen: list[int] = []

    def fresh() -> tuple[Step, Step]:
        edits.append(make(town))
        seen.append(now(town, edits[-1].version))
        return edits[-1].steps

    rounds = 0
    for outcomes in interleave_everywhere(town.database, fresh):
        rounds += 1
        (refused,) = [one.refused for one in outcomes if one.refused is not None]
        assert isinstance(refused, Outdated), refused
        assert refused.seen == seen[-1]
        assert refused.record.version == now(town, edits[-1].version) > seen[-1]
        assert refused.zh.startswith(edits[-1].title)
        assert f"第 {refused.seen} 版" in refused.zh
        assert f"第 {refused.record.version} 版" in refused.zh
        assert refused.record.facts
    assert rounds > 3


def test_a_reading_set_beside_a_renaming_is_told_of_the_new_name(town: Town) -> None:
    def pair() -> tuple[Step, Step]:
        edits = a_place(town)
        seen = now(town, edits.version)
        number = edits.title.removeprefix("地名 ")
        with town.database.reading() as session:
            name = next(one.name for one in list_places(session, "330102") if one.number == number)
        toned = read_name(name).toned
        return edits.steps[0], lambda s: set_reading(
            s, number, toned, source="示例", actor=ME, seen=seen
        )

    for outcomes in interleave_everywhere(town.database, pair):
        assert sum(one.refused is None for one in outcomes) == 1, outcomes


def test_who_changed_it_last_and_when_is_said(town: Town) -> None:
    (code,) = town.enter()
    with town.database.session() as session:
        addresses.freeze_address(session, code, ME, reason="核查")
    with town.database.session() as session, pytest.raises(Outdated) as caught:
        addresses.unfreeze_address(session, code, ME, seen=1)
    assert "最近一次办理：command line，20" in caught.value.zh
    assert "状态：冻结" in caught.value.zh
    assert caught.value.changed_at is not None


def test_without_a_version_a_job_changes_what_stands(town: Town) -> None:
    (code,) = town.enter()
    with town.database.session() as session:
        addresses.freeze_address(session, code, ME, reason="核查")
        addresses.unfreeze_address(session, code, ME)
        assert get_address(session, code).version == 3


def test_an_event_sent_again_is_answered_though_the_plate_is_another_since(town: Town) -> None:
    (code,) = town.enter()
    token = town.hang(code, "to_install")
    visit = make_visit(seen=1)
    with town.database.session() as session:
        first = plates.install_plate(session, token, visit, ME)
    with town.database.session() as session:
        assert plates.install_plate(session, token, visit, ME) == first


def test_a_version_of_several_duties_means_none(town: Town) -> None:
    with town.database.session() as session, pytest.raises(Exception, match="one duty"):
        hide_duties(session, DutyFilter(area="g2", seen=1), ME)


def test_a_stale_writer_is_a_conflict_of_its_own_kind() -> None:
    assert issubclass(Outdated, Conflict)

from collections.abc import Callable

import pytest
from sqlalchemy import text

from service.auth.members import StaffMember
from service.auth.permissions import Role
from service.batches.commands.delivery import hand_over_batch, receive_batch
from service.batches.queries.batches import BatchRow, get_batch
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.errors import BadRequest, Conflict, NotAllowed
from service.plates.commands import (
    ReplacementRequest,
    install_plate,
    issue_blank_plates,
    open_batch,
    replace_plate,
    void_plate,
)
from service.runs import worker_loop
from service.runs.queries import list_runs
from service.worklists.queries import WorkFilter, list_items
from tests.factories.batches import make_member, read_states, work_off
from tests.factories.hosts import PREFIX
from tests.factories.plates import make_visit

MAKER = "某标牌厂（演示）"


@pytest.fixture
def ready(street: Database, start: Callable[..., BatchRow]) -> BatchRow:
    """A batch whose files are there."""
    batch = start()
    work_off(street, batch)
    return batch


def step(database: Database, command: Callable[..., BatchRow], *arguments: object) -> BatchRow:
    """Do something with a batch, and let this process move its plates."""
    with database.session() as session:
        found = command(session, *arguments)
        (run, *_) = list_runs(session, kind="plate_delivery")
    worker_loop.run_chunks(database, run.id)
    return found


def test_a_batch_goes_to_its_maker_and_comes_back_with_the_work_of_hanging(
    street: Database, officer: StaffMember, ready: BatchRow
) -> None:
    given = step(street, hand_over_batch, ready.id, MAKER, officer)
    assert (given.status, given.maker, given.received_at) == ("handed_over", MAKER, None)
    assert given.handed_over_at is not None
    assert read_states(street, ready) == {"making": 10}
    back = step(street, receive_batch, ready.id, officer)
    assert (back.status, back.maker) == ("received", MAKER)
    assert back.received_at is not None
    assert read_states(street, ready) == {"to_install": 10}
    with street.reading() as session:
        items = list_items(session, WorkFilter(division="330102"))
        tokens = set(session.scalars(text("select token from plate")))
    assert {item.kind for item in items} == {"install"}
    assert {item.token for item in items} == tokens


def test_what_was_hung_or_voided_meanwhile_stays_so(
    street: Database, officer: StaffMember, ready: BatchRow
) -> None:
    with street.session() as session:
        hung, void = session.scalars(text("select token from plate order by token limit 2"))
        install_plate(session, hung, make_visit(), COMMAND_LINE)
        void_plate(session, void, "拆除", make_visit(None), COMMAND_LINE)
        hand_over_batch(session, ready.id, MAKER, officer, accepted=[void])
        (run, *_) = list_runs(session, kind="plate_delivery")
    worker_loop.run_chunks(street, run.id)
    step(street, receive_batch, ready.id, officer)
    assert read_states(street, ready) == {"in_use": 1, "to_install": 8, "void": 1}
    with street.reading() as session:
        items = list_items(session, WorkFilter(division="330102"))
    assert len(items) == 8
    assert not {hung, void} & {item.token for item in items}


def test_a_replacement_that_comes_is_hung_by_the_work_that_ordered_it(
    street: Database, officer: StaffMember, ready: BatchRow
) -> None:
    with street.session() as session:
        old = session.scalars(text("select token from plate limit 1")).one()
        install_plate(session, old, make_visit(), COMMAND_LINE)
        order = ReplacementRequest("破裂", PREFIX, approval_above=100)
        new = replace_plate(session, old, order, make_visit(None), COMMAND_LINE).successor
        number = session.scalar(text("select batch_id from plate where token = :t"), {"t": new})
        assert get_batch(session, number or 0).plates == 1
    step(street, hand_over_batch, number, MAKER, officer)
    step(street, receive_batch, number, officer)
    with street.reading() as session:
        items = list_items(session, WorkFilter(division="330102"))
    assert [(item.kind, item.token) for item in items] == [("replace", old)]


def test_blank_plates_come_back_without_work(street: Database, officer: StaffMember) -> None:
    with street.session() as session:
        batch = open_batch(
            session, name="空白牌", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
        )
        issue_blank_plates(session, batch, "330102", 3, COMMAND_LINE)
        found = get_batch(session, batch.id)
    assert (found.status, found.plates) == ("issued", 3)
    step(street, hand_over_batch, batch.id, MAKER, officer)
    step(street, receive_batch, batch.id, officer)
    assert read_states(street, found) == {"to_install": 3}
    with street.reading() as session:
        assert list_items(session, WorkFilter()) == []


def test_a_step_out_of_turn_a_nameless_maker_and_a_stranger_are_refused(
    street: Database, officer: StaffMember, ready: BatchRow
) -> None:
    with street.session() as session:
        stranger = make_member(session, "stranger", Role.OFFICER, division="330106000000")
        with pytest.raises(NotAllowed):
            hand_over_batch(session, ready.id, MAKER, stranger)
        with pytest.raises(BadRequest, match="a maker"):
            hand_over_batch(session, ready.id, " ", officer)
        with pytest.raises(Conflict, match="received"):
            receive_batch(session, ready.id, officer)
        hand_over_batch(session, ready.id, MAKER, officer)
        with pytest.raises(Conflict, match="handed_over"):
            hand_over_batch(session, ready.id, MAKER, officer)

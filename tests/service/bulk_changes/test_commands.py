"""A change of many goes on where it stopped, from the inside outwards, by what was seen."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import text

from address_model.elements import Numbered
from service.addresses.commands import enter_addresses
from service.addresses.drafts import draft_of
from service.addresses.queries import AddressRow, find_addresses, get_address
from service.auth.members import StaffMember
from service.auth.permissions import Role
from service.bulk_changes import commands
from service.bulk_changes.order import BulkAction, ChangeOrder, order_from
from service.bulk_changes.queries import get_bulk_change, list_done, list_left
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.errors import Conflict, NotAllowed, Outdated
from service.run_kinds import register_run_kinds
from service.runs import worker_loop
from service.runs.queries import RunState
from tests.database import TestDatabase
from tests.factories.batches import make_member, make_street

FREEZE = ChangeOrder(BulkAction.FREEZE, "整治核查")
RETIRE = ChangeOrder(BulkAction.RETIRE, "拆除")


@dataclass(frozen=True)
class Street:
    """Four doors, the first with a room; two colleagues."""

    database: Database
    codes: list[str]
    officer: StaffMember
    colleague: StaffMember

    def rows(self) -> list[AddressRow]:
        with self.database.reading() as session:
            found = find_addresses(session, self.codes)
        return [found[code] for code in self.codes]

    def begin(self, order: ChangeOrder, rows: list[AddressRow], *, above: int = 100) -> int:
        with self.database.session() as session:
            return commands.start_bulk_change(
                session,
                order,
                rows,
                self.officer,
                title="河坊街",
                division="330102000000",
                approval_above=above,
            )

    def states(self) -> list[str]:
        return [row.status for row in self.rows()]


@pytest.fixture
def street(fresh_database: TestDatabase) -> Iterator[Street]:
    register_run_kinds()
    database = Database(fresh_database.app_url)
    with database.session() as session:
        codes = make_street(session, 4)
        held = get_address(session, codes[0])
        room = held.elements._replace(room=Numbered("101", "室"))
        codes += [
            code.digits
            for code in enter_addresses(
                session, [replace(draft_of(held), elements=room)], COMMAND_LINE
            )
        ]
        codes = [code.replace(" ", "") for code in codes]
        officer = make_member(session, "officer", Role.OFFICER, division="330102")
        colleague = make_member(session, "colleague", Role.APPROVER, division="330102")
    yield Street(database, codes, officer, colleague)
    database.dispose()


def test_a_run_that_was_left_goes_on_with_the_next_part(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "CHANGED_AT_ONCE", 2)
    number = street.begin(FREEZE, street.rows())
    parts = iter((False, False, True))
    worker_loop.run_chunks(street.database, number, should_stop=lambda: next(parts))
    assert street.states().count("frozen") == 3  # the room is a part of its own, innermost first
    assert street.states()[4] == "frozen"
    worker_loop.run_chunks(street.database, number)
    assert street.states() == ["frozen"] * 5
    with street.database.reading() as session:
        change = get_bulk_change(session, number)
        assert change.run.state == RunState.DONE
        assert sorted(list_done(session, change)) == sorted(street.codes)


def test_rooms_end_before_their_doors_so_that_all_end_as_seen(street: Street) -> None:
    number = street.begin(RETIRE, street.rows())
    worker_loop.run_chunks(street.database, number)
    assert street.states() == ["retired"] * 5


def test_one_that_was_changed_since_is_left_as_it_is(street: Street) -> None:
    rows = street.rows()
    with street.database.session() as session:
        session.execute(
            text("update address set point_note = '复测' where code = :c"), {"c": street.codes[2]}
        )
    number = street.begin(FREEZE, rows)
    worker_loop.run_chunks(street.database, number)
    assert street.states() == ["frozen", "frozen", "active", "frozen", "frozen"]
    with street.database.reading() as session:
        ((code, why),) = list_left(session, get_bulk_change(session, number))
    assert code == street.codes[2]
    assert "在您看过以后改过" in why


def test_what_is_stopped_stays_as_far_as_it_came(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "CHANGED_AT_ONCE", 1)
    number = street.begin(FREEZE, street.rows())
    parts = iter((False, False, True))
    worker_loop.run_chunks(street.database, number, should_stop=lambda: next(parts))
    with street.database.session() as session:
        commands.stop_bulk_change(session, number, street.officer)
    worker_loop.run_chunks(street.database, number)
    assert street.states().count("frozen") == 2
    with street.database.session() as session, pytest.raises(Conflict):
        commands.stop_bulk_change(session, number, street.officer)


def test_nothing_begins_before_a_second_person_agrees(street: Street) -> None:
    number = street.begin(FREEZE, street.rows(), above=4)
    worker_loop.run_chunks(street.database, number)
    assert street.states() == ["active"] * 5
    with street.database.reading() as session:
        change = get_bulk_change(session, number)
    with street.database.session() as session, pytest.raises(NotAllowed):
        commands.approve_bulk_change(session, number, street.officer, agreed=change.digest)
    with street.database.session() as session, pytest.raises(Conflict, match="not what you have"):
        commands.approve_bulk_change(session, number, street.colleague, agreed="0" * 64)
    with street.database.session() as session, pytest.raises(Outdated):
        commands.approve_bulk_change(
            session, number, street.colleague, agreed=change.digest, seen=99
        )
    with street.database.session() as session:
        commands.approve_bulk_change(session, number, street.colleague, agreed=change.digest)
    worker_loop.run_chunks(street.database, number)
    assert street.states() == ["frozen"] * 5


def test_a_day_of_many_small_changes_needs_a_second_person_too(street: Street) -> None:
    rows = street.rows()
    first = street.begin(FREEZE, rows[:3], above=4)
    second = street.begin(FREEZE, rows[3:], above=4)
    with street.database.reading() as session:
        asked = [get_bulk_change(session, number).is_asked for number in (first, second)]
    assert asked == [False, True]


def test_an_order_is_read_back_as_it_was_given() -> None:
    order = ChangeOrder(
        BulkAction.ELEMENT, "补登", "批文", "2026-12-01", element="estate", value=""
    )
    assert order_from(order.plain) == order
    assert order.cited.detail == {"source": "批文", "dated": "2026-12-01"}

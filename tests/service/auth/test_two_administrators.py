"""What is judged of an account is judged of it as it stands: two at once agree on who is left."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from sqlalchemy import text

from service.auth import commands
from service.auth.commands.sign_in import Attempt
from service.auth.members import Assignment
from service.auth.passwords import is_password
from service.auth.permissions import Permission, Role
from service.auth.queries import get_account
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database, Session
from tests.database import migrated_database
from tests.factories.programs import grant_program
from tests.factories.staff import make_account
from tests.interleaving import Step, interleave_everywhere

WHOLE = Assignment(Role.ADMINISTRATOR)
Act = Callable[[Session, str], object]
_numbers = count(1)
LEFT = text(
    "select count(*) from staff_account a join role_assignment r on r.account_id = a.id "
    "where a.is_active and r.role = 'administrator' and r.division = ''"
)


@pytest.fixture
def staff(fresh: Database) -> Database:
    return fresh


@pytest.fixture(scope="module")
def fresh() -> Iterator[Database]:
    with migrated_database() as made:
        database = Database(made.app_url)
        yield database
        database.dispose()


def withdraw(session: Session, name: str) -> None:
    commands.withdraw_role(session, name, WHOLE, ME)


def disable(session: Session, name: str) -> None:
    commands.disable_account(session, name, ME)


@pytest.mark.parametrize("acts", [(withdraw, withdraw), (withdraw, disable), (disable, disable)])
def test_one_administrator_is_left_however_two_end_each_other(
    staff: Database, acts: tuple[Act, Act]
) -> None:
    def make() -> tuple[Step, Step]:
        with staff.session() as session:
            session.execute(text("update staff_account set is_active = false"))
        names = [f"admin-{next(_numbers)}" for _ in acts]
        for name in names:
            make_account(staff, name, (Role.ADMINISTRATOR, ""))
        one, other = acts
        return lambda s: one(s, names[1]), lambda s: other(s, names[0])

    rounds = 0
    for outcomes in interleave_everywhere(staff, make):
        rounds += 1
        with staff.reading() as session:
            assert session.scalar(LEFT) == 1
        assert sum(outcome.refused is None for outcome in outcomes) == 1
    assert rounds > 4


def test_a_password_that_was_reset_meanwhile_is_not_overwritten(staff: Database) -> None:
    hashes = text("select password_hash from staff_account where name = :n")

    def make() -> tuple[Step, Step]:
        name = f"clerk-{next(_numbers)}"
        make_account(staff, name, (Role.VIEWER, ""))
        with staff.reading() as session:
            account = get_account(session, name)
            held = session.scalar(hashes, {"n": name})
        attempt = Attempt(account.id, name, str(held))

        def change(session: Session) -> str:
            commands.change_password(session, attempt, "correct horse battery staple")
            return name

        return change, lambda s: (name, commands.reset_password(s, name, ME))

    for change, reset in interleave_everywhere(staff, make):
        assert isinstance(reset.result, tuple)
        name, password = map(str, reset.result)
        with staff.reading() as session:
            held = str(session.scalar(hashes, {"n": name}))
        assert is_password(held, password), "the administrator's is the last word"
        assert change.refused is None or "meanwhile" in change.refused.detail


@pytest.mark.parametrize("what", ["account", "client", "grant"])
def test_the_same_twice_at_once_is_made_once_and_never_a_fault(staff: Database, what: str) -> None:
    def make() -> tuple[Step, Step]:
        name = f"same-{next(_numbers)}"
        if what == "grant":
            with staff.session() as session:
                commands.create_client(session, name, ME)

        def step(session: Session) -> None:
            if what == "account":
                commands.create_account(session, name, Assignment(Role.VIEWER), ME)
            elif what == "client":
                commands.create_client(session, name, ME)
            else:
                grant_program(session, name, {Permission.PLATES_READ})

        return step, step

    for outcomes in interleave_everywhere(staff, make):
        done = sum(outcome.refused is None for outcome in outcomes)
        assert done == (2 if what == "grant" else 1)

from sqlalchemy.orm import Session

from service.auth.commands import (
    SAMPLES,
    create_account,
    renew_sample_accounts,
    take_attempt,
)
from service.auth.commands.sign_in import SHELL
from service.auth.members import Assignment
from service.auth.passwords import is_password
from service.auth.permissions import Role
from service.auth.queries import get_account, list_active_samples
from service.core.actor import COMMAND_LINE
from tests.factories import make_place

ZHEJIANG = "330000000000"


def test_a_demos_accounts_have_one_password_that_each_start_renews(session: Session) -> None:
    make_place(session)
    first = renew_sample_accounts(session, ZHEJIANG, COMMAND_LINE)
    second = renew_sample_accounts(session, ZHEJIANG, COMMAND_LINE)
    assert first != second
    assert list_active_samples(session) == sorted(SAMPLES)
    held = take_attempt(session, "demo-officer", SHELL).password_hash
    assert is_password(held, second)
    assert not is_password(held, first)
    account = get_account(session, "demo-officer")
    assert "演示" in account.display_name
    assert not account.must_change_password
    assert account.assignments == (Assignment(Role.OFFICER, ZHEJIANG),)


def test_a_person_who_has_the_name_of_a_demos_account_keeps_the_own_password(
    session: Session,
) -> None:
    make_place(session)
    own = create_account(session, "demo-officer", Assignment(Role.VIEWER, ""), COMMAND_LINE)
    renew_sample_accounts(session, ZHEJIANG, COMMAND_LINE)
    assert is_password(take_attempt(session, "demo-officer", SHELL).password_hash, own)

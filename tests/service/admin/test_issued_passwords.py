"""Whoever sets somebody's password is no second person by it."""

from sqlalchemy import text

from service.auth import commands
from service.auth.members import Assignment
from service.auth.permissions import Role
from service.core.actor import Actor
from service.core.database import Database
from tests.service.admin.bureau import choose, enter, press

ADMIN = Actor("staff", "admin")


def _own_password_is_chosen(database: Database, name: str) -> None:
    """As the form does it: what the first password was does not matter here."""
    with database.session() as session:
        session.execute(
            text("update staff_account set must_change_password = false where name = :name"),
            {"name": name},
        )


def test_an_approver_whose_password_was_reset_approves_a_day_later(street: Database) -> None:
    path = choose(enter(street, "officer"))
    press(enter(street, "officer"), path, "submit")
    with street.session() as session:
        commands.reset_password(session, "colleague", ADMIN)
    _own_password_is_chosen(street, "colleague")
    colleague = enter(street, "colleague")
    refused = colleague.post(f"{path}/approve")
    assert refused.status_code == 403
    assert "密码由他人设置还不满一天" in refused.text
    with street.session() as session:
        session.execute(
            text("update staff_account set password_issued_at = now() - interval '24 hours 1 s'")
        )
    assert press(enter(street, "colleague"), path, "approve") == 303


def test_a_new_approver_of_the_own_making_approves_nothing_today(street: Database) -> None:
    path = choose(enter(street, "officer"))
    press(enter(street, "officer"), path, "submit")
    with street.session() as session:
        commands.create_account(session, "ghost", Assignment(Role.APPROVER, "330102"), ADMIN)
    _own_password_is_chosen(street, "ghost")
    assert press(enter(street, "ghost"), path, "approve") == 403
    assert press(enter(street, "colleague"), path, "approve") == 303


def test_the_page_of_an_account_says_who_set_its_password_and_from_when_it_decides(
    street: Database,
) -> None:
    with street.session() as session:
        commands.create_account(session, "head", Assignment(Role.ADMINISTRATOR), ADMIN)
        commands.reset_password(session, "colleague", ADMIN)
    _own_password_is_chosen(street, "head")
    page = enter(street, "head").get("/admin/accounts/colleague").text
    assert "密码由 staff:admin 设置" in page
    assert "以后才能审批" in page
    assert "以后才能审批" not in enter(street, "head").get("/admin/accounts/officer").text

"""In whose name a command at a shell writes, and whose password it asks for to decide."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from service.auth.commands import disable_account
from service.auth.permissions import Role
from service.batches.commands import approval, batches
from service.cli import COMMANDS
from service.cli.lazy import load
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from tests.command_line import ROOT, Outcome, call
from tests.database import TestDatabase
from tests.factories.batches import make_batch_request, make_member, make_street
from tests.factories.staff import make_account

ACTS_ALONE = {"check.py", "db.py", "demo_data.py", "members.py"}
"""What the system does by itself, and the one place that says who else acts."""


@pytest.fixture
def register(fresh_database: TestDatabase) -> Iterator[Database]:
    database = Database(fresh_database.app_url)
    yield database
    database.dispose()


def create_client(made: TestDatabase, name: str, **settings: str) -> Outcome:
    """A command that writes one thing."""
    return call("clients", "create", name, database=made, **settings)


def last_actor(register: Database) -> str:
    with register.reading() as session:
        last = text("select actor from audit_entry order by position desc limit 1")
        return str(session.scalar(last))


def test_before_the_first_account_the_command_line_itself_acts_and_says_so(
    register: Database, fresh_database: TestDatabase
) -> None:
    done = create_client(fresh_database, "交警")
    assert (done.code, done.err.count("还没有账号")) == (0, 1)
    assert last_actor(register) == "system:command line"
    named = create_client(fresh_database, "住建", account="li")
    assert (named.code, "没有账号 li" in named.err) == (2, True)


def test_the_only_administrator_acts_and_of_two_one_is_to_be_named(
    register: Database, fresh_database: TestDatabase
) -> None:
    make_account(register, "wang", (Role.ADMINISTRATOR, ""))
    make_account(register, "li", (Role.OFFICER, ""))
    done = create_client(fresh_database, "交警")
    assert (done.code, "唯一的管理员 wang" in done.err) == (0, True)
    assert last_actor(register) == "shell:wang"
    make_account(register, "zhang", (Role.ADMINISTRATOR, ""))
    refused = create_client(fresh_database, "住建")
    assert (refused.code, "没有指明以谁的名义办理" in refused.err) == (2, True)
    assert "--account" in refused.err
    with register.session() as session:
        disable_account(session, "zhang", COMMAND_LINE)
    assert create_client(fresh_database, "住建").code == 0


def test_a_named_account_is_in_the_audit_chain_and_must_exist_and_be_active(
    register: Database, fresh_database: TestDatabase
) -> None:
    for name in ("wang", "li"):
        make_account(register, name, (Role.ADMINISTRATOR, ""))
    done = call("clients", "create", "交警", "--account", "LI", database=fresh_database)
    assert (done.code, done.err) == (0, "")
    assert last_actor(register) == "shell:li"
    assert create_client(fresh_database, "住建", account="wang").code == 0
    assert last_actor(register) == "shell:wang"
    unknown = create_client(fresh_database, "消防", account="nobody")
    assert (unknown.code, "没有账号 nobody" in unknown.err) == (2, True)
    assert "menpai accounts list" in unknown.err
    with register.session() as session:
        disable_account(session, "li", COMMAND_LINE)
    ended = create_client(fresh_database, "消防", account="li")
    assert (ended.code, "账号 li 已停用" in ended.err) == (2, True)


def leaves(command: Any) -> Iterator[Any]:
    """A command, or all commands of a group."""
    for inner in getattr(command, "commands", {}).values():
        yield from leaves(inner)
    if not hasattr(command, "commands"):
        yield command


@pytest.mark.parametrize("name", [n for n, e in COMMANDS.items() if e.name == "app" and n != "db"])
def test_every_command_of_a_group_takes_an_account(name: str) -> None:
    for command in leaves(load(name, COMMANDS[name]._replace(more=()))):
        assert "--account" in [opt for one in command.params for opt in one.opts], command.name


def test_no_command_writes_in_nobodys_name() -> None:
    files = (ROOT / "service" / "cli").glob("*.py")
    assert {f.name for f in files if "COMMAND_LINE" in f.read_text("utf-8")} == ACTS_ALONE


@pytest.fixture
def waiting(register: Database) -> str:
    """The number of a batch that awaits approval."""
    with register.session() as session:
        make_street(session, 2)
        author = make_member(session, "author", Role.OFFICER)
        number = batches.choose_batch(session, make_batch_request(), author).batch.id
        approval.submit_batch(session, number, author, approval_above=0)
    return str(number)


def decide(made: TestDatabase, number: str, *more: str, **settings: str) -> Outcome:
    asked = ("plates", "batch", "approve", number, *more)
    return call(*asked, database=made, account="zhang", **settings)


def test_who_decides_at_a_shell_proves_to_be_that_person(
    register: Database, fresh_database: TestDatabase, waiting: str, tmp_path: Path
) -> None:
    password = make_account(register, "zhang", (Role.APPROVER, ""))
    file = tmp_path / "password"
    bare = decide(fresh_database, waiting)
    assert (bare.code, "审批要验证账号 zhang 的密码" in bare.err) == (2, True)
    file.write_text("wrong\n", encoding="utf-8")
    wrong = decide(fresh_database, waiting, password_file=str(file))
    assert (wrong.code, "密码不对" in wrong.err) == (2, True)
    file.write_text(f"{password}\n# 审批\n", encoding="utf-8")
    other = decide(fresh_database, waiting, "--digest", "0" * 64, password_file=str(file))
    assert (other.code, "not what you have read" in other.err) == (2, True)
    status = call("plates", "batch", "status", waiting, "--json", database=fresh_database).json
    seen = ("--digest", status["digest"])
    done = decide(fresh_database, waiting, *seen, password_file=str(file))
    assert done.code == 0, done.err
    with register.reading() as session:
        acts = "select actor from audit_entry where action = 'batches:approve'"
        assert session.scalar(text(acts)) == "shell:zhang"


def test_a_first_password_decides_nothing_and_five_wrong_ones_end_the_attempts(
    register: Database, fresh_database: TestDatabase, waiting: str, tmp_path: Path
) -> None:
    password = make_account(register, "zhang", (Role.APPROVER, ""), ready=False)
    file = tmp_path / "password"
    file.write_text(password, encoding="utf-8")
    first = decide(fresh_database, waiting, password_file=str(file))
    assert (first.code, "初始密码" in first.err) == (2, True)
    with register.session() as session:
        session.execute(text("update staff_account set must_change_password = false"))
    file.write_text("wrong", encoding="utf-8")
    for _ in range(5):
        assert decide(fresh_database, waiting, password_file=str(file)).code == 2
    file.write_text(password, encoding="utf-8")
    late = decide(fresh_database, waiting, password_file=str(file))
    assert (late.code, "密码不对" in late.err) == (2, True)
    with register.reading() as session:
        assert session.scalar(text("select status from plate_batch")) == "awaiting_approval"

"""Units from the shell: opened, filled, closed; and what `menpai check` says of mixed roles."""

from sqlalchemy import text

from service.auth.permissions import Role
from service.core.database import Database
from tests.command_line import call
from tests.database import TestDatabase
from tests.factories import make_place
from tests.factories.staff import make_account


def test_a_unit_is_opened_filled_and_closed(fresh_database: TestDatabase) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        make_place(session)
    make_account(database, "boss", (Role.ADMINISTRATOR, ""))
    make_account(database, "li", (Role.VIEWER, "330106"))
    database.dispose()

    def units(*arguments: str) -> str:
        done = call("units", *arguments, database=fresh_database)
        assert done.code == 0, done.err
        return done.out.strip()

    place = ("--division", "330102", "--kind", "public_security")
    bureau = units("open", "上城区公安分局", *place, "--phone", "0571-87654321")
    below = ("--division", "330102001", "--kind", "police_station", "--parent", bureau)
    station = units("open", "清波派出所", *below, "--begins", "2026-01-01")
    units("correct", station, "--name", "清波街派出所")
    assert units("list", "--division", "330102").splitlines() == [
        f"{bureau}\t330102000000\t公安局、分局\t上城区公安分局",
        f"{station}\t330102001000\t派出所\t清波街派出所",
    ]
    post = units("open-post", station, "户籍民警", "--role", "officer")
    units("appoint", station, post, "LI")
    units("move-account", "li", "--to", station)
    shown = call("units", "show", station, "--json", database=fresh_database).json
    [held] = shown["posts"]
    assert (held["role"], held["holders"][0]["account"]) == ("officer", "li")
    assert "地址专员 330102001000" in call("accounts", "list", database=fresh_database).out
    refused = call("units", "close", bureau, database=fresh_database)
    assert (refused.code, "清波街派出所" in refused.err) == (2, True)
    units("relieve", station, str(held["holders"][0]["holding"]), "--last-day", "2026-02-01")
    units("close-post", station, post)
    units("close", station)
    assert "地址专员" not in call("accounts", "list", database=fresh_database).out


def test_check_names_accounts_that_combine_what_is_kept_apart(
    fresh_database: TestDatabase,
) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        make_place(session)
    make_account(database, "boss", (Role.ADMINISTRATOR, ""))
    make_account(database, "mixed", (Role.OFFICER, "330102"), (Role.AUDITOR, ""))
    make_account(database, "gone", (Role.OFFICER, ""), (Role.AUDITOR, ""))
    make_account(database, "both", (Role.OFFICER, ""), (Role.APPROVER, ""), (Role.VIEWER, ""))
    with database.session() as session:
        session.execute(text("update staff_account set is_active = false where name = 'gone'"))
    database.dispose()
    checks = call("check", "--json", database=fresh_database).json["checks"]
    [found] = [one for one in checks if "administration, audit" in one["title"]]
    assert not found["ok"]
    assert "mixed" in found["fault"]
    assert not any(name in found["fault"] for name in ("boss", "gone", "both"))

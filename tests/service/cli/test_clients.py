import pytest

from service.auth.commands import create_client, revoke_keys_of
from service.auth.names import require_name
from service.auth.permissions import Permission
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.errors import BadRequest
from tests.command_line import Outcome, call
from tests.database import TestDatabase
from tests.factories.programs import grant_program


def test_clients_are_listed_with_the_beginnings_of_their_keys(fresh_database: TestDatabase) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        key = create_client(session, "water", COMMAND_LINE)
        grant_program(session, "water", {Permission.PLATES_INSTALL})
        create_client(session, "gas", COMMAND_LINE)
        revoke_keys_of(session, "gas", COMMAND_LINE)
    database.dispose()
    listed = call("clients", "list", "--json", database=fresh_database).json["clients"]
    gas, water = listed
    assert (gas["client"], gas["keys"]) == ("gas", [])
    assert [one["prefix"] for one in water["keys"]] == [key.prefix]
    (grant,) = water["grants"]
    assert (grant["permissions"], grant["division"]) == (["plates:install"], "")
    told = call("clients", "list", database=fresh_database).out
    assert f"mp_{key.prefix}_…" in told
    assert "permissions plates:install" in told
    assert key.secret not in told + str(listed)


@pytest.mark.parametrize("name", ["new", "NEW", "ｎｅｗ "])
def test_no_account_has_the_name_of_a_page(name: str) -> None:
    with pytest.raises(BadRequest, match="reserved for a page"):
        require_name(name)


def test_a_grant_is_given_listed_and_withdrawn_at_the_shell(fresh_database: TestDatabase) -> None:
    def run(*words: str) -> Outcome:
        return call("clients", *words, "--json", database=fresh_database)

    assert run("create", "water", "--owner", "水务局").code == 0
    given = run(
        *("grant", "water", "addresses:read", "addresses:resolve", "--fields", "public"),
        *("--fields", "register", "--deep", "--per-minute", "60", "--network", "10.1.0.0/16"),
    ).json
    assert given["permissions"] == ["addresses:read", "addresses:resolve"]
    assert (given["fields"], given["deep"]) == (["public", "register"], True)
    assert (given["per_minute"], given["per_day"]) == (60, 100_000)
    (listed,) = run("list").json["clients"]
    assert (listed["owner"], [one["grant"] for one in listed["grants"]]) == (
        "水务局",
        [given["grant"]],
    )
    number = str(given["grant"])
    assert run("withdraw", number, "--seen", "9").code != 0
    assert run("withdraw", number, "--seen", "1").code == 0
    assert run("withdraw", number).code != 0
    assert run("list").json["clients"][0]["grants"] == []
    assert run("grant", "water", "addresses:read", "--division", "33020").code != 0
    assert run("grant", "water", "audit:read").code != 0
    assert run("close", "water").code == 0
    assert run("add-key", "water").code != 0

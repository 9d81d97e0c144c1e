import pytest

from service.auth.commands import create_client, grant_client, revoke_keys_of
from service.auth.names import require_name
from service.auth.permissions import Permission
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.errors import BadRequest
from tests.command_line import call
from tests.database import TestDatabase


def test_clients_are_listed_with_the_beginnings_of_their_keys(fresh_database: TestDatabase) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        key = create_client(session, "water", COMMAND_LINE)
        grant_client(session, "water", Permission.PLATES_INSTALL, "330102", COMMAND_LINE)
        create_client(session, "gas", COMMAND_LINE)
        revoke_keys_of(session, "gas", COMMAND_LINE)
    database.dispose()
    listed = call("clients", "list", "--json", database=fresh_database).json["clients"]
    gas, water = listed
    assert (gas["client"], gas["keys"]) == ("gas", [])
    assert [one["prefix"] for one in water["keys"]] == [key.prefix]
    assert water["grants"] == [{"permission": "plates:install", "division": "330102"}]
    told = call("clients", "list", database=fresh_database).out
    assert f"mp_{key.prefix}_…" in told
    assert key.secret not in told + str(listed)


@pytest.mark.parametrize("name", ["new", "NEW", "ｎｅｗ "])
def test_no_account_has_the_name_of_a_page(name: str) -> None:
    with pytest.raises(BadRequest, match="reserved for a page"):
        require_name(name)

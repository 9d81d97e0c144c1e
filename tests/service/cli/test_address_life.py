from service.addresses.commands import enter_addresses
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from tests.command_line import menpai
from tests.database import TestDatabase
from tests.factories import make_draft, make_place


def test_an_officer_names_freezes_and_retires_addresses(fresh_database: TestDatabase) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        place = make_place(session)
        drafts = [make_draft(place, number) for number in ("1", "3")]
        old, new = map(str, enter_addresses(session, drafts, COMMAND_LINE))
    database.dispose()

    def addresses(*arguments: str) -> tuple[int, object]:
        done = menpai("addresses", *arguments, database=fresh_database)
        return done.code, done.json if "--json" in arguments else done.err

    code, _ = addresses("name", new, "--text", "东方示例大厦", "--kind", "alias", "--json")
    assert code == 0
    assert addresses("freeze", old, "--reason", "争议", "--json")[1]["status"] == "frozen"  # type: ignore[index]
    refused = addresses("move", old, "--lon", "120.16", "--lat", "30.24")
    assert refused[0] == 2
    assert "unfreeze" in str(refused[1])
    ended = addresses("retire", old, "--reason", "并户", "--successor", new, "--json")[1]
    assert (ended["status"], ended["successor"]) == ("replaced", new)  # type: ignore[index]

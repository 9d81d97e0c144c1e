"""What `menpai check` and `serve` say of the standby."""

from collections.abc import Iterator

import pytest

from service.changes.commands import Action, ChangeNote, Subject, record
from service.cli import standby as module
from service.cli.options import open_database
from service.cli.production import require_production
from service.cli.standby import find_foreign_register, find_standby_lag
from service.core.database import Database
from service.core.errors import DatabaseUnreachable
from service.core.faults import EnvironmentFault
from service.core.settings import Settings, get_settings
from tests.database import TestDatabase, migrated_database
from tests.factories.hosts import PUBLIC_URL
from tests.factories.plates import make_plates
from tests.standby import standby_of, write_beside

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Database, TestDatabase]]:
    """A register, and its copy that lacks the newest changes."""
    with migrated_database() as made:
        write_beside(made.app_url, lambda session: make_plates(session, 2))
        with standby_of(made) as copy:
            database = Database(made.app_url)
            with database.session() as session:
                record(session, [ChangeNote(Subject.PLATE, "K7", Action.CHANGED, "")])
            yield database, copy
            database.dispose()


def read_from(url: str) -> Settings:
    return Settings(read_database_url=url)


def test_without_a_standby_nothing_is_asked(pair: tuple[Database, TestDatabase]) -> None:
    assert find_foreign_register(Settings(), pair[0]) == ""
    assert find_standby_lag(Settings(), pair[0]) == ""


def test_a_copy_is_the_same_register_and_another_is_not(
    pair: tuple[Database, TestDatabase], fresh_database: TestDatabase
) -> None:
    database, copy = pair
    assert find_foreign_register(read_from(copy.app_url), database) == ""
    write_beside(fresh_database.app_url, lambda session: make_plates(session, 3))
    found = find_foreign_register(read_from(fresh_database.app_url), database)
    assert found == "MENPAI_READ_DATABASE_URL is another register"


def test_a_standby_that_is_away_keeps_nobody_from_serving_and_is_told_by_check(
    pair: tuple[Database, TestDatabase],
) -> None:
    assert find_foreign_register(read_from(NOWHERE), pair[0]) == ""
    with pytest.raises(DatabaseUnreachable):
        find_standby_lag(read_from(NOWHERE), pair[0])


def test_a_server_begins_on_the_standby_while_the_primary_is_away(
    pair: tuple[Database, TestDatabase],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MENPAI_DATABASE_URL", NOWHERE)
    with pytest.raises(EnvironmentFault):
        open_database()
    monkeypatch.setenv("MENPAI_READ_DATABASE_URL", pair[1].app_url)
    get_settings.cache_clear()
    database = open_database()
    require_production(Settings(read_database_url=pair[1].app_url, public_url=PUBLIC_URL), database)
    with pytest.raises(EnvironmentFault, match="MENPAI_PUBLIC_URL"):
        require_production(Settings(read_database_url=pair[1].app_url), database)
    with pytest.raises(DatabaseUnreachable):
        require_production(Settings(read_database_url=None, public_url=PUBLIC_URL), database)
    database.dispose()
    assert "its standby does, for reading only" in capfd.readouterr().err


def test_one_that_replays_nothing_or_lags_is_told(
    pair: tuple[Database, TestDatabase], monkeypatch: pytest.MonkeyPatch
) -> None:
    database, copy = pair
    assert "it was promoted" in find_standby_lag(read_from(copy.app_url), database)
    monkeypatch.setattr(module, "is_replica", lambda _: True)
    monkeypatch.setattr(module, "LAG_S", 0.0)
    assert find_standby_lag(read_from(copy.app_url), database).startswith("it lacks ")
    assert find_standby_lag(read_from(database.url), database) == ""

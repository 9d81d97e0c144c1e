"""Photos given to commands count in the day's quota, and stay only with an event."""

from pathlib import Path

import pytest
from PIL import Image

from service.core.database import Database
from service.plates.queries.events import list_events
from tests.command_line import Outcome, call
from tests.database import TestDatabase
from tests.factories.plates import make_plates


@pytest.fixture
def tokens(fresh_database: TestDatabase) -> list[str]:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        made = make_plates(session, 2)
    database.dispose()
    return made


def test_commands_send_so_many_photos_a_day(
    fresh_database: TestDatabase, tokens: list[str], tmp_path: Path
) -> None:
    home = tmp_path / "home"

    def send(command: str, token: str, colour: str, *more: str) -> Outcome:
        photo = tmp_path / f"{colour}.png"
        Image.new("RGB", (64, 64), colour).save(photo)
        said = ("plates", command, token, "--photo", str(photo), *more)
        return call(*said, database=fresh_database, home=str(home), photo_limit="2")

    def kept() -> int:
        return len(list((home / "files").rglob("*.jpg")))

    assert send("install", tokens[0], "red").code == 0
    assert kept() == 1
    refused = send("install", tokens[0], "blue")
    assert (refused.code, kept()) == (2, 1)
    assert send("confirm", tokens[0], "red").code == 0
    full = send("confirm", tokens[0], "green")
    assert (full.code, kept()) == (2, 1)
    assert "2 photos" in full.err
    database = Database(fresh_database.app_url)
    with database.reading() as session:
        assert len(list_events(session, tokens[0])) == 2
    database.dispose()

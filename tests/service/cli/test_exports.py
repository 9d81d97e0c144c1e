"""Whatever leaves the register in a file leaves an entry: which records, how many."""

from pathlib import Path

import pytest
from sqlalchemy import text

from service.core.database import Database
from tests.command_line import call
from tests.database import TestDatabase


@pytest.mark.parametrize(
    ("command", "action"),
    [
        (("addresses", "export"), "addresses:export"),
        (("addresses", "position", "export"), "positions:export"),
        (("heritage", "export"), "heritage:export"),
        (("placenames", "export"), "place_names:export"),
    ],
)
def test_an_export_is_noted(
    fresh_database: TestDatabase, tmp_path: Path, command: tuple[str, ...], action: str
) -> None:
    out = tmp_path / "out.csv"
    done = call(*command, str(out), "--division", "3301", database=fresh_database)
    assert done.code == 0, done.err
    assert out.exists()
    database = Database(fresh_database.app_url)
    with database.reading() as session:
        entry = session.execute(text("select action, subject, detail from audit_entry")).one()
    database.dispose()
    assert tuple(entry) == (action, "out.csv", {"count": 0, "division": "3301"})

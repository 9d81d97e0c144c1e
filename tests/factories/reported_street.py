"""A served street whose residents report, and the fields of their forms."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from fastapi.testclient import TestClient
from sqlalchemy import select

from address_model.tables import Report
from service.app import create_app
from service.core.database import Database
from service.core.settings import Settings
from tests.database import migrated_database
from tests.factories import make_plates
from tests.factories.hosts import PUBLIC_URL


@dataclass(frozen=True)
class Street:
    """A served street."""

    database: Database
    settings: Settings
    web: TestClient
    plates: list[str]

    def reports(self) -> list[Report]:
        with self.database.reading() as session:
            found = list(session.scalars(select(Report).order_by(Report.received_at)))
            session.expunge_all()
            return found


@contextmanager
def reported_street(home: Path) -> Iterator[Street]:
    """Three plates of 河坊街 in use, with a home for the files."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            plates = make_plates(session, 3, status="in_use")
        settings = Settings(public_url=PUBLIC_URL, home=home, files_url=str(home / "files"))
        with TestClient(
            create_app(database, settings), base_url=PUBLIC_URL, follow_redirects=False
        ) as web:
            yield Street(database, settings, web, plates)
        database.dispose()


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form of a page."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in found}

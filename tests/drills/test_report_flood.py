"""A flood of 100,000 reports by scripts: limits hold, neighbours are heard, the disk is bounded.

Four writers send reports of a fifth of a town's plates, with photos now and then; between them
residents report plates that the scripts do not know. The limit by client address is before all
this (``service.core.limits``) and left out: scripts have many addresses. Some ten minutes.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from random import Random
from threading import Lock

import pytest
from PIL import Image
from sqlalchemy import func, select

from address_model.reports import ReportKind
from address_model.tables import Report, WorkItem
from service.core.database import Database
from service.core.files import FileStore
from service.core.settings import Settings
from service.reports.commands import ReportLimitReached, file_report
from service.reports.drafts import ReportDraft, ReportLimits
from service.reports.photos import NoRoomForPhoto, count_photo, keep_photo, take_photo
from tests.database import TestDatabase
from tests.factories import make_plates

pytestmark = pytest.mark.drill
REPORTS, HONEST, PLATES, WRITERS = 100_000, 200, 1_000, 4
PHOTO_EVERY = 500
LIMITS = ReportLimits()


@dataclass
class Flood:
    """What became of the reports of scripts and of residents."""

    database: Database
    settings: Settings
    files: FileStore
    tokens: list[str]
    heard: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def report(self, who: str, token: str, kind: ReportKind, once: str) -> None:
        """Send a report; count what became of it."""
        try:
            with self.database.session() as session:
                file_report(session, ReportDraft(kind, once, token), LIMITS)
            said = "taken"
        except ReportLimitReached:
            said = "refused"
        with self.lock:
            self.heard[f"{who} {said}"] += 1

    def attach(self, token: str, photo: bytes) -> None:
        """Attach a photo to a form that is never sent."""
        try:
            with self.database.session() as session:
                count_photo(session, token, self.settings)
            made = take_photo(BytesIO(photo))
            assert made is not None
            keep_photo(self.files, made)
            said = "taken"
        except NoRoomForPhoto:
            said = "refused"
        with self.lock:
            self.heard[f"photo {said}"] += 1

    def send(self, writer: int) -> None:
        """The reports of one writer, and of the residents who come in between."""
        drawn, known = Random(writer), self.tokens[: PLATES // 5]
        neighbours = iter(self.tokens[PLATES // 5 + writer :: WRITERS])
        each, photo = REPORTS // WRITERS, picture()
        for n in range(each):
            kind = drawn.choice(list(ReportKind))
            self.report("script", drawn.choice(known), kind, f"script-{writer}-{n}-0123456789")
            if n % PHOTO_EVERY == 0:
                self.attach(drawn.choice(known), photo)
            if n % (each * WRITERS // HONEST) == 0:
                once = f"resident-{writer}-{n}-0123456789"
                self.report("resident", next(neighbours), ReportKind.BROKEN, once)


def picture() -> bytes:
    """A photo of a phone."""
    out = BytesIO()
    Image.effect_noise((1600, 1200), 80).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def test_a_flood_silences_nobody_and_fills_no_disk(
    fresh_database: TestDatabase, tmp_path: Path
) -> None:
    database = Database(fresh_database.app_url, pool_size=2 * WRITERS)
    with database.session() as session:
        tokens = make_plates(session, PLATES, status="in_use")
    files = FileStore(str(tmp_path))
    flood = Flood(database, Settings(home=tmp_path, report_photo_limit=40), files, tokens)
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(flood.send, range(WRITERS)))
    print(dict(flood.heard))  # noqa: T201
    assert flood.heard["script taken"] + flood.heard["script refused"] == REPORTS
    assert flood.heard["script taken"] <= PLATES // 5 * LIMITS.a_plate * 2  # two hours at most
    assert flood.heard["resident taken"] >= 0.95 * HONEST
    with database.reading() as session:
        rows = session.scalar(select(func.count()).select_from(Report))
        items = session.scalar(select(func.count()).select_from(WorkItem))
    taken = flood.heard["script taken"] + flood.heard["resident taken"]
    assert rows == taken
    assert items == PLATES // 5 + flood.heard["resident taken"]
    assert flood.heard["photo taken"] <= 2 * 40
    stored = [one for one in tmp_path.rglob("*.jpg") if one.is_file()]
    assert len(stored) == flood.heard["photo taken"]
    assert sum(one.stat().st_size for one in stored) < 80 << 20
    database.dispose()

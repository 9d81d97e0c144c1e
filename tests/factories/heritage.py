"""Entries made for one test, and the catalogue's pages served over a session."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.heritage.catalogue import CatalogueEntry, PlaceNameRecord
from service.core.settings import Settings
from service.core.web import _reading_anywhere
from service.heritage import pages
from service.heritage.queries.search import EntrySummary
from service.scans.reader import find_reader
from service.scans.site import Site
from service.scans.templates import page_context
from tests.factories.pages import SITE

DIVISION = "330424000000"
HERE = Point(120.9, 30.5)
HAIYAN, WUZHEN, HEFANG, ZHUGE, YIWU = "ZJH-0001", "ZJH-0048", "ZJH-0087", "ZJH-0080", "ZJH-0009"


def _frame(site: Site, request: Request) -> dict[str, object]:
    return page_context(site, find_reader(request.url.query))


@contextmanager
def heritage_client(session: Session) -> Iterator[TestClient]:
    """A client of the catalogue's pages alone."""
    app = FastAPI()
    app.state.settings = Settings()
    app.include_router(pages.make_router(partial(_frame, SITE)))
    app.dependency_overrides[_reading_anywhere] = lambda: session
    with TestClient(app, follow_redirects=False) as client:
        yield client


def place_of(**values: object) -> PlaceNameRecord:
    """A place name with the given fields."""
    given = {
        "number": "T-1",
        "standard_name": "示例县",
        "kind": "county",
        "division": DIVISION,
    }
    return PlaceNameRecord(**given | values)  # type: ignore[arg-type]


def entry_of(place: PlaceNameRecord | None = None, **values: object) -> CatalogueEntry:
    """An entry with the given fields."""
    given = {"id": "T-1", "place": place or place_of(), "heritage_class": "ancient_county"}
    return CatalogueEntry(**given | values)  # type: ignore[arg-type]


def summary_of(name: str = "示例县", point: Point | None = HERE, **values: object) -> EntrySummary:
    """A summary for lists and sketches."""
    given: dict[str, object] = {
        "id": f"T-{name}", "name": name, "pinyin": "", "needs_review": False,
        "heritage_class": "ancient_county", "class_name": "千年古县",
        "story_zh": "", "story_en": "",
        "division": DIVISION, "county": "海盐县", "city": "嘉兴市", "settlement_since": None,
        "name_since": None, "dynasty": "", "confidence": "", "review_state": "imported",
        "precision": "county_seat_1km", "point": point,
    }  # fmt: skip
    return EntrySummary(**given | values)  # type: ignore[arg-type]

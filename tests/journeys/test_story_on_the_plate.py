"""A resident scans a plate, reads one line about the place, and opens its entry."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from address_model.shipped import data_folder
from service.app import create_app
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import get_settings
from service.divisions.commands import load_divisions
from service.divisions.sources import read_divisions
from service.heritage.commands import load_catalogue
from service.heritage.seed import read_seed
from service.linking.commands import link_places
from service.plates.commands import issue_plates, open_batch
from tests.database import migrated_database
from tests.factories.doors import enter
from tests.factories.hosts import PREFIX

DOORS = {
    "河坊街": ("330102001", {"county": "上城区", "thoroughfare": "河坊街"}),
    "诸葛村": ("330781104", {"county": "兰溪市", "natural_village": "诸葛村"}),
    "永嘉": ("330324108", {"county": "永嘉县", "natural_village": "芙蓉村"}),
    "临海": ("331082114", {"county": "临海市", "natural_village": "芙蓉村"}),
}
ENTRIES = {"河坊街": "ZJH-0087", "诸葛村": "ZJH-0080", "永嘉": "ZJH-0067", "临海": "ZJH-0076"}


@pytest.fixture(scope="module")
def walk() -> Iterator[tuple[TestClient, dict[str, str]]]:
    """A phone before a whole server, and the tokens of four plates by where they hang."""
    with migrated_database() as made:
        engine = create_engine(made.app_url)
        with Session(engine) as session:
            lists = data_folder() / "divisions" / "zj_divisions_2023.csv.gz"
            load_divisions(session, read_divisions(lists), "nbs", "2023")
            seed = read_seed(data_folder() / "heritage")
            load_catalogue(session, seed.entries, seed.schemes, COMMAND_LINE)
            codes = [enter(session, division, **more) for division, more in DOORS.values()]
            link_places(session, COMMAND_LINE)
            batch = open_batch(
                session, name="t", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
            )
            tokens = issue_plates(session, batch, codes, COMMAND_LINE, status="in_use")
            session.commit()
        engine.dispose()
        app = create_app(Database(made.app_url), get_settings())
        with TestClient(app, follow_redirects=False) as phone:
            yield phone, dict(zip(DOORS, tokens, strict=True))


def story_of(page: str) -> tuple[str, str]:
    """(Address of the entry, the one line) of a scan page."""
    found = re.search(
        r'<section class="story">.*?href="([^"]+)"[^>]*>(.*?)</section>', page, re.DOTALL
    )
    assert found, "the page tells no story"
    return unescape(found[1]), unescape(re.sub(r"<[^>]+>", "", found[2]))


@pytest.mark.parametrize("where", list(DOORS))
def test_a_scan_shows_one_line_and_opens_the_entry_of_its_own_place(
    walk: tuple[TestClient, dict[str, str]], where: str
) -> None:
    phone, tokens = walk
    page = phone.get(f"/{tokens[where]}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    path, line = story_of(page.text)
    assert path == f"/heritage/{ENTRIES[where]}"
    twin = phone.get(f"/{tokens[where]}", headers={"Accept": "application/json"}).json()
    assert twin["story"]["path"] == path
    assert twin["story"]["zh"] in line
    entry = phone.get(path, headers={"Accept": "text/html"})
    assert entry.status_code == 200
    code = twin["code"].replace(" ", "")
    assert f'href="/a/{code}"' in entry.text, "the entry shows the door it was reached from"


def test_no_entry_tells_the_token_of_a_plate(
    walk: tuple[TestClient, dict[str, str]],
) -> None:
    """Who has a token sees the contacts of its plate: it is to be read off the wall alone."""
    phone, tokens = walk
    for entry in ENTRIES.values():
        for kind in ("text/html", "application/json"):
            for path in (f"/heritage/{entry}", f"/api/v1/heritage/{entry}"):
                text = phone.get(path, headers={"Accept": kind}).text
                assert not [token for token in tokens.values() if token in text]


def test_the_line_of_hefang_street_is_that_of_the_prince(
    walk: tuple[TestClient, dict[str, str]],
) -> None:
    phone, tokens = walk
    _, line = story_of(phone.get(f"/{tokens['河坊街']}", headers={"Accept": "text/html"}).text)
    assert "清河郡王张俊" in line
    english = phone.get(f"/{tokens['河坊街']}?lang=en", headers={"Accept": "text/html"})
    path, line = story_of(english.text)
    assert "Zhang Jun" in line
    assert path == "/heritage/ZJH-0087?lang=en"


def test_the_two_furong_villages_are_never_mixed_on_any_page(
    walk: tuple[TestClient, dict[str, str]],
) -> None:
    phone, tokens = walk
    for here, other in (("永嘉", "临海"), ("临海", "永嘉")):
        for page in (f"/{tokens[here]}", f"/heritage/{ENTRIES[here]}"):
            text = phone.get(page, headers={"Accept": "text/html"}).text
            assert tokens[other] not in text
            assert f"/heritage/{ENTRIES[other]}" not in re.sub(
                r'<section[^>]*class="near.*?</section>', "", text, flags=re.DOTALL
            )


def test_the_page_of_an_estimated_place_says_no_distance(
    walk: tuple[TestClient, dict[str, str]],
) -> None:
    phone, _ = walk
    page = phone.get("/heritage/ZJH-0087", headers={"Accept": "text/html"}).text
    assert "估计位置" in page
    assert not re.search(r"约 ?\d+ ?(米|公里)", re.sub(r"<[^>]+>", "", page.split("附近")[-1]))

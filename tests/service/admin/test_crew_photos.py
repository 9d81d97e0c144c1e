"""Photos of crews: kept with an event alone, for who reads that plate, and for nobody beside."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from service.auth.permissions import Role
from service.core.settings import Settings
from service.plates.queries.events import list_events
from tests.factories.office import COUNTIES, Office, insert_account, opened_office
from tests.factories.staff import SignedIn, open_browser, sign_in
from tests.service.admin.test_crew import EVENT, symbol_photo


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as made:
        with made.database.session() as session:
            insert_account(session, "li", Role.CREW, COUNTIES["own"])
            insert_account(session, "mate", Role.CREW, COUNTIES["own"])
            insert_account(session, "few", Role.CREW, COUNTIES["own"])
            insert_account(session, "hu", Role.CREW, COUNTIES["foreign"])
        yield made


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def person(office: Office, home: Path, name: str, photo_limit: int = 300) -> SignedIn:
    settings = Settings(home=home, photo_limit=photo_limit)
    return sign_in(office.database, name, open_browser(office.database, settings))


def send(crew: SignedIn, picture: bytes) -> Any:
    files = {"photo": ("a.jpg", picture, "image/jpeg")}
    return crew.browser.post("/crew", data={"form_token": crew.form_token}, files=files)


def kept_in(home: Path) -> list[str]:
    return sorted(str(file.relative_to(home)) for file in home.rglob("*") if file.is_file())


def record(crew: SignedIn, token: str, **fields: str) -> Any:
    event_id = EVENT.search(crew.browser.get(f"/crew/{token}").text)
    assert event_id
    return crew.post(f"/crew/{token}", event_id=event_id[1], **fields)


def test_a_photo_without_a_plate_is_not_kept(office: Office, home: Path) -> None:
    crew = person(office, home, "li")
    for picture in (symbol_photo("0000000000")[:500], b"no picture"):
        assert send(crew, picture).status_code == 422
    assert kept_in(home) == []


def test_a_photo_is_seen_by_its_sender_then_by_those_of_the_county(
    office: Office, home: Path
) -> None:
    token = office.plates["own"]
    crew, mate, foreign = (person(office, home, name) for name in ("li", "mate", "hu"))
    digest = send(crew, symbol_photo(token)).headers["location"].partition("?photo=")[2]
    path = f"/crew/photos/{digest}.jpg"
    seen = [one.browser.get(path).status_code for one in (crew, mate, foreign)]
    assert seen == [200, 404, 404]
    assert record(crew, token, what="well", kept=digest).status_code == 303
    with office.database.reading() as session:
        assert list_events(session, token)[0].photo == f"photos/{digest[:2]}/{digest}.jpg"
    answers = [one.browser.get(path) for one in (crew, mate, foreign)]
    assert [one.status_code for one in answers] == [200, 200, 404]
    assert answers[1].headers["cache-control"] == "private, no-store"
    with office.database.reading() as session:
        noted = text("select actor from audit_entry where action = 'photos:send' and subject = :d")
        assert session.scalar(noted, {"d": digest}) == "staff:li"


def test_a_photo_of_a_visit_that_is_refused_goes_again(office: Office, home: Path) -> None:
    token = office.plates["own"]
    crew = person(office, home, "mate")
    digest = (
        send(crew, symbol_photo(office.plates["foreign"]))
        .headers["location"]
        .partition("?photo=")[2]
    )
    assert record(crew, token, what="installed", kept=digest, lon="500").status_code == 422
    assert record(crew, token, code="3301061234567833", kept=digest).status_code >= 400
    assert [name for name in kept_in(home) if "/photos/" in name] == []


def test_files_are_for_our_own_user_alone(office: Office, home: Path) -> None:
    (home / "files" / "photos").mkdir(parents=True, mode=0o755)
    crew, token = person(office, home, "li"), office.plates["own"]
    digest = send(crew, symbol_photo(token)).headers["location"].partition("?photo=")[2]
    record(crew, token, what="well", kept=digest)
    for found in (home / "files").rglob("*"):
        assert found.stat().st_mode & 0o777 == (0o700 if found.is_dir() else 0o600), found
    assert (home / "files").stat().st_mode & 0o777 == 0o700


def test_a_day_has_only_so_many_photos_and_older_ones_go(office: Office, home: Path) -> None:
    crew, token = person(office, home, "few", photo_limit=2), office.plates["own"]
    own = home / "files" / "photos-waiting"
    pictures = [symbol_photo(token), symbol_photo(office.plates["foreign"])]
    assert send(crew, pictures[0]).status_code == 303
    (number,) = own.iterdir()
    old = number / "20200101" / f"{'0' * 64}.jpg"
    old.parent.mkdir()
    old.write_bytes(b"old")
    assert send(crew, pictures[1]).status_code == 303
    assert not old.exists()
    assert send(crew, pictures[0]).status_code == 303  # the same one again
    refused = send(crew, symbol_photo(token, left=200))
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 86_400
    assert re.search("今天已经传了 2 张照片", refused.text)
    assert send(person(office, home, "mate"), pictures[0]).status_code == 303

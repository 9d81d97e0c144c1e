"""Guessing passwords: who guesses is stopped, and nobody else; and nobody learns who is there."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, text

from service.app import create_app
from service.auth import commands, passwords
from service.auth.commands import sign_in as attempts
from service.auth.permissions import Role
from service.auth.queries import get_account
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.limits import Limit
from service.core.settings import Settings
from tests.factories.staff import make_account

EVERYWHERE = (Role.OFFICER, "")
BROWSER = "menpai_browser"
HOME, AWAY = "198.51.100.7", "203.0.113.9"


@pytest.fixture(scope="module")
def app(office: Database) -> Any:
    made = create_app(office, Settings())
    made.fastapi.state.gate = None
    return made


def browser_at(app: Any, address: str) -> TestClient:
    client = TestClient(app, client=(address, 1), follow_redirects=False)
    client.headers["accept"] = "text/html"
    return client


def enter(browser: TestClient, name: str, password: str) -> Any:
    return browser.post("/admin/sign-in", data={"name": name, "password": password})


def test_who_guesses_is_stopped_and_nobody_can_tell(office: Database, app: Any) -> None:
    right = make_account(office, "sought", EVERYWHERE)
    make_account(office, "gone", EVERYWHERE)
    with office.session() as session:
        commands.disable_account(session, "gone", COMMAND_LINE)
    guesser = browser_at(app, AWAY)
    pages = set()
    for name in ("sought", "gone", "nobody-at-all"):
        for _ in range(7):
            answer = enter(guesser, name, "wrong")
            assert answer.status_code == 403
            pages.add(answer.text.replace(name, "NAME"))
    late = enter(guesser, "sought", right)
    assert late.status_code == 403
    assert {*pages, late.text.replace("sought", "NAME")} == {pages.pop()}
    with office.session() as session:
        session.execute(text("update request_count set started_at = now() - interval '16 min'"))
    assert enter(guesser, "sought", right).status_code == 303


def test_a_stranger_locks_out_nobody_but_himself(office: Database, app: Any) -> None:
    right = make_account(office, "director", EVERYWHERE)
    guesser = browser_at(app, AWAY)
    for _ in range(20):
        enter(guesser, "director", "wrong")
    assert enter(guesser, "director", right).status_code == 403
    assert enter(browser_at(app, HOME), "director", right).status_code == 303


def test_a_known_browser_gets_through_whatever_strangers_do(
    office: Database, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "OF_STRANGERS", Limit("password_strangers", 6, 3600))
    right = make_account(office, "mayor", EVERYWHERE)
    known = browser_at(app, HOME)
    assert enter(known, "mayor", right).status_code == 303
    for number in range(12):
        enter(browser_at(app, f"192.0.2.{number}"), "mayor", "wrong")
    fresh = browser_at(app, "192.0.2.200")
    assert enter(fresh, "mayor", right).status_code == 403, "guessed at from many networks"
    assert enter(known, "mayor", right).status_code == 303
    for _ in range(10):
        enter(known, "mayor", "wrong")
    assert enter(known, "mayor", right).status_code == 403, "a known browser guesses no longer"


def test_a_browser_is_known_by_a_token_that_nobody_else_gave_it(office: Database, app: Any) -> None:
    right = make_account(office, "planted", EVERYWHERE)
    other = make_account(office, "colleague-there", EVERYWHERE)
    browser = browser_at(app, HOME)
    browser.cookies.set(BROWSER, "A" * 43)
    cookies = "\n".join(enter(browser, "planted", right).headers.get_list("set-cookie"))
    given = cookies.split(f"{BROWSER}=")[1].split(";")[0]
    assert given != "A" * 43
    assert cookies.lower().count("httponly") == 2
    browser.cookies.clear()
    browser.cookies.set(BROWSER, given)
    shared = "".join(enter(browser, "colleague-there", other).headers.get_list("set-cookie"))
    assert f"{BROWSER}={given}" in shared, "two persons share a browser"
    with office.reading() as session:
        assert given not in str(session.execute(text("select * from staff_browser")).all())


def test_a_lost_phone_is_a_strangers_again(office: Database, app: Any) -> None:
    right = make_account(office, "loser", EVERYWHERE)
    enter(browser_at(app, HOME), "loser", right)
    known = text(
        "select count(*) from staff_browser b join staff_account a on a.id = b.account_id "
        "where a.name = 'loser'"
    )
    with office.session() as session:
        assert session.scalar(known) == 1
        commands.close_sessions(session, get_account(session, "loser").id, "loser", COMMAND_LINE)
        assert session.scalar(known) == 0


def test_an_office_behind_one_address_is_not_stopped(office: Database) -> None:
    right = make_account(office, "in-office", EVERYWHERE)
    app = create_app(Database(office.url), Settings(sign_in_limit=2))
    with TestClient(app, follow_redirects=False, headers={"accept": "text/html"}) as browser:
        answers = [enter(browser, "in-office", right).status_code for _ in range(6)]
        stranger = [enter_without_cookies(browser, "nobody").status_code for _ in range(2)]
    assert answers == [303] * 6
    assert stranger == [403, 429]


def enter_without_cookies(browser: TestClient, name: str) -> Any:
    browser.cookies.clear()
    return enter(browser, name, "x")


@contextmanager
def statements_of(database: Database) -> Iterator[list[str]]:
    """What is sent to the database until the block ends."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    def end(_connection: Any) -> None:
        sent.append("commit")

    engine = database.engine
    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", end)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
    event.remove(engine, "commit", end)


def test_every_refusal_does_the_same_work(
    office: Database, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Timing tells no names: the same statements, the same commits, one hash each."""
    make_account(office, "timed", EVERYWHERE)
    hashes = []
    verify = passwords._hasher.verify  # noqa: SLF001 - how many hashes are computed

    class Counting:
        def verify(self, encoded: str, password: str) -> bool:
            hashes.append(encoded.rsplit("$", 2)[0])
            return bool(verify(encoded, password))

    monkeypatch.setattr(passwords, "_hasher", Counting())
    work: dict[tuple[str, ...], list[str]] = {}
    for name in ("timed", "not-there", "timed", "not-there"):
        with statements_of(office) as sent:
            assert enter(browser_at(app, "192.0.2.77"), name, "wrong").status_code == 403
        work.setdefault(tuple(sent), []).append(name)
    assert len(work) == 1, work
    assert len(set(hashes)) == 1, "the same parameters"
    assert len(hashes) == 4


def test_a_flood_of_sign_ins_is_refused_at_once_and_told_when_to_return(
    office: Database, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, begun = threading.Event(), threading.Semaphore(0)

    class Slow:
        def verify(self, *_: object) -> bool:
            begun.release()
            goes_on.wait(20)
            return False

    monkeypatch.setattr(passwords, "_hasher", Slow())
    held = passwords.MOST_COMPUTED + passwords.MOST_WAITING
    threads = [threading.Thread(target=passwords.is_password, args=("", "x")) for _ in range(held)]
    try:
        for thread in threads:
            thread.start()
        for _ in range(passwords.MOST_COMPUTED):
            assert begun.acquire(timeout=10)
        while passwords._line._value:  # noqa: SLF001 - until all stand in line
            pass
        answer = enter(browser_at(app, HOME), "anybody", "x")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert "系统正忙" in answer.text
    finally:
        goes_on.set()
        for thread in threads:
            thread.join(20)
    assert enter(browser_at(app, HOME), "anybody", "x").status_code == 403


def test_refusals_are_noted_by_name_within_the_minute(office: Database, app: Any) -> None:
    make_account(office, "noted", EVERYWHERE)
    guesser = browser_at(app, "192.0.2.99")
    for _ in range(8):
        enter(guesser, "noted", "wrong")
    app.fastapi.state.tally.flush()
    with office.reading() as session:
        told = session.execute(
            text(
                "select action, detail ->> 'count' from audit_entry "
                "where actor = 'staff:noted' and subject = 'noted' order by position"
            )
        ).all()
    assert dict(tuple(row) for row in told) == {"sessions:refuse": "5", "sessions:limit": "3"}

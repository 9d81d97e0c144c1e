"""A primary and its standby under one served register, whoever asks it, and all it answered."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path

import httpx2
from sqlalchemy import select, update

from address_model.tables import Division, Duty
from service.addresses.commands import enter_addresses
from service.changes.commands import Action, ChangeNote, Subject, record
from service.cluster.local_postgres import Cluster
from service.core.actor import COMMAND_LINE
from service.core.database import DATABASE_ERRORS, Database, Session
from service.core.errors import DatabaseUnreachable
from service.core.signing_keys import KeyRing
from tests.factories.addresses import make_draft
from tests.factories.divisions import Place
from tests.factories.towns import Town

DOORS = 300
BACK_S = 30.0
PHONE = re.compile(r"0571-?0000|057100000001")
Answer = tuple[float, str, int, bool]
"""When it came, what was asked, its status, and whether a refusal says when to come again."""


@dataclass
class Pair:
    """A primary and its standby under one served register, and all that was answered."""

    primary: Cluster
    standby: Cluster
    town: Town
    client: httpx2.Client
    key: dict[str, str]
    keys: KeyRing
    heads: Path
    served: dict[str, str]
    answers: list[Answer] = field(default_factory=list)
    acknowledged: dict[str, float] = field(default_factory=dict)
    issued: dict[str, float] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def tokens(self) -> list[str]:
        """Those in use, within the grid whose worker is shown."""
        return self.town.all_tokens[12 : DOORS - 2]

    def page(self, token: str, accept: str = "text/html") -> str:
        found = self.client.get(f"/{token}", headers={"Accept": accept})
        assert found.status_code in (200, 503), found.text
        return found.text

    def ready(self) -> str:
        return self.client.get("/readyz").text

    def show(self, *, shows: bool, on: Cluster) -> None:
        """Publish or withdraw the contact."""

        def write(session: Session) -> None:
            session.execute(update(Duty).where(Duty.id == self.town.duty_id).values(publish=shows))
            record(session, [ChangeNote(Subject.DUTY, str(self.town.duty_id), Action.CHANGED, "")])

        written(on, write, self.keys)

    def is_shown(self) -> bool:
        return bool(PHONE.search(self.page(self.tokens[0])))

    def watch_hidden(self, seconds: float) -> None:
        """Scan all plates over and over: the contact shows on none."""
        ends, tokens = time.monotonic() + seconds, cycle(self.tokens)
        while time.monotonic() < ends:
            token = next(tokens)
            for accept in ("text/html", "application/json"):
                assert not PHONE.search(self.page(token, accept)), token

    def read(self) -> None:
        """Scan and look up until told to stop."""
        codes, tokens = cycle(self.town.codes), cycle(self.tokens)
        while not self.ended.is_set():
            code, token = next(codes), next(tokens)
            for path in (f"/{token}", f"/api/v1/addresses/{code}", f"/a/{code}", "/heritage"):
                self.ask("GET", path)
            self.ask("POST", "/api/v1/resolve", {"text": f"河坊街{next(self.numbers) % DOORS}号"})

    def write(self) -> None:
        """Report plates found well until told to stop, each until it is acknowledged."""
        tokens = cycle(self.tokens)
        while not self.ended.is_set():
            event = {"kind": "well", "id": f"well-{next(self.numbers)}"}
            path = f"/api/v1/plates/{next(tokens)}/events"
            while event["id"] not in self.acknowledged and not self.ended.is_set():
                if self.ask("POST", path, event) == 201:
                    self.acknowledged[event["id"]] = time.monotonic()
                else:
                    time.sleep(0.2)

    def issue(self) -> None:
        """Enter doors and get their codes until told to stop, each until it is acknowledged."""
        url = f"postgresql+psycopg://{self.served['database_url'].partition('://')[2]}"
        database, number = Database(url, audit_keys=self.keys), count(DOORS + 100)
        with database.reading() as session:
            ids = select(Division.code, Division.id)
            place = Place({code: number for code, number in session.execute(ids)})  # noqa: C416
        while not self.ended.is_set():
            draft = make_draft(place, str(next(number)))
            try:
                with database.session() as session:
                    (code,) = enter_addresses(session, [draft], COMMAND_LINE)
            except (DatabaseUnreachable, *DATABASE_ERRORS):  # killed before or amid it
                time.sleep(0.2)
            else:
                self.issued[str(code)] = time.monotonic()
        database.dispose()

    def ask(self, method: str, path: str, body: dict[str, str] | None = None) -> int:
        found = self.client.request(method, path, json=body, headers=self.key)
        says = "retry-after" in found.headers
        kind = "write" if path.endswith("/events") else "read"
        self.answers.append((time.monotonic(), f"{kind} {path}", found.status_code, says))
        return found.status_code


def written(cluster: Cluster, write: Callable[[Session], object], keys: KeyRing) -> None:
    database = Database(cluster.app_url(), audit_keys=keys)
    try:
        with database.session() as session:
            write(session)
    finally:
        database.dispose()


def until(ready: Callable[[], bool], seconds: float = BACK_S) -> float:
    """Wait for it; how long that took."""
    begun = time.monotonic()
    while not ready():
        assert time.monotonic() < begun + seconds
        time.sleep(0.1)
    return time.monotonic() - begun


def command(cluster: Cluster, statement: str) -> object:
    """Say something to a cluster as its superuser; what it answers first."""
    with cluster.connect_as_superuser("menpai") as superuser:
        found = superuser.execute(statement.encode())
        row = found.fetchone() if found.description else None
        return row[0] if row else None

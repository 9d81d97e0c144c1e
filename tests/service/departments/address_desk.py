"""A service that residents show addresses to: three plates, and three programs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fastapi.testclient import TestClient
from pydantic import SecretStr

from service.app import create_app
from service.auth.permissions import Permission
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import Settings
from service.departments.commands.address_requests import register_return_url
from tests.database import migrated_database
from tests.factories import make_plates, make_program
from tests.factories.hosts import PUBLIC_URL
from tests.web_client import open_client

BACK = "https://bs.example.gov.cn/form/back?step=2"
TOKEN_RIGHT = frozenset({Permission.ADDRESSES_TOKEN})
SECRET = SecretStr("of the tests: neither long nor secret")
REQUESTS, TOKENS = "/api/v1/address-requests", "/api/v1/address-tokens"


@dataclass(frozen=True)
class Desk:
    """A service, three plates, and three keys: of the county, of another, without the right."""

    database: Database
    web: TestClient
    plates: list[str]
    health: dict[str, str]
    abroad: dict[str, str]
    reader: dict[str, str]

    def ask(self, **more: object) -> dict[str, Any]:
        """A request that was opened."""
        body = {"purpose": "办理居住证", "return_url": BACK, "state": "form-1"} | more
        answer = self.web.post(REQUESTS, json=body, headers=self.health)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def agree(self, request: str, plate: str) -> dict[str, str]:
        """What comes back to the department when a resident agrees."""
        path = f"/address-requests/{request}"
        answer = self.web.post(path, data={"plate": plate, "agrees": "yes"})
        assert answer.status_code == 303, answer.text
        url = answer.headers["location"]
        assert url.startswith(f"{BACK}&")
        return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}

    def redeem(self, token: str, key: dict[str, str] | None = None) -> Any:
        return self.web.post(TOKENS, json={"token": token}, headers=key or self.health)


@contextmanager
def opened_desk() -> Iterator[Desk]:
    """The service, over a register of its own."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            plates = make_plates(session, 3, status="in_use")
            keys = [
                make_program(session, "卫健委", permissions=TOKEN_RIGHT, division="330102"),
                make_program(session, "外县", permissions=TOKEN_RIGHT, division="330106"),
                make_program(session, "阅览", permissions=frozenset({Permission.ADDRESSES_READ})),
            ]
            for name in ("卫健委", "外县"):
                register_return_url(session, name, BACK, COMMAND_LINE)
        app = create_app(database, Settings(public_url=PUBLIC_URL, secret_key=SECRET))
        app.fastapi.state.gate = None
        web = open_client(app, PUBLIC_URL)
        yield Desk(database, web, plates, *({"X-API-Key": str(key)} for key in keys))
        database.dispose()

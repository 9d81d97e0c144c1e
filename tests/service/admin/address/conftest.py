"""A door of 河坊街 with rooms, a plate and a grid, and an officer of its county."""

from dataclasses import dataclass, replace

import pytest
from httpx2 import Response
from sqlalchemy import text

from address_model.elements import Numbered
from service.addresses.commands import enter_addresses
from service.addresses.drafts import AddressDraft, draft_of
from service.addresses.queries import AddressRow, get_address
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.linking.commands import link_addresses
from service.plates.commands import issue_plates, open_batch
from tests.factories.areas import make_area, make_duty
from tests.factories.hosts import PREFIX
from tests.factories.office import insert_account
from tests.factories.staff import SignedIn, sign_in

ROOMS = ("101", "102", "201")


@dataclass(frozen=True)
class Desk:
    """The database, the officer, and the codes of the doors 1 … 4."""

    database: Database
    officer: SignedIn
    codes: list[str]
    token: str

    def page(self, door: int = 1, query: str = "") -> str:
        """The page of a door as text."""
        answer = self.officer.get(f"/admin/addresses/{self.codes[door - 1]}{query}")
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def row(self, door: int = 1) -> AddressRow:
        """The door as stored."""
        with self.database.reading() as session:
            return get_address(session, self.codes[door - 1])

    def send(self, action: str, door: int = 1, /, **fields: object) -> Response:
        """Send the form of an action as its freshly opened page would."""
        path = self.path(action, door)
        return self.officer.post(path, **{"seen": self.row(door).version} | fields)

    def path(self, action: str, door: int = 1) -> str:
        """Where the form of an action is sent."""
        return f"/admin/addresses/{self.codes[door - 1]}/{action}"


@pytest.fixture
def desk(street: Database) -> Desk:
    with street.session() as session:
        rows = session.execute(text("select code from address order by number_order"))
        codes = list(rows.scalars())
        door = get_address(session, codes[0])
        drafts = [
            _inside(door, building=Numbered("1", "幢")),
            *(_inside(door, building=Numbered("1", "幢"), room=Numbered(n, "室")) for n in ROOMS),
        ]
        enter_addresses(session, drafts, COMMAND_LINE)
        batch = open_batch(
            session, name="一", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
        )
        (token,) = issue_plates(session, batch, codes[:1], COMMAND_LINE, status="in_use")
        make_duty(session, make_area(session))
        link_addresses(session, codes)
        insert_account(session, "viewer", Role.VIEWER, "330102")
        session.execute(
            text("update staff_account set display_name = '李娜' where name = 'officer'")
        )
    return Desk(street, sign_in(street, "officer"), codes, token)


def _inside(door: AddressRow, **levels: Numbered) -> AddressDraft:
    return replace(draft_of(door), elements=door.elements._replace(**levels))  # type: ignore[arg-type]  # all are numbered

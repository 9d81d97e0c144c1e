"""A served register of two streets in two counties, with a building, its rooms and a thing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from starlette.testclient import TestClient

from address_model.coordinates import Point
from address_model.elements import Numbered
from address_model.sensitivity import FieldClass
from service.addresses.commands import enter_addresses, freeze_address, retire_address
from service.app import create_app
from service.auth.permissions import PROGRAM_PERMISSIONS, Permission
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import get_settings
from tests.database import migrated_database
from tests.factories.addresses import make_draft, make_elements
from tests.factories.divisions import make_place
from tests.factories.programs import make_program

DOORS = 12


@dataclass(frozen=True)
class ServedStreets:
    """The register; ``keys`` are of programs: of all, one county, its doors, public fields, none.

    ``codes`` are by number along 河坊街 in 上城区, by «building», «room», «stop» there, and by
    «foreign» of the door in 西湖区. Number 2 is frozen, 3 was replaced by 1.
    """

    database: Database
    client: TestClient
    codes: dict[str, str]
    keys: dict[str, dict[str, str]]

    def get(self, path: str, program: str = "all", **more: Any) -> Any:
        """Ask for something below ``/api/v1`` as a program."""
        headers = self.keys[program] | more.pop("headers", {})
        return self.client.get(f"/api/v1{path}", headers=headers, **more)

    def listed(self, program: str = "all", **params: Any) -> list[str]:
        """The codes of all pages of a list, ten on each."""
        found: list[str] = []
        cursor = ""
        while cursor is not None:
            asked = {"limit": 10, "cursor": cursor} | params
            page = self.get("/addresses", program, params=asked)
            assert page.status_code == 200, page.text
            found += [one["code"] for one in page.json()["addresses"]]
            cursor = page.json()["next"]
        return found

    def of(self, *names: str) -> list[str]:
        """The codes of these, in order."""
        return sorted(self.codes[name] for name in names)


@contextmanager
def served_streets() -> Iterator[ServedStreets]:
    """The streets in a database of their own."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            place = make_place(session)
            doors = [
                make_draft(place, str(n), point=Point(120.16 + n / 1000, 30.24))
                for n in range(1, DOORS + 1)
            ]
            building = {"building": Numbered("3", "幢")}
            inner = (building, building | {"room": Numbered("301", "室")})
            inside = [replace(doors[0], elements=make_elements("1", **one)) for one in inner]
            stop = replace(
                doors[4], elements=make_elements("5", thing=Numbered("1", "路灯")), point=None
            )
            foreign = make_draft(
                place,
                "1",
                county="330106",
                division_id=place.ids["330106001000"],
                division_code="330106001000",
                elements=make_elements("1", county="西湖区", township="北山街道"),
                point=Point(120.17, 30.25),
            )
            drafts = [*doors, *inside, stop, foreign]
            entered = [one.digits for one in enter_addresses(session, drafts, COMMAND_LINE)]
            names = [*(str(n) for n in range(1, DOORS + 1)), "building", "room", "stop", "foreign"]
            codes = dict(zip(names, entered, strict=True))
        with database.session() as session:
            freeze_address(session, codes["2"], COMMAND_LINE, reason="核实")
            retire_address(session, codes["3"], COMMAND_LINE, reason="并户", successor=codes["1"])
            every = PROGRAM_PERMISSIONS
            keys = {
                "all": make_program(session, "all"),
                "county": make_program(session, "county", every, "330102000000"),
                "doors": make_program(session, "doors", every, "330102", is_deep=False),
                "public": make_program(session, "public", every, "", [FieldClass.PUBLIC]),
                "none": make_program(session, "none", [Permission.UNITS_READ]),
            }
        app = create_app(database, get_settings())
        with TestClient(app, raise_server_exceptions=False) as client:
            sent = {name: {"X-API-Key": str(key)} for name, key in keys.items()}
            yield ServedStreets(database, client, codes, sent)
        database.dispose()

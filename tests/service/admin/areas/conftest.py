"""An office with three grids of a community in the own county, one beyond it, and two clerks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from address_model.coordinates import Point
from service.addresses.commands import move_address
from service.areas.queries import HeldArea, list_area_keys, list_held_areas
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.clock import today
from service.core.settings import Settings
from service.linking.commands import forget_covers, load_and_link
from tests.factories.areas import box, make_duty, make_listed
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import COUNTIES, Office, insert_account, opened_office
from tests.factories.staff import SignedIn, open_browser, sign_in

OWN = COUNTIES["own"]
LISTED = [
    make_listed("清河坊社区", box(16, 24, 18, 26), 1, kind="community"),
    make_listed("一网格", box(16, 24, 17, 25), 2, parent="清河坊社区"),
    make_listed("二网格", box(17, 24, 18, 25), 3, parent="清河坊社区"),
    make_listed("三网格", box(16, 25, 18, 26), 4, parent="清河坊社区"),
]
BEYOND = make_listed("外县网格", box(18, 24, 19, 26), 5, division=COUNTIES["foreign"])


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The address of the own county stands in 一网格, some metres south of 三网格."""
    with opened_office() as made:
        with made.database.session() as session:
            insert_account(session, "li.na", Role.OFFICER, OWN)
            insert_account(session, "wang", Role.VIEWER, OWN)
            move_address(session, made.codes["own"], Point(120.165, 30.2499), COMMAND_LINE)
        listed = [replace(one, division=OWN) for one in LISTED]
        begins = date(2026, 1, 1)
        listed = [replace(one, valid_from=begins) for one in [*listed, BEYOND]]
        load_and_link(made.database, listed, COMMAND_LINE, today=today())
        yield made
    forget_covers()


@pytest.fixture
def clerk(office: Office, tmp_path_factory: pytest.TempPathFactory) -> SignedIn:
    settings = Settings(home=tmp_path_factory.mktemp("home"), public_url=PUBLIC_URL)
    return sign_in(office.database, "li.na", open_browser(office.database, settings))


def area_of(office: Office, code: str) -> HeldArea:
    """The area of a code as it stands."""
    with office.database.reading() as session:
        (key,) = list_area_keys(session)[code]
        (held,) = list_held_areas(session, ids=[key.id])
    return held


def add_contact(office: Office, code: str, name: str) -> None:
    """A published grid worker of an area."""
    with office.database.session() as session:
        (key,) = list_area_keys(session)[code]
        make_duty(session, key, display_name=name)  # type: ignore[arg-type]

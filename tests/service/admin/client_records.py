"""Programs of departments and their grants, as the routes of the desk are asked about."""

from collections.abc import Callable
from itertools import count

from address_model.sensitivity import FieldClass
from service.auth.commands import create_client
from service.auth.grants import Grant
from service.auth.permissions import Permission, Role
from service.auth.queries import get_client, list_clients
from service.core.actor import COMMAND_LINE, Actor
from service.departments.commands import give_grant
from tests.factories.office import COUNTIES, Office, insert_account

_numbers = count(1)
GRANT_FIELDS = {
    "permissions": "addresses:read",
    "classes": "public",
    "depth": "door",
    "per_minute": "600",
    "per_day": "10000",
    "valid_until": "2099-12-31",
}
"""What the form of a grant sends."""


def make_client_record(office: Office, side: str) -> dict[str, str]:
    """A program that a county manages, with one key."""
    name = f"示例程序 A{next(_numbers)}"
    with office.database.session() as session:
        key = create_client(session, name, COMMAND_LINE, owner="示例单位", division=COUNTIES[side])
        number = get_client(session, name).id
    return {"number": str(number), "prefix": key.prefix}


def make_grant_record(office: Office, side: str, *, asker: str = "") -> dict[str, str]:
    """A grant of such a program; one that a colleague gave waits for a second person."""
    number = int(make_client_record(office, side)["number"])
    terms = Grant(
        0,
        COUNTIES[side],
        frozenset({Permission.ADDRESSES_READ}),
        frozenset({FieldClass.PUBLIC}),
    )
    actor = Actor("staff", asker) if asker else COMMAND_LINE
    with office.database.session() as session:
        if asker:
            insert_account(session, asker, Role.ADMINISTRATOR, COUNTIES[side])
        name = next(one.name for one in list_clients(session, ids=[number]))
        given = give_grant(session, name, terms, actor, approval_above=0)
    return {"number": str(given.number)}


def make_waiting_grant(office: Office, side: str) -> dict[str, str]:
    """A grant that waits for a second person."""
    return make_grant_record(office, side, asker=f"grants-{next(_numbers)}")


CLIENT_RECORDS = {
    "/admin/clients/{number}": make_client_record,
    "/admin/grants/{number}": make_grant_record,
    "/admin/grants/{number}/approve": make_waiting_grant,
    "/admin/grants/{number}/send-back": make_waiting_grant,
}
"""How the record of a path is made, as in ``route_samples``."""
CLIENT_FIELDS: dict[str, Callable[[str], dict[str, str]]] = {
    "/admin/clients/new": lambda side: (
        {"name": f"示例程序 {next(_numbers)}", "owner": "示例单位", "note": "核对住址"}
        | {"division": COUNTIES[side]}
    ),
    "/admin/clients/{number}/correct": lambda _: {"owner": "示例单位", "note": "核对住址"},
    "/admin/clients/{number}/give": lambda side: GRANT_FIELDS | {"division": COUNTIES[side]},
    "/admin/grants/{number}/change": lambda side: GRANT_FIELDS | {"division": COUNTIES[side]},
    "/admin/grants/{number}/send-back": lambda _: {"reason": "范围太大"},
}
"""What a form sends, by path."""

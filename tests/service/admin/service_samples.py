"""Services, facilities and webhooks with their forms, for the samples of routes."""

from collections.abc import Callable

from tests.factories.office import COUNTIES, Office
from tests.factories.services import make_facility, make_service
from tests.factories.webhooks import make_dead_letters, make_office_hook


def _hook_with_dead_letters(office: Office, side: str) -> dict[str, str]:
    made = make_office_hook(office, side)
    make_dead_letters(office.database, int(made["number"]), [1, 2])
    return made


SERVICE_RECORDS: dict[str, Callable[[Office, str], dict[str, str]]] = {
    "/admin/service-items/{number}": make_service,
    "/admin/facilities/at/{code}": lambda office, side: {"code": office.codes[side]},
    "/admin/facilities/{number}": make_facility,
    "/admin/webhooks/{number}": _hook_with_dead_letters,
}
"""How the record of a path is made in a division."""

SERVICE_FIELDS: dict[str, Callable[[str], dict[str, str]]] = {
    "/admin/service-items/new": lambda side: (
        {"name": "演示：事项", "phone": "12345", "division": COUNTIES[side]}
    ),
    "/admin/service-items/{number}/correct": lambda _: {"name": "演示", "phone": "12345"},
    "/admin/service-items/{number}/withdraw": lambda _: {"reason": "停办"},
    "/admin/facilities/at/{code}": lambda _: {"kind": "aed", "name": "演示"},
    "/admin/facilities/{number}/correct": lambda _: {"kind": "aed", "name": "演示"},
    "/admin/facilities/{number}/withdraw": lambda _: {"reason": "搬走"},
    "/admin/webhooks/{number}/state": lambda _: {"state": "paused"},
}
"""What a form sends, by path."""

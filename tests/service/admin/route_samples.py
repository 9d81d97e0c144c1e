"""What every route of staff needs to be asked properly: a record of its own, fields of its form."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count

from address_model.elements import Numbered
from address_model.places import fold_place
from address_model.work import WorkKind
from service.addresses.commands import enter_addresses
from service.addresses.commands.action_drafts import FilledForm, submit_draft
from service.addresses.drafts import draft_of
from service.addresses.place_index import PlaceQuestion
from service.addresses.queries import get_address
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.settings import Settings
from service.imports.commands.waiting_rows import keep_waiting
from service.imports.decisions import PlacedRow
from service.placenames.queries import find_places
from service.plates.commands import confirm_plate
from service.worklists.commands import cancel_item, open_item
from service.worklists.drafts import WorkDraft
from tests.factories import staff
from tests.factories.batches import insert_batch, make_member
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import COUNTIES, Office, insert_account
from tests.factories.office_areas import make_grid
from tests.factories.office_changes import change_form, find_street, make_change
from tests.factories.plates import make_visit, metres_north
from tests.factories.staff import SignedIn
from tests.service.admin.alarm_samples import ALARM_FIELDS, ALARM_RECORDS
from tests.service.admin.area_samples import DUTY_FIELDS, DUTY_LET_IN, DUTY_RECORDS, answer_for_area
from tests.service.admin.client_records import CLIENT_FIELDS, CLIENT_RECORDS
from tests.service.admin.dataset_samples import DATASET_FIELDS, DATASET_LET_IN, DATASET_RECORDS
from tests.service.admin.report_samples import REPORT_FIELDS, REPORT_LET_IN, REPORT_RECORDS
from tests.service.admin.route_list import ROUTES  # noqa: F401 - tests take it from here
from tests.service.admin.service_samples import SERVICE_FIELDS, SERVICE_RECORDS
from tests.service.admin.unit_records import make_placed_account, make_unit_record
from tests.service.admin.upload_sample import make_upload

_numbers = count(1)
_DESIGN = "/admin/batches/designs/{name}.png"
BORDER = "119.1,28.1\n119.11,28.1\n119.11,28.11"
"""A triangle where nothing else lies, a corner a line."""

_TILE = "/admin/tiles/{zoom}/{x}/{y}"
_REVIEW = ("review", "approve", "send-back", "withdraw")


def _plate(office: Office, side: str) -> dict[str, str]:
    return {"token": office.plates[side]}


def sign_in_everything(office: Office) -> SignedIn:
    """A browser of somebody who has every role everywhere."""
    staff.make_account(office.database, "everything", *[(role, "") for role in Role])
    browser = staff.open_browser(office.database, Settings(public_url=PUBLIC_URL))
    return staff.sign_in(office.database, "everything", browser)


def make_account(office: Office, side: str) -> dict[str, str]:
    name = f"sample-{next(_numbers)}"
    with office.database.session() as session:
        insert_account(session, name, Role.VIEWER, COUNTIES[side])
    return {"name": name}


def _item(office: Office, side: str) -> dict[str, str]:
    with office.database.session() as session:
        draft = WorkDraft(WorkKind.INSPECT, office.codes[side])
        return {"number": str(open_item(session, draft, COMMAND_LINE))}


def _closed_item(office: Office, side: str) -> dict[str, str]:
    found = _item(office, side)
    with office.database.session() as session:
        cancel_item(session, int(found["number"]), "重复开单", COMMAND_LINE)
    return found


def _check_in(office: Office, side: str) -> dict[str, str]:
    """A check-in 80 m from the door, of somebody who found the plate well."""
    visit = make_visit(metres_north(80))
    with office.database.session() as session:
        confirm_plate(session, office.plates[side], visit, COMMAND_LINE)
    return {"token": office.plates[side], "event": visit.id}


def _address(office: Office, side: str) -> dict[str, str]:
    """A further address of a county, a floor, which gets no plate; the office's keeps its state."""
    with office.database.session() as session:
        held = get_address(session, office.codes[side])
        floor = Numbered(str(next(_numbers)), "层")
        draft = replace(draft_of(held), elements=held.elements._replace(floor=floor))
        (code,) = enter_addresses(session, [draft], COMMAND_LINE)
    return {"code": str(code), "action": "freeze"}


def _scanned(office: Office, side: str) -> dict[str, str]:
    return {"text": office.plates[side]}


Maker = Callable[[Office, str], dict[str, str]]


def _batch(status: str) -> Maker:
    def make(office: Office, side: str) -> dict[str, str]:
        with office.database.session() as session:
            number = insert_batch(session, COUNTIES[side], status, office.codes[side])
        return {"number": str(number), "name": "proof.pdf", "place": "1"}

    return make


def _awaiting(office: Office, side: str) -> dict[str, str]:
    return make_upload(office, side, state="awaiting")


def _question(office: Office, side: str) -> dict[str, str]:
    """A door of a street that waits without a township, and the question about it."""
    county = COUNTIES[side][:6]
    with office.database.session() as session:
        held = get_address(session, office.codes[side])
        place = find_places(session, [held.place_id or 0])[held.place_id or 0]
        number = Numbered(str(1000 + next(_numbers)), "号")
        draft = replace(draft_of(held), elements=held.elements._replace(number=number))
        kind, folded = place.kind, fold_place(place.kind, place.name)
        lies = (county, place.id, kind, place.name, folded)
        question = PlaceQuestion(*lies, "", "", "号码相同", waits=True)
        keep_waiting(session, [(PlacedRow(2, "", draft), question)])
    return {"place": place.number, "township": "-"}


def _draft(office: Office, side: str) -> dict[str, str]:
    """A change of somebody else's that waits for a second person."""
    name = f"asker-{next(_numbers)}"
    code = _address(office, side)["code"]
    with office.database.session() as session:
        author = make_member(session, name, Role.OFFICER, division=COUNTIES[side])
        held = get_address(session, code)
        form = FilledForm("freeze", {"reason": "核对归属"}, held.version, size=100)
        number = submit_draft(session, held, form, author)
    return {"number": str(number), "step": "send-back"}


RECORDS: dict[str, Maker] = {
    "/admin/accounts/{name}/unit": make_placed_account,
    "/admin/units/{number}": make_unit_record,
    "/admin/bulk-changes/{number}": make_change,
    "/admin/streets/{number}": find_street,
    "/admin/imports/questions/{place}/{township}": _question,
    "/admin/drafts/{number}": _draft,
    "/admin/imports/{number}": make_upload,
    "/admin/imports/{number}/rows": partial(make_upload, state="checked"),
    **{f"/admin/imports/{{number}}/{step}": _awaiting for step in _REVIEW},
    "/admin/batches/{number}": _batch("draft"),
    "/admin/batches/{number}/send-back": _batch("awaiting_approval"),
    _DESIGN: lambda _, __: {"name": "medium"},
    _TILE: lambda _, __: {"zoom": "3", "x": "6", "y": "3"},
    "/admin/batches/{number}/approve": _batch("awaiting_approval"),
    "/admin/batches/{number}/start": _batch("approved"),
    "/admin/batches/{number}/files": _batch("ready"),
    "/admin/batches/{number}/hand-over": _batch("ready"),
    "/admin/batches/{number}/remake": _batch("ready"),
    "/admin/batches/{number}/receive": _batch("handed_over"),
    "/admin/addresses/{code}": _address,
    "/admin/plates/{token}": _plate,
    "/admin/work-items/{number}": _item,
    "/admin/work-items/{number}/reopen": _closed_item,
    "/admin/work-items/far/{token}": _check_in,
    "/crew/scans/{text}": _scanned,
    "/crew/items/{number}": lambda office, side: (
        answer_for_area(office, side) | _item(office, side)
    ),
    "/crew/{text}": answer_for_area,
    "/crew/photos/{digest}": lambda _, __: {"digest": "0" * 64},
    "/admin/accounts/{name}": make_account,
    "/admin/areas/{number}": make_grid,
    "/admin/{rest": lambda _, __: {"rest": "nothing/here"},
}
"""How the record of a path is made in a division, by the beginning of the path."""
RECORDS.update(DUTY_RECORDS | CLIENT_RECORDS | SERVICE_RECORDS | DATASET_RECORDS | ALARM_RECORDS)
RECORDS.update(REPORT_RECORDS)
FIELDS: dict[str, Callable[[str], dict[str, str]]] = {
    "/admin/areas/new": lambda side: (
        {"kind": "grid", "name": f"样例网格 {next(_numbers)}", "border": BORDER, "step": "look"}
        | {"division": COUNTIES[side]}
    ),
    "/admin/areas/{number}/{action}": lambda _: {"border": BORDER, "step": "look"},
    "/admin/areas/files": lambda side: {"division": COUNTIES[side]},
    "/admin/imports": lambda side: {"division": COUNTIES[side]},
    "/admin/imports/{number}/rows": lambda _: {"drop": "2"},
    "/admin/bulk-changes/new": change_form,
    "/admin/bulk-changes/{number}/send-back": lambda _: {"reason": "请附公告"},
    "/admin/streets/{number}/numbers/rule": lambda _: {"sides": "both", "method": "sequence"},
    "/admin/streets/{number}/numbers/accept": lambda _: {"key": "gap:3-5", "reason": "规划预留"},
    "/admin/streets/{number}/numbers/reopen": lambda _: {"key": "gap:3-5"},
    "/admin/streets/{number}/numbers/doors": lambda _: {"door": f"{1000 + next(_numbers)}号"},
    "/admin/imports/{number}/send-back": lambda _: {"reason": "缺少一页"},
    "/admin/imports/questions/{place}/{township}": lambda _: {"answer": "two"},
    "/admin/batches/new": lambda side: {
        "name": "河坊街第一批",
        "request_key": f"matrix-{next(_numbers)}",
        "division": COUNTIES[side],
    },
    "/admin/addresses/{code}/{action}": lambda _: {"reason": "核对归属"},
    "/admin/addresses/{code}/undo": lambda _: {"entry": "1"},
    "/admin/drafts/{number}/{step}": lambda _: {"reason": "请附公告"},
    "/admin/batches/{number}/leave-out": lambda _: {"code": "3301029032882641", "reason": "拆除"},
    "/admin/batches/{number}/send-back": lambda _: {"reason": "缺少一户"},
    "/admin/batches/{number}/hand-over": lambda _: {"maker": "某标牌厂（演示）"},
    "/admin/units/new": lambda side: (
        {"name": f"示例单位 {next(_numbers)}", "kind": "grid"} | {"division": COUNTIES[side]}
    ),
    "/admin/units/{number}/{act}": lambda _: {
        "name": f"示例单位 {next(_numbers)}",
        "kind": "committee",
    },
    "/admin/accounts/{name}/identity": lambda _: {"subject": "zj-17"},
    "/admin/accounts/{name}/unit": lambda _: {"unit": ""},
    "/admin/accounts/new": lambda side: (
        {"name": f"new-{next(_numbers)}", "role": "viewer"} | {"division": COUNTIES[side]}
    ),
    "/admin/accounts/{name}/roles": lambda side: {"role": "crew", "division": COUNTIES[side]},
    "/admin/accounts/{name}/roles/withdraw": lambda side: (
        {"role": "viewer"} | {"division": COUNTIES[side]}
    ),
    "/admin/second-factor/confirm": lambda _: {"code": "000000"},
    "/admin/password": lambda side: {"old": "x", "new": "y", "again": "z"},
    "/admin/work-items/{number}/assign": lambda _: {"assignee": "-"},
    "/admin/work-items/{number}/postpone": lambda _: {"due": "2099-01-01"},
    "/admin/work-items/{number}/finish": lambda _: {"outcome": "现场没有问题"},
    "/admin/work-items/{number}/cancel": lambda _: {"reason": "重复开单"},
    "/admin/work-items/{number}/reopen": lambda _: {"reason": "误取消"},
    "/admin/work-items/{number}/note": lambda _: {"note": "门口在修路"},
    "/admin/work-items/many/assign": lambda _: {"picked": "999999999.1", "assignee": "-"},
    "/admin/work-items/many/postpone": lambda _: {"picked": "999999999.1", "due": "2099-01-01"},
    "/admin/work-items/many/cancel": lambda _: {"picked": "999999999.1", "reason": "重复开单"},
    "/admin/work-items/far/{token}/{event:path}": lambda _: {"answer": "again"},
    "/crew": lambda _: {"scanned": "7K3M9QX2TB"},
    "/crew/{text}": lambda _: {"event_id": f"matrix-{next(_numbers)}", "what": "well"},
}
"""What a form sends, by path; its division is the side's."""
FIELDS.update(DUTY_FIELDS | CLIENT_FIELDS | SERVICE_FIELDS | DATASET_FIELDS | ALARM_FIELDS)
FIELDS.update(REPORT_FIELDS)
PERSONAL = {
    "/admin", "/admin/sign-out", "/admin/password", "/admin/second-factor",
    "/admin/second-factor/confirm", "/crew", "/crew/scans/{text}", _DESIGN, _TILE,
}  # fmt: skip
"""Pages that show and write no record of a division: everybody's own, and where a scan leads."""
LET_IN = {
    ("POST", "/admin/streets/{number}/numbers/reopen"): {303, 409},  # what was accepted, once
    ("POST", "/admin/drafts/{number}/{step}"): {303, 403},  # who sees it may not decide on it
    ("GET", "/admin/{rest:unslashed}"): {404},
    ("POST", "/admin/addresses/{code}/undo"): {422},  # nothing was moved or corrected
    ("POST", "/admin/password"): {422},
    ("POST", "/admin/second-factor/confirm"): {409, 422},  # nothing was begun, or a wrong code
    ("POST", "/admin/accounts/{name}/second-factor"): {409},  # there is none
    **{("GET", f"/admin/sign-in/provider{way}"): {404} for way in ("", "/back")},  # none is set
    ("POST", "/admin/accounts/{name}/identity"): {404},
    ("POST", "/admin/accounts/{name}/identity/release"): {409},
    ("GET", "/crew/photos/{digest}.jpg"): {404},
    ("POST", "/admin/batches/new"): {303, 409},  # 409 once every address has its plate
    ("POST", "/admin/batches/{number}/leave-out"): {409},  # the batch has no such address
    ("POST", "/admin/batches/{number}/pause"): {409},  # it was not started
    ("POST", "/admin/batches/{number}/resume"): {409},
    ("GET", "/admin/batches/{number}/files/{name}"): {404},  # nothing was made
    ("POST", "/admin/imports"): {422},  # without a file
    ("POST", "/admin/areas/files"): {422},
    ("POST", "/admin/imports/{number}/store"): {409},  # it was not checked
    ("POST", "/admin/imports/{number}/stop"): {409},
    ("POST", "/admin/work-items/many/assign"): {403},  # there is no such item
    ("POST", "/admin/work-items/many/postpone"): {403},
    ("POST", "/admin/work-items/many/cancel"): {403},
    ("GET", "/admin/imports/{number}/errors.xlsx"): {404},  # its file is lost
    ("POST", "/admin/imports/{number}/reading"): {404},
    ("POST", "/admin/imports/{number}/check"): {404},
}
"""What a route answers to whoever was let in, where it is not a page or a way on."""
LET_IN.update(DUTY_LET_IN | DATASET_LET_IN | REPORT_LET_IN)


def fill_path(office: Office, path: str, side: str, record: str = "") -> str:
    """The path with a record of a county in it, in the state that the path ``record`` needs."""
    names = re.findall(r"\{(\w+)", path)
    if not names:
        return path
    start = max((s for s in RECORDS if (record or path).startswith(s)), key=len, default="")
    assert start, f"tests/service/admin/route_samples.py has no record for {path}"
    values = RECORDS[start](office, side)
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: values[found[1]], path)

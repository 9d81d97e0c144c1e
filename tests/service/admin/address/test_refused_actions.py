"""A refused form of an address comes back as it was sent, for the version that was seen."""

import re
from urllib.parse import quote

from httpx2 import Response
from sqlalchemy import text

from service.auth.permissions import Role
from tests.factories.office import insert_account
from tests.factories.staff import sign_in
from tests.service.admin.address.conftest import Desk


def test_a_refused_form_does_not_take_a_strangers_newer_version(desk: Desk) -> None:
    seen = desk.row().version
    desk.send("move", lon="120.1660", lat="30.2410", reason="复测")
    answer = desk.send("correct", seen=seen, text="门口")
    assert answer.status_code == 412
    assert "在您看过以后改过" in answer.text
    answer = send_from(desk, "correct", f"{desk.path('')[:-1]}?do=correct", text="字" * 301)
    assert answer.status_code == 422
    form = answer.text.partition(f'action="{desk.path("correct")}')[2].partition("</form>")[0]
    assert f'name="seen" value="{seen}"' in form
    assert "字" * 301 in form


def test_a_refused_form_keeps_the_policy_of_its_page_and_needs_a_page(desk: Desk) -> None:
    path = f"{desk.path('')[:-1]}?do=move"
    answer = send_from(desk, "move", path, lon="1" * 41)
    assert answer.status_code == 422
    assert "worker-src 'self'" in answer.headers["content-security-policy"]
    for no_page in ("/admin/tiles/15/27325/13500", "/admin/addresses/\u0000"):
        answer = send_from(desk, "move", no_page, lon="1" * 41)
        assert answer.status_code == 422


def test_an_undo_gives_no_address_to_a_division_that_is_not_ones_own(desk: Desk) -> None:
    assert desk.send("correct", text="上城区清波街道河坊街21号").status_code == 303
    entry = re.search(r'name="entry" value="(\d+)"', desk.page())
    assert entry
    with desk.database.session() as session:
        insert_account(session, "xihu", Role.OFFICER, "330106")
        moved = text(
            "update address set division_id = (select id from division "
            "where code = '330106001000') where code = :code"
        )
        session.execute(moved, {"code": desk.codes[0]})
    fields = {"seen": desk.row().version, "entry": entry[1]}
    xihu = sign_in(desk.database, "xihu")
    assert xihu.post(desk.path("undo"), **fields).status_code == 403
    assert desk.row().standard_text.endswith("21号")


def send_from(desk: Desk, action: str, path: str, **fields: object) -> Response:
    """Send a form as the first version of the address, from this page."""
    browser = desk.officer.browser
    return browser.post(
        desk.path(action),
        data={"form_token": desk.officer.form_token, "seen": 1} | fields,
        headers={"Referer": f"{str(browser.base_url).rstrip('/')}{quote(path, safe='/?=')}"},
    )

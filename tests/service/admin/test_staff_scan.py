"""A scan by somebody who is signed in shows more, and nothing of it ever reaches anybody else.

The product's own processes answer: one that scans, and one behind it that makes pages.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from address_model.tables import Division, Duty, Plate, StaffAccount
from address_model.work import WorkKind
from service.addresses.commands import enter_addresses
from service.app import create_front
from service.auth import commands
from service.auth.members import StaffMember
from service.auth.permissions import Role
from service.auth.session_tokens import SessionToken
from service.core.actor import COMMAND_LINE
from service.core.asgi import Receive, Scope, Send
from service.core.database import Database
from service.core.settings import Settings
from service.datasets.commands import push_rows
from service.linking.commands import link_addresses
from service.plates.commands import issue_plates, open_batch
from service.worklists.commands import open_item
from service.worklists.drafts import WorkDraft
from tests.database import migrated_database
from tests.factories.addresses import make_draft
from tests.factories.areas import make_area, make_duty
from tests.factories.datasets import KEY_BOX, make_dataset, read_lines
from tests.factories.divisions import make_place
from tests.factories.hosts import PREFIX, PUBLIC_URL
from tests.factories.office import COUNTIES, insert_account
from tests.factories.staff import COOKIES, open_session
from tests.servers import serving

PEOPLE = {
    "wang": (Role.GRID_WORKER, COUNTIES["own"]),
    "clerk": (Role.OFFICER, COUNTIES["own"]),
    "foreign": (Role.OFFICER, COUNTIES["foreign"]),
    "accounts": (Role.AUDITOR, COUNTIES["own"]),
}
NOT_COMPARED = {"date", "x-request-id"}


@dataclass(frozen=True)
class Street:
    """A server over one street; the tokens of its plates, and the duty of wang."""

    database: Database
    client: httpx2.Client
    tokens: list[str]
    duty: int

    def scan(self, token: str, session: SessionToken | None = None, **more: str) -> httpx2.Response:
        """Scan a plate as a browser does, with a session if somebody is signed in."""
        headers = {"accept": "text/html,*/*;q=0.8"} | more
        if session is not None:
            headers["cookie"] = f"other=1; {COOKIES[1]}={session.secret}"
        return self.client.get(f"/{token}", headers=headers)


@pytest.fixture(scope="module")
def street() -> Iterator[Street]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            place = make_place(session)
            county = session.scalars(
                select(Division.id).where(Division.code == COUNTIES["own"])
            ).one()
            grid = make_area(session, code="G1", name="清河坊第一网格", division_id=county)
            for name, (role, division) in PEOPLE.items():
                insert_account(session, name, role, division)
            wang = select(StaffAccount.id).where(StaffAccount.name == "wang")
            duty = make_duty(session, grid, account_id=session.scalars(wang).one()).id
            drafts = [make_draft(place, str(number)) for number in range(1, 5)]
            codes = [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]
            link_addresses(session, codes)
            batch = open_batch(
                session, name="t", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
            )
            tokens = issue_plates(session, batch, codes, COMMAND_LINE, status="in_use")
            draft = WorkDraft(WorkKind.REPAIR, codes[0], tokens[0], "左上角翘起")
            open_item(session, draft, COMMAND_LINE)
        with serving(made.app_url) as client:
            while client.get("/admin/sign-in").status_code == 503:
                time.sleep(1)  # the process of the pages is still starting
            yield Street(database, client, tokens, duty)
        database.dispose()


def compared(answer: httpx2.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All of an answer that may not differ."""
    headers = sorted((k.lower(), v) for k, v in answer.headers.items())
    return (
        answer.status_code,
        answer.content,
        [one for one in headers if one[0] not in NOT_COMPARED],
    )


def test_the_holder_sees_areas_work_and_the_own_contact(street: Street) -> None:
    answer = street.scan(street.tokens[0], open_session(street.database, "wang"))
    page = answer.text
    assert answer.status_code == 200
    for said in ("清河坊第一网格", "左上角翘起", "还是我，确认", "先隐藏", "巡查", "报修", "备注"):
        assert said in page, said
    assert "/admin/" not in page.partition("</section>")[0]
    assert answer.headers["cache-control"] == "private, no-store"
    assert "Cookie" in answer.headers["vary"]
    assert "etag" not in answer.headers
    assert "style-src 'self' 'sha256-" in answer.headers["content-security-policy"]


def test_an_officer_is_led_to_the_desk(street: Street) -> None:
    page = street.scan(street.tokens[0], open_session(street.database, "clerk")).text
    assert f'href="/admin/plates/{street.tokens[0]}"' in page
    assert "还是我，确认" not in page


def test_restricted_data_is_shown_to_the_role_it_is_for(street: Street) -> None:
    with street.database.session() as session:
        (code,) = session.scalars(select(Plate.code).where(Plate.token == street.tokens[0]))
        box = make_dataset(session, KEY_BOX)
        line = f"{code},XF-0012,门卫室"
        push_rows(session, box, read_lines(KEY_BOX, "code,box,place", line), COMMAND_LINE)
    seen = {name: street.scan(street.tokens[0], open_session(street.database, name)).text
            for name in PEOPLE}  # fmt: skip
    seen["anybody"] = street.scan(street.tokens[0]).text
    assert {name for name, text in seen.items() if "XF-0012" in text} == {"clerk"}
    assert {name for name, text in seen.items() if "门卫室" in text} == {"clerk", "wang"}


def test_nothing_of_it_reaches_the_next_visitor(street: Street) -> None:
    token = street.tokens[1]
    before = compared(street.scan(token))
    for name in PEOPLE:
        street.scan(token, open_session(street.database, name))
        assert compared(street.scan(token)) == before


def test_a_cache_shared_by_all_holds_nothing_of_it(street: Street) -> None:
    held: dict[tuple[str, str], httpx2.Response] = {}

    def ask(token: str, session: SessionToken | None) -> httpx2.Response:
        """As a proxy between all phones and the server that stores what it may (RFC 9111 §3)."""
        answer = held.get((token, "text/html")) or street.scan(token, session)
        control = answer.headers.get("cache-control", "")
        if "no-store" not in control and "private" not in control:
            held[token, "text/html"] = answer
        return answer

    staff = [open_session(street.database, name) for name in PEOPLE]
    for token in street.tokens:
        own = ask(token, staff[0]).text
        assert "您已登录" in own
        for somebody in (None, *staff[1:], None):
            assert "还是我，确认" not in ask(token, somebody).text
        assert "您已登录" not in ask(token, None).text


@pytest.mark.parametrize("name", ["foreign", "accounts"])
def test_whoever_may_do_nothing_here_sees_what_anybody_sees(street: Street, name: str) -> None:
    token = street.tokens[1]
    answer = street.scan(token, open_session(street.database, name))
    assert answer.content == street.scan(token).content
    assert answer.headers["cache-control"] == "private, no-store"


def test_who_has_signed_out_gets_the_page_of_anybody_byte_for_byte(street: Street) -> None:
    token, secret = street.tokens[1], open_session(street.database, "wang")
    anybody = compared(street.scan(token))
    assert compared(street.scan(token, secret)) != anybody
    with street.database.session() as session:
        commands.close_session(session, secret, StaffMember(1, "wang", "wang", ()))
    assert compared(street.scan(token, secret)) == anybody
    assert compared(street.scan(token, SessionToken("x" * 43))) == anybody
    assert compared(street.scan(token, SessionToken("malformed"))) == anybody


def test_without_a_place_among_the_pages_a_scan_is_answered_as_anybodys(street: Street) -> None:
    asked: list[str] = []

    async def no_place(scope: Scope, _: Receive, send: Send) -> None:
        asked.append(scope["path"])
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b"busy"})

    app = create_front(street.database, Settings(public_url=PUBLIC_URL), no_place)
    secret, token = open_session(street.database, "wang"), street.tokens[1]
    with TestClient(app, base_url=PUBLIC_URL, headers={"accept": "text/html"}) as browser:
        anybody = browser.get(f"/{token}")
        signed_in = browser.get(f"/{token}", headers={"cookie": f"{COOKIES[1]}={secret.secret}"})
    assert (signed_in.status_code, signed_in.content) == (200, anybody.content)
    assert asked == [f"/crew/scans/{token}"]


def test_json_and_unknown_tokens_are_as_for_anybody(street: Street) -> None:
    secret = open_session(street.database, "wang")
    signed_in = street.scan(street.tokens[1], secret, accept="application/json")
    assert compared(signed_in) == compared(street.scan(street.tokens[1], accept="application/json"))
    unknown = street.scan("7K3M9QX2TB", secret)
    assert (unknown.status_code, unknown.content) == (404, street.scan("7K3M9QX2TB").content)


@pytest.mark.parametrize("query", ["?v=elder", "?lang=en"])
def test_views_and_languages_stay(street: Street, query: str) -> None:
    token = street.tokens[1] + query
    plain = street.scan(token)
    shown = street.scan(token, open_session(street.database, "wang"))
    assert "清河坊第一网格" in shown.text
    assert plain.text.partition("<main")[0] == shown.text.partition("<main")[0]
    assert ("script-src" in plain.headers["content-security-policy"]) == (
        "script-src" in shown.headers["content-security-policy"]
    )


def test_a_contact_that_is_hidden_on_the_page_is_gone_for_the_next_visitor(
    street: Street,
) -> None:
    token, secret = street.tokens[2], open_session(street.database, "wang")
    assert "0571-00000001" in street.scan(token).text
    answer = street.client.post(
        f"/crew/duties/{street.duty}/hide",
        data={"form_token": secret.form_token, "seen": "1", "back": token},
        headers={"cookie": f"{COOKIES[1]}={secret.secret}", "accept": "text/html"},
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{token}")
    deadline = time.monotonic() + 60
    while "0571-00000001" in street.scan(token).text:
        assert time.monotonic() < deadline, "still shown"
    assert "已暂停公示" in street.scan(token, secret).text
    with street.database.reading() as session:
        assert session.get(Duty, street.duty).hidden_at is not None  # type: ignore[union-attr]

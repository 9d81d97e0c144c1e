import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import text

from address_model.work import WorkKind
from qr.symbol import make_symbol
from service.addresses.commands import enter_addresses
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import Settings
from service.plates.commands import issue_blank_plates, open_batch
from service.plates.queries import get_plate
from service.plates.queries.events import list_events
from service.worklists.commands import assign_items, open_item
from service.worklists.drafts import WorkDraft
from service.worklists.queries import WorkFilter
from tests.factories.addresses import make_draft
from tests.factories.divisions import Place
from tests.factories.hosts import PREFIX, PUBLIC_URL
from tests.factories.plates import make_plates
from tests.factories.staff import SignedIn, make_account, open_browser, sign_in

EVENT = re.compile(r'name="event_id" value="([^"]+)"')


@pytest.fixture(scope="module")
def tokens(office: Database) -> list[str]:
    """Five plates of 河坊街 that wait to be hung; a crew of the county and one of another."""
    with office.session() as session:
        place = Place({"330102001000": get_township(session)})
        made = make_plates(session, 5, place=place)
        for token in made[:3]:
            code = get_plate(session, token).code
            open_item(session, WorkDraft(WorkKind.INSTALL, code, token), COMMAND_LINE)
        assign_items(session, WorkFilter(division="330102"), "li", COMMAND_LINE)
    make_account(office, "li", (Role.CREW, "330102000000"))
    make_account(office, "hu", (Role.CREW, "330106000000"))
    make_account(office, "looker", (Role.VIEWER, ""))
    return made


def get_township(session: Any) -> int:
    return int(session.scalar(text("select id from division where code = '330102001000'")))


@pytest.fixture
def crew(office: Database, tokens: list[str], tmp_path: Path) -> SignedIn:
    return sign_in(office, "li", open_browser(office, Settings(home=tmp_path)))


def symbol_photo(token: str, left: int = 300) -> bytes:
    modules = make_symbol(PREFIX + token).modules()
    symbol = Image.fromarray((1 - modules).astype("uint8") * 255).resize((330, 330), 0)
    scene = Image.new("RGB", (1000, 800), "white")
    scene.paste(symbol, (left, 200))
    out = BytesIO()
    scene.save(out, "JPEG")
    return out.getvalue()


def record(crew: SignedIn, token: str, **fields: str) -> Any:
    event_id = EVENT.search(crew.browser.get(f"/crew/{token}").text)
    assert event_id
    return crew.post(f"/crew/{token}", event_id=event_id[1], **fields)


def test_a_crew_sees_its_own_work_and_opens_a_plate(crew: SignedIn, tokens: list[str]) -> None:
    page = crew.browser.get("/crew?mine=1").text
    assert all(token in page for token in tokens[:3])
    assert "河坊街1号" in page
    sent: Any = crew.post("/crew", scanned=f"{PUBLIC_URL}/{tokens[0].lower()}?v=elder")
    assert (sent.status_code, sent.headers["location"]) == (303, f"/crew/{tokens[0]}")
    wrong: Any = crew.post("/crew", scanned="hello")
    assert (wrong.status_code, "10 位" in wrong.text) == (422, True)


def test_a_photo_of_the_symbol_opens_the_plate_and_goes_with_the_event(
    crew: SignedIn, office: Database, tokens: list[str]
) -> None:
    token = tokens[0]
    files = {"photo": ("a.jpg", symbol_photo(token), "image/jpeg")}
    sent = crew.browser.post("/crew", data={"form_token": crew.form_token}, files=files)
    assert sent.status_code == 303
    path, _, kept = sent.headers["location"].partition("?photo=")
    assert path == f"/crew/{token}"
    page = crew.browser.get(sent.headers["location"]).text
    assert f'name="kept" value="{kept}"' in page
    assert crew.browser.get(f"/crew/photos/{kept}.jpg").content.startswith(b"\xff\xd8")
    done = record(crew, token, what="installed", kept=kept, lon="120.165", lat="30.24")
    assert done.status_code == 303
    with office.reading() as session:
        (event,) = list_events(session, token)
    assert (event.photo, event.actor) == (f"photos/{kept[:2]}/{kept}.jpg", "staff:li")
    assert "已记下：安装" in crew.browser.get(done.headers["location"]).text


def test_a_far_check_in_is_told_to_the_crew_and_the_next_plate_offered(
    crew: SignedIn, tokens: list[str]
) -> None:
    done = record(crew, tokens[1], what="installed", lon="120.165", lat="30.24072", accuracy="9")
    page = crew.browser.get(done.headers["location"]).text
    assert "离登记位置 80 米" in page
    assert "待核对" in page
    assert f"/crew/{tokens[2]}" in page


def test_what_cannot_be_recorded_is_said_on_the_plates_page(
    crew: SignedIn, office: Database, tokens: list[str]
) -> None:
    for fields in ({}, {"what": "well"}, {"what": "installed", "lon": "abc"}, {"what": "voided"}):
        answer = record(crew, tokens[3], **fields)
        assert answer.status_code in (403, 409, 422)
    assert "没有记下" in record(crew, tokens[3], what="well").text
    with office.reading() as session:
        assert list_events(session, tokens[3]) == []


def test_a_form_sent_twice_is_recorded_once(
    crew: SignedIn, office: Database, tokens: list[str]
) -> None:
    fields = {"event_id": "twice", "what": "installed", "note": "门柱左"}
    answers: list[Any] = [crew.post(f"/crew/{tokens[4]}", **fields) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303] * 3
    with office.reading() as session:
        assert len(list_events(session, tokens[4])) == 1


def test_a_crew_of_another_county_sees_and_records_nothing(
    office: Database, tokens: list[str]
) -> None:
    stranger = sign_in(office, "hu")
    assert tokens[2] not in stranger.browser.get("/crew").text
    assert stranger.browser.get(f"/crew/{tokens[2]}").status_code == 403
    answer: Any = stranger.post(f"/crew/{tokens[2]}", event_id="x", what="installed")
    assert answer.status_code == 403
    assert sign_in(office, "looker").browser.get("/crew").status_code == 403


def test_a_form_without_its_token_is_refused(crew: SignedIn, tokens: list[str]) -> None:
    answer = crew.browser.post(f"/crew/{tokens[2]}", data={"event_id": "x", "what": "installed"})
    assert answer.status_code == 403


def test_a_form_larger_than_a_photo_is_refused_unread(crew: SignedIn) -> None:
    answer = crew.browser.post("/crew", headers={"content-length": str(1 << 30)})
    assert answer.status_code == 413


def test_a_blank_plate_is_bound_where_a_door_has_none(
    crew: SignedIn, office: Database, tokens: list[str]
) -> None:
    with office.session() as session:
        place = Place({"330102001000": get_township(session)})
        (code,) = enter_addresses(session, [make_draft(place, "99")], COMMAND_LINE)
        batch = open_batch(
            session, name="b", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
        )
        (blank,) = issue_blank_plates(session, batch, "330102", 1, COMMAND_LINE)
        draft = WorkDraft(WorkKind.INSTALL, str(code), reason="漏")
        number = open_item(session, draft, COMMAND_LINE)
    assert "没有门牌" in crew.browser.get(f"/crew/items/{number}").text
    assert "空白门牌" in crew.browser.get(f"/crew/{blank}").text
    mistyped = f"{str(code)[:-1]}{(int(str(code)[-1]) + 1) % 10}"
    assert record(crew, blank, code=mistyped).status_code in (404, 422)
    done = record(crew, blank, code=" ".join(re.findall("....", str(code))))
    assert "绑定地址并安装" in crew.browser.get(done.headers["location"]).text
    closed: Any = crew.post(f"/crew/items/{number}", outcome="x", seen=1)
    assert closed.status_code == 412
    assert "<dt>结果</dt><dd>已安装空白牌</dd>" in closed.text

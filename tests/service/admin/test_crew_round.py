"""A crew on its round: the nearest first, the ways there, and what is asked for at the wall."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from address_model.coordinates import Point
from address_model.work import WorkKind
from service.addresses.commands import move_address
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import Settings
from service.plates.queries import get_plate
from service.plates.queries.events import list_events
from service.worklists.commands import open_item
from service.worklists.drafts import WorkDraft
from tests.database import TestDatabase
from tests.factories.office import COUNTIES, insert_account
from tests.factories.plates import make_plates, metres_north
from tests.factories.staff import SignedIn, open_browser, sign_in

EVENT = re.compile(r'name="event_id" value="([^"]+)"')


class Street:
    """Three doors, 100 m from each other, each with a plate to hang; the crew li."""

    def __init__(self, database: Database, home: Path) -> None:
        self.database, self._home = database, home
        with database.session() as session:
            self.tokens = make_plates(session, 3)
            for number, token in enumerate(self.tokens):
                code = get_plate(session, token).code
                point = Point(120.165, metres_north(100 * number).lat)
                move_address(session, code, point, COMMAND_LINE)
                draft = WorkDraft(WorkKind.INSTALL, code, token, assignee="li")
                open_item(session, draft, COMMAND_LINE)
            insert_account(session, "li", Role.CREW, COUNTIES["own"])

    def crew(self, **more: object) -> SignedIn:
        settings = Settings(home=self._home, **more)  # type: ignore[arg-type]
        return sign_in(self.database, "li", open_browser(self.database, settings))


@pytest.fixture
def street(fresh_database: TestDatabase, tmp_path: Path) -> Iterator[Street]:
    database = Database(fresh_database.app_url)
    yield Street(database, tmp_path)
    database.dispose()


def doors(page: str) -> list[str]:
    return re.findall(r"<b>河坊街(\d+)号</b>", page)


def test_the_list_is_along_the_street_or_the_nearest_first(street: Street) -> None:
    crew = street.crew()
    page = crew.get("/crew?mine=1").text
    assert doors(page) == ["1", "2", "3"]
    assert page.count("https://uri.amap.com/marker?position=") == 3
    here = metres_north(190)
    near = crew.get(f"/crew?mine=1&near={here.lon},{here.lat:.7f}").text
    assert doors(near) == ["3", "2", "1"]
    assert re.findall(r'class="apart">\s*(\d+ 米)\s*<', near)[1:] == ["90 米", "190 米"]
    for wrong in ("x", "1,2,3", "999,1", "120.1"):
        assert doors(crew.get(f"/crew?mine=1&near={wrong}").text) == ["1", "2", "3"]


def test_a_plate_leads_to_the_maps_of_the_phone(street: Street) -> None:
    page = street.crew().get(f"/crew/{street.tokens[0]}").text
    assert 'href="geo:30.240000,120.165000?q=' in page
    for host in ("uri.amap.com", "api.map.baidu.com", "apis.map.qq.com"):
        assert f"https://{host}/" in page


@pytest.mark.parametrize(
    ("needed", "said"), [("photo", "安装打卡必须拍照"), ("position", "安装打卡必须有位置")]
)
def test_what_is_asked_for_is_told_and_what_was_typed_stays(
    street: Street, needed: str, said: str
) -> None:
    crew, token = street.crew(crew_proof=needed), street.tokens[0]
    event = EVENT.search(crew.get(f"/crew/{token}").text)
    assert event is not None
    fields = {"event_id": event[1], "what": "installed", "note": "门口<左侧>"}
    fields |= {"lon": "120.165", "lat": "30.24"} if needed == "photo" else {}
    refused = crew.post(f"/crew/{token}", **fields)
    assert refused.status_code == 422
    assert said in refused.text
    assert "门口&lt;左侧&gt;</textarea>" in refused.text
    assert 'href="/crew">不是这块' in refused.text
    with street.database.reading() as session:
        assert list_events(session, token) == []
    assert crew.post(f"/crew/{token}", **fields | {"what": "lost"}).status_code == 303

"""The maps of the desk in a real browser, with WebGL in software and without any."""

import io
import re
from collections.abc import Iterator
from math import cos, radians
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.tables import Address
from service.addresses.commands import enter_addresses
from service.app import create_app
from service.core.actor import COMMAND_LINE
from service.core.settings import Settings
from tests.browser.axe import list_barriers
from tests.browser.bureau import Bureau, enter, open_bureau
from tests.browser.conftest import DESK, PHONE
from tests.browser.photographs import photograph
from tests.browser.serving import serve
from tests.chromium import CHROMIUM
from tests.factories.addresses import make_draft, make_elements
from tests.factories.areas import make_area
from tests.factories.divisions import make_place
from tests.factories.hosts import PUBLIC_URL

HERE = Point(120.1651, 30.2401)
DOORS = 40
BASE, NOTE = "https://base.example/{z}/{x}/{y}.png", "示例底图 GS（2026）0000号"


def enter_street(session: Session) -> None:
    """Two rows of doors along a street, in a community; one frozen, one without a point."""
    place = make_place(session)
    step = 14 / 111_320 / cos(radians(HERE.lat))
    drafts = [
        make_draft(
            place,
            elements=make_elements(str(n)),
            point=Point(HERE.lon + n // 2 * step, HERE.lat + n % 2 * 0.0002),
        )
        for n in range(1, DOORS + 1)
    ]
    codes = [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]
    make_area(session, "community", "清河坊社区", division_id=place.township_id)
    change = "update address set {} where code = :code"
    session.execute(text(change.format("status = 'frozen'")), {"code": codes[4]})
    session.execute(text(change.format("geom = null")), {"code": codes[9]})


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    with open_bureau(tmp_path_factory.mktemp("map"), enter_street, approval_above=10) as one:
        yield one


@pytest.fixture(scope="module")
def flat_browser(browser: Browser) -> Iterator[Browser]:
    """A Chromium without WebGL, as on a desk without a graphics card that may be used."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-3d-apis"]
    made = browser.browser_type.launch(executable_path=CHROMIUM, args=arguments)
    yield made
    made.close()


def watched(page: Page) -> list[str]:
    """What the page complains of and whom it asks besides us."""
    faults: list[str] = []
    page.on("console", lambda one: faults.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda one: faults.append(str(one)))
    return faults


def look_at(page: Page, name: str) -> None:
    """No barriers, nothing sideways, and a picture, on a phone and at a desk."""
    for size in (PHONE, DESK):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.wait_for_timeout(1500)  # the map draws anew at this size
        photograph(page, f"map-{name}-{size[0]}")
        assert list_barriers(page) == [], (name, size)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, size


def code_of(bureau: Bureau, number: int) -> str:
    with bureau.database.reading() as session:
        wanted = select(Address.code).where(Address.number_order == number)
        return session.scalars(wanted).one()


def test_a_street_is_drawn_above_its_list(browser: Browser, bureau: Bureau) -> None:
    officer = enter(browser, bureau, "li.na")
    faults = watched(officer)
    officer.goto(f"{bureau.url}/admin/addresses?q=河坊街")
    officer.click("text=地图")
    expect(officer).to_have_url(re.compile("view=map"))
    expect(officer.locator("[data-drawn]")).to_be_visible()
    expect(officer.locator(".told")).to_have_text(f"红点是名单里的地址：{DOORS - 1} 个")
    expect(officer.locator(".instead")).to_be_hidden()
    assert officer.locator("tbody tr").count() == DOORS  # the list stays beside it
    look_at(officer, "street")
    assert faults == []


def test_a_neighbour_on_the_map_leads_to_its_page(browser: Browser, bureau: Bureau) -> None:
    officer = enter(browser, bureau, "li.na")
    officer.goto(f"{bureau.url}/admin/addresses/{code_of(bureau, 8)}")
    expect(officer.locator("[data-drawn]")).to_be_visible()
    officer.locator(".canvas").scroll_into_view_if_needed()
    box = officer.locator(".canvas").bounding_box()
    assert box is not None
    metre = 512 * 2**17.5 / 40_075_016 / cos(radians(HERE.lat))
    officer.mouse.click(box["x"] + box["width"] / 2 - 14 * metre, box["y"] + box["height"] / 2)
    officer.click(".maplibregl-popup a")
    expect(officer.locator("h1")).to_contain_text("河坊街6号")


def test_from_afar_addresses_are_counted(browser: Browser, bureau: Bureau) -> None:
    officer = enter(browser, bureau, "li.na")
    faults = watched(officer)
    officer.goto(f"{bureau.url}/admin/addresses?view=map")
    expect(officer.locator("[data-drawn]")).to_be_visible()
    officer.locator(".maplibregl-canvas").focus()
    with officer.expect_response(re.compile(r"/admin/tiles/(9|10|11)/")) as answer:
        for _ in range(6):
            officer.keyboard.press("-")
            officer.wait_for_timeout(400)
    assert answer.value.status == 200
    look_at(officer, "afar")
    assert faults == []


def test_a_base_map_is_shown_with_its_number(browser: Browser, bureau: Bureau) -> None:
    settings = Settings(
        home=bureau.home, public_url=PUBLIC_URL, base_map_url=BASE, base_map_note=NOTE
    )
    picture = io.BytesIO()
    Image.new("RGB", (256, 256), "#dce8d0").save(picture, "PNG")
    with serve(create_app(bureau.database, settings)) as url:
        officer = enter(browser, bureau, "li.na")
        faults = watched(officer)
        asked: set[str] = set()
        officer.on("request", lambda one: asked.add(urlsplit(one.url).netloc))
        officer.route(
            "https://base.example/**",
            lambda route: route.fulfill(
                body=picture.getvalue(),
                content_type="image/png",
                headers={"Access-Control-Allow-Origin": "*"},
            ),
        )
        officer.goto(f"{url}/admin/addresses?q=河坊街&view=map")
        expect(officer.locator("[data-drawn]")).to_be_visible()
        expect(officer.locator(".maplibregl-ctrl-attrib")).to_contain_text(NOTE)
        look_at(officer, "base")
        assert asked - {""} == {urlsplit(url).netloc, "base.example"}
        assert faults == []


def test_the_point_of_a_moved_address_is_dragged(browser: Browser, bureau: Bureau) -> None:
    officer = enter(browser, bureau, "li.na")
    faults = watched(officer)
    officer.goto(f"{bureau.url}/admin/addresses/{code_of(bureau, 8)}")
    expect(officer.locator("[data-drawn]")).to_be_visible()
    look_at(officer, "address")
    officer.click("text=移动")
    expect(officer.locator("[data-drawn]")).to_be_visible()
    look_at(officer, "move")
    marker = officer.locator(".maplibregl-marker").bounding_box()
    assert marker is not None
    officer.mouse.move(marker["x"] + 13, marker["y"] + 20)
    officer.mouse.down()
    officer.mouse.move(marker["x"] + 73, marker["y"] + 20, steps=5)
    officer.mouse.up()
    east = float(officer.input_value("#lon")) - (HERE.lon + 4 * 14 / 111_320 / 0.864)
    assert 0.0002 < east < 0.0008
    assert float(officer.input_value("#lat")) == pytest.approx(HERE.lat, abs=0.00002)
    assert officer.input_value("#crs") == "4490"
    officer.click("text=先看结果")
    expect(officer.locator("text=办理后，会随之改变的")).to_be_visible()
    assert faults == []


def test_without_webgl_the_sketch_and_the_list_stay(flat_browser: Browser, bureau: Bureau) -> None:
    officer = enter(flat_browser, bureau, "li.na")
    asked: list[str] = []
    officer.on("request", lambda one: asked.append(one.url))
    officer.goto(f"{bureau.url}/admin/addresses/{code_of(bureau, 8)}")
    officer.wait_for_load_state("networkidle")
    expect(officer.locator("svg.map")).to_be_visible()
    assert officer.locator(".canvas").count() == 0
    officer.goto(f"{bureau.url}/admin/addresses?q=河坊街&view=map")
    expect(officer.locator("text=这个浏览器不能显示地图")).to_be_visible()
    assert officer.locator("tbody tr").count() == DOORS
    assert [url for url in asked if not url.startswith((bureau.url, "data:"))] == []
    assert [url for url in asked if "maplibre-gl-csp" in url] == []  # a megabyte for nothing

"""A clerk of a village moves the border between two grids; residents see the other worker."""

import json
import re
from collections.abc import Iterator
from datetime import date
from math import asinh, degrees, radians, tan

import pytest
import shapely
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from service.addresses.commands import enter_addresses
from service.areas.commands.areas import load_areas
from service.areas.queries import list_area_keys, list_held_areas
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.clock import today
from service.linking.commands import forget_covers, link_addresses
from service.plates.commands import issue_plates, open_batch
from tests.browser.bureau import Bureau, enter, open_bureau
from tests.browser.test_map import look_at, watched
from tests.factories.addresses import make_draft, make_elements
from tests.factories.areas import box, make_duty, make_listed
from tests.factories.divisions import make_place
from tests.factories.hosts import PREFIX
from tests.factories.office import insert_account

VILLAGE = "330102001051"
WEST, NORTH, EAST = 16.5, 24.1, 16.7
GROUNDS = {
    "清波门社区": box(WEST, 24, EAST, NORTH),
    "第一网格": box(WEST, 24, 16.6, NORTH),
    "第二网格": box(16.6, 24, EAST, NORTH),
}
BETWEEN = Point(120.1659, 30.2405)
"""Where the plate hangs: ten metres west of the border."""

tokens: list[str] = []


def enter_village(session: Session) -> None:
    """Two grids of a community, each with a worker, and a door between."""
    place = make_place(session)
    drafts = [
        make_draft(
            place,
            division_id=place.ids[VILLAGE],
            division_code=VILLAGE,
            elements=make_elements(str(at + 1)),
            point=Point(BETWEEN.lon - 0.0007 + at * 0.0007, BETWEEN.lat),
        )
        for at in range(3)
    ]
    codes = [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]
    batch = open_batch(
        session, name="村", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
    )
    tokens[:] = issue_plates(session, batch, codes[1:2], COMMAND_LINE, status="in_use")
    listed = [
        make_listed(
            name,
            ground,
            row,
            kind="grid" if row > 1 else "community",
            parent="清波门社区" if row > 1 else "",
            division=VILLAGE,
            valid_from=date(2026, 1, 1),
        )
        for row, (name, ground) in enumerate(GROUNDS.items(), start=1)
    ]
    load_areas(session, listed, COMMAND_LINE, today())
    keys = list_area_keys(session)
    for name, worker in (("第一网格", "演示甲"), ("第二网格", "演示乙")):
        make_duty(session, keys[name][0], display_name=worker)  # type: ignore[arg-type]
    link_addresses(session, codes)
    insert_account(session, "village", Role.OFFICER, VILLAGE)


@pytest.fixture
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    with open_bureau(tmp_path_factory.mktemp("borders"), enter_village, approval_above=10) as one:
        yield one
    forget_covers()


def area_path(bureau: Bureau, name: str) -> str:
    with bureau.database.reading() as session:
        return f"{bureau.url}/admin/areas/{list_area_keys(session)[name][0].id}"


def mercator(lat: float) -> float:
    return degrees(asinh(tan(radians(lat))))


def pixel(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Where a point of the map is drawn, which shows the bounds of the page's chart."""
    west, south, east, north = map(
        float, (page.get_attribute("[data-map]", "data-bounds") or "").split(",")
    )
    page.locator(".canvas").scroll_into_view_if_needed()
    frame = page.locator(".canvas").bounding_box()
    assert frame is not None
    low, high = mercator(south), mercator(north)
    scale = min((frame["width"] - 60) / (east - west), (frame["height"] - 60) / (high - low))
    scale = min(scale, 512 * 2**17 / 360)
    x = frame["x"] + frame["width"] / 2 + (lon - (west + east) / 2) * scale
    y = frame["y"] + frame["height"] / 2 - (mercator(lat) - (low + high) / 2) * scale
    return x, y


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=8)
    page.mouse.up()


def worker_on(resident: Page, bureau: Bureau) -> str:
    resident.goto(f"{bureau.url}/{tokens[0]}")
    return "、".join(re.findall("演示[甲乙]", resident.content())[:1])


def test_a_clerk_moves_a_border_and_the_scan_shows_the_other_worker(
    browser: Browser, bureau: Bureau
) -> None:
    resident = browser.new_context().new_page()
    assert worker_on(resident, bureau) == "演示甲"
    clerk = enter(browser, bureau, "village")
    faults = watched(clerk)
    clerk.goto(f"{bureau.url}/admin/areas")
    clerk.wait_for_selector("[data-drawn]")
    look_at(clerk, "areas")
    clerk.goto(area_path(bureau, "第二网格"))
    clerk.wait_for_selector("[data-drawn]")
    look_at(clerk, "area")
    clerk.click("text=改界线")
    clerk.wait_for_selector("[data-drawn]")
    for lat in (30.24, 30.241):  # both corners of the shared border, 20 metres to the west
        drag(clerk, pixel(clerk, 120.166, lat), pixel(clerk, 120.1658, lat))
    drawn = shapely.from_geojson(clerk.input_value("#border"))
    assert drawn.bounds[0] == pytest.approx(120.1658, abs=2e-5)
    clerk.fill("#reason", "清波门社区网格调整")
    look_at(clerk, "border-edit")
    clerk.click("text=先看结果")
    clerk.wait_for_selector("text=1 个地址换责任区")
    clerk.wait_for_selector("text=改后没有重叠，也没有空白")
    clerk.wait_for_selector("[data-drawn]")
    look_at(clerk, "border-result")
    assert worker_on(resident, bureau) == "演示甲"
    clerk.click("text=确认改界线")
    clerk.wait_for_url(re.compile(r"/admin/areas/\d+(#doing)?$"))
    for _ in range(100):  # within a second, as long as the server hears the feed
        if worker_on(resident, bureau) == "演示乙":
            break
        resident.wait_for_timeout(100)
    assert worker_on(resident, bureau) == "演示乙"
    look_at(clerk, "area-after")
    assert faults == []


def test_all_of_it_goes_without_script(browser: Browser, bureau: Bureau) -> None:
    clerk = enter(browser, bureau, "village", scripts=False)
    clerk.goto(area_path(bureau, "第二网格"))
    clerk.wait_for_selector("svg.areas")
    clerk.click("text=改界线")
    clerk.click("summary")
    west = 120.1658
    corners = [(west, 30.24), (120.167, 30.24), (120.167, 30.241), (west, 30.241)]
    clerk.fill("#border", "\n".join(f"{lon},{lat}" for lon, lat in corners))
    clerk.click("text=先看结果")
    clerk.wait_for_selector("text=第一网格 → 第二网格 1 个")
    expect(clerk.locator("svg.areas path.former").first).to_be_attached()
    clerk.click("text=确认改界线")
    clerk.wait_for_url(re.compile(r"/admin/areas/\d+(#doing)?$"))
    resident = browser.new_context().new_page()
    assert worker_on(resident, bureau) == "演示乙"  # never scanned before


def test_a_grid_is_split_by_a_line_on_the_map_and_merged_again(
    browser: Browser, bureau: Bureau
) -> None:
    clerk = enter(browser, bureau, "village")
    faults = watched(clerk)
    clerk.goto(f"{area_path(bureau, '第一网格')}/split")
    clerk.wait_for_selector("[data-drawn]")
    for lon, lat in ((120.1654, 30.24), (120.1655, 30.241)):
        clerk.mouse.click(*pixel(clerk, lon, lat))
    line = json.loads(clerk.input_value("#line"))
    assert line["coordinates"][0] == pytest.approx([120.1654, 30.24], abs=2e-5)
    clerk.fill("#name", "第三网格")
    look_at(clerk, "border-split")
    clerk.click("text=先看结果")
    clerk.wait_for_selector("text=新增")
    clerk.click("text=确认拆分")
    clerk.wait_for_selector("a:has-text('第三网格')")
    clerk.click("nav[aria-label=办理] >> text=合并")
    clerk.wait_for_selector("[data-drawn]")
    clerk.mouse.click(*pixel(clerk, 120.1652, 30.2405))
    clerk.wait_for_selector(".told:has-text('并入：第三网格')")
    clerk.click("text=先看结果")
    clerk.click("text=确认合并")
    clerk.wait_for_url(re.compile(r"/admin/areas/\d+(#doing)?$"))
    with bureau.database.reading() as session:
        grids = list_held_areas(session, kinds=["grid"], living_on=today())
    assert {one.name for one in grids} == {"第一网格", "第二网格"}
    assert faults == []


def test_a_new_area_is_clicked_corner_by_corner(browser: Browser, bureau: Bureau) -> None:
    clerk = enter(browser, bureau, "village")
    faults = watched(clerk)
    clerk.goto(f"{bureau.url}/admin/areas/new?kind=grid&division={VILLAGE}")
    clerk.wait_for_selector("[data-drawn]")
    for lon, lat in ((120.1662, 30.2402), (120.1668, 30.2402), (120.1668, 30.2408)):
        clerk.mouse.click(*pixel(clerk, lon, lat))
    clerk.click("text=撤回一步")
    clerk.mouse.click(*pixel(clerk, 120.1665, 30.2408))
    shape = shapely.from_geojson(clerk.input_value("#border"))
    assert len(shape.exterior.coords) == 4
    clerk.fill("#name", "广场网格")
    clerk.click("text=先看结果")
    clerk.wait_for_selector("text=新增")
    look_at(clerk, "border-new")
    clerk.click("text=确认登记")
    clerk.wait_for_selector("h1:has-text('广场网格')")
    assert faults == []

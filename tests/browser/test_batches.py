"""An officer prints 5,000 plates of a street, a colleague approves, the maker gets the ZIP."""

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from qr.proof import read_pdf
from service.app import create_app
from service.auth.permissions import Role
from service.core.database import Database
from service.core.settings import Settings
from tests.browser.conftest import DESK, PHONE
from tests.browser.serving import serve
from tests.browser.test_accessibility import CONTRASTS, RULES
from tests.command_line import start_worker
from tests.database import migrated_database
from tests.factories.batches import make_street, read_manifest
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import insert_account
from tests.factories.staff import COOKIES, open_session

SCREENS = Path(__file__).resolve().parents[2] / "artefacts" / "screens"
DOORS = 5000
MINUTES = 5 * 60_000


@dataclass(frozen=True)
class Bureau:
    """A served application over a street without plates, and the home of its worker."""

    database: Database
    url: str
    home: Path


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    home = tmp_path_factory.mktemp("home")
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            make_street(session, DOORS)
            insert_account(session, "li.na", Role.OFFICER, "330102")
            insert_account(session, "zhang.wei", Role.APPROVER, "330102")
        settings = Settings(
            home=home,
            operator="示例市地名管理部门",
            batch_approval_above=1000,
            public_url=PUBLIC_URL,
        )
        with serve(create_app(database, settings)) as url:
            yield Bureau(database, url, home)
        database.dispose()


def enter(browser: Browser, bureau: Bureau, name: str) -> Page:
    """A browser of somebody who is signed in."""
    secret = open_session(bureau.database, name).secret
    context = browser.new_context(accept_downloads=True)
    secure = {"domain": "127.0.0.1", "path": "/", "secure": True}
    context.add_cookies([{"name": COOKIES[1], "value": secret, **secure}])  # type: ignore[list-item]
    context.set_default_timeout(120_000)  # a machine under load is slow, not broken
    return context.new_page()


def look_at(page: Page, name: str) -> None:
    """No barriers, nothing cut off, and a picture, on a phone and at a desk."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    for size in (PHONE, DESK):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        shown = {"x": 0, "y": 0, "width": size[0], "height": 1500}
        page.screenshot(path=SCREENS / f"batches-{name}-{size[0]}.png", full_page=True, clip=shown)
        found = Axe().run(page, options=RULES | {"resultTypes": ["violations"]})
        assert [one["id"] for one in found.response["violations"]] == [], (name, size)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, size
        assert [one for one in page.evaluate(CONTRASTS) if one[0] < 4.5] == [], (name, size)


def read_lines(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    return read_manifest({"manifest.csv": archive.read("manifest.csv")})


def require_whole(path: Path) -> None:
    """Every file is the one of the manifest, every plate once, the symbols of a file its plates'.

    That all symbols read back is what made the batch ready; here one file is read anew.
    """
    with zipfile.ZipFile(path) as archive:
        lines = read_lines(archive)
        assert len({line["code"] for line in lines}) == DOORS
        assert len({line["token"] for line in lines}) == DOORS
        for name in {line["file"] for line in lines}:
            own = [line for line in lines if line["file"] == name]
            data = archive.read(name)
            assert {hashlib.sha256(data).hexdigest()} == {line["sha256"] for line in own}
        last = archive.read(lines[-1]["file"])
        own = [line for line in lines if line["file"] == lines[-1]["file"]]
        assert list(read_pdf(last, module=1.0)) == [line["payload"] for line in own]
        assert archive.read("proof.pdf").startswith(b"%PDF")


def hand_over(officer: Page) -> None:
    """Give the files away, take the plates in: the work of hanging them is there."""
    officer.fill("#maker", "某标牌厂（演示）")
    officer.click("button >> text=已交出")
    expect(officer.locator("#live .state")).to_have_text("已交制作")
    officer.click("text=成品已收到")
    expect(officer.locator("#live .state")).to_have_text("已收货")
    look_at(officer, "received")


def test_an_officer_prints_a_street_with_a_colleagues_approval_and_hands_over_the_zip(
    browser: Browser, bureau: Bureau, tmp_path: Path
) -> None:
    officer, colleague = enter(browser, bureau, "li.na"), enter(browser, bureau, "zhang.wei")
    officer.goto(f"{bureau.url}/admin/batches")
    officer.click("text=新建批次")
    officer.fill("#name", "河坊街 2026 年第一批")
    officer.fill("#street", "河坊街")
    officer.select_option("#sheet", "1220x2440")
    look_at(officer, "new")
    officer.click("text=选出名单")
    assert "5,000 块" in officer.inner_text("#live")
    look_at(officer, "draft")
    officer.click("text=提交")
    assert "不能批准自己的批次" in officer.inner_text("#live")
    assert officer.locator("text=批准").first.evaluate("e => e.tagName") != "BUTTON"

    colleague.goto(officer.url)
    look_at(colleague, "to-approve")
    colleague.click("button >> text=批准")
    expect(colleague.locator("#live .state")).to_have_text("已批准")

    officer.reload()
    officer.click("text=开始制作")
    worker = start_worker(bureau.database.url, bureau.home)
    try:
        bar = officer.locator("progress")
        expect(bar).not_to_have_attribute("value", "0.0", timeout=MINUTES)
        assert 0 < float(bar.get_attribute("value") or 0) < 1
        look_at(officer, "running")
        expect(officer.locator("#live .state")).to_have_text("可交付", timeout=MINUTES)
        look_at(officer, "ready")
        with officer.expect_download() as download:
            officer.click("text=交给制作单位的压缩包")
        download.value.save_as(tmp_path / "batch.zip")
        hand_over(officer)
    finally:
        worker.kill()
        worker.wait()
    require_whole(tmp_path / "batch.zip")
    officer.goto(f"{bureau.url}/admin/batches")
    look_at(officer, "list")
    officer.context.close()
    colleague.context.close()

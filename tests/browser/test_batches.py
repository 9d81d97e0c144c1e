"""An officer prints 5,000 plates of a street, a colleague approves, the maker gets the ZIP."""

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from qr.proof import read_pdf
from tests.browser.bureau import Bureau, enter, look_at, open_bureau
from tests.command_line import start_worker
from tests.factories.batches import make_street, read_manifest

DOORS = 5000
MINUTES = 5 * 60_000


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    home = tmp_path_factory.mktemp("home")
    with open_bureau(home, lambda session: make_street(session, DOORS), approval_above=1000) as one:
        yield one


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
    officer.click("text=生成名单")
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

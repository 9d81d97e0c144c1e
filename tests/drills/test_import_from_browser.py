"""A list of 100,000 rows is imported at the desk while a town scans at 500 a second.

The worker is the one that ``menpai serve`` starts. About five minutes.
"""

import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
import pytest
from sqlalchemy import text

from address_model.shipped import data_folder
from benchmarks.databases import bench_database
from benchmarks.filling import scan_all
from benchmarks.http_load import Server, serving
from benchmarks.registers import Register, make_register
from benchmarks.rivals import DATABASE_VARIABLE
from benchmarks.steady_load import read_load, start_load
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import Settings
from service.divisions.commands import load_shipped
from service.scans.site import site_of
from tests.drills.test_crowd import sign_in
from tests.factories.numerals import spelled
from tests.factories.staff import FORM, make_account

pytestmark = pytest.mark.drill

PLATES, RATE = 20_000, 500
STREETS, DOORS = 50, 2_000
P99_MS, LONGEST_S, SECONDS = 50.0, 600.0, 120.0
COUNTY = "330106000000"
"""A county of its own: the town of the register is written without its counters."""

_SEEN = re.compile(r'name="seen" value="(\d+)"')
_SHARE = re.compile(r'<progress id="share" max="1" value="([^"]+)">')


@dataclass
class Town:
    """A served register with its worker, and an officer's cookies."""

    database: Database
    register: Register
    server: Server
    cookies: dict[str, str]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with bench_database() as database:
        register = make_register(database, PLATES, tmp_path_factory.mktemp("town"))
        scan_all(database, register, site_of(Settings(env="demo")))
        with database.session() as session:
            load_shipped(session, data_folder(), COMMAND_LINE)
        password = make_account(database, "officer", (Role.OFFICER, ""))
        environment = {
            DATABASE_VARIABLE: database.url,
            "MENPAI_ENV": "demo",
            "MENPAI_IMPORT_APPROVAL_ABOVE": "1000000",
            "MENPAI_FILES_URL": str(tmp_path_factory.mktemp("files")),
        }
        with serving(("service", "serve"), environment=environment) as server:
            yield Town(database, register, server, sign_in(server, password))


def test_a_hundred_thousand_rows_are_imported_beside_scans(town: Town) -> None:
    with httpx2.Client(
        base_url=f"http://127.0.0.1:{town.server.port}", cookies=town.cookies, timeout=60
    ) as desk:
        page = desk.get("/admin/imports")
        form = FORM.search(page.text)
        assert form, page.text
        token = {"form_token": form[1]}
        files = {"file": ("北山街道.csv", make_list(), "text/csv")}
        sent = desk.post("/admin/imports", data=token | {"division": COUNTY}, files=files)
        assert sent.status_code == 303, sent.text
        path = sent.headers["location"]
        load = start_load(town.server.port, town.register.tokens, RATE, SECONDS)
        checked = wait_for(desk, path, token, f"{path}/check", "核对 <small>共")
        stored = wait_for(desk, path, token, f"{path}/store", "已入库</b>")
        assert "新增 100,000" in desk.get(path).text
    figures = read_load(load)
    sys.stdout.write(f"checked {checked[0]} s, stored {stored[0]} s, scans {figures}\n")
    assert all(shares and shares == sorted(shares) for _, shares in (checked, stored))
    with town.database.reading() as session:
        count = text("select count(*), count(distinct code) from address where source = '北山街道'")
        assert session.execute(count).one() == (100_000, 100_000)
    assert figures["errors"] == 0
    assert figures["p99"] <= P99_MS


def make_list() -> bytes:
    lines = ["乡镇街道,街路巷,门牌号,经度,纬度\n"]
    for street in range(STREETS):
        name = f"演示{spelled(100 + street)}路"
        lon = 120.13 + street / 10_000
        lines += [f"北山街道,{name},{door}号,{lon:.6f},{30.25 + door / 1e5:.6f}\n"
                  for door in range(1, DOORS + 1)]  # fmt: skip
    return "".join(lines).encode()


def wait_for(
    desk: httpx2.Client, path: str, token: dict[str, str], step: str, until: str
) -> tuple[float, list[float]]:
    """Take a step, and ask for the page until it says so: the seconds, and the progress shown."""
    found = _SEEN.search(desk.get(path).text)
    assert found
    answer = desk.post(step, data=token | {"seen": found[1]})
    assert answer.status_code == 303, answer.text
    began, shares = time.monotonic(), list[float]()
    while True:
        page = desk.get(path).text
        if until in page:
            return round(time.monotonic() - began, 1), shares
        shares += [float(one) for one in _SHARE.findall(page)]
        assert "没有做完" not in page, page
        assert time.monotonic() - began < LONGEST_S
        time.sleep(2)

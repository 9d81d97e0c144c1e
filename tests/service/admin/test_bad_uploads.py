"""Bombs, broken files and mistakes: each is answered in Chinese, by a server that lives on.

Every file is sent to a server of its own processes, as a browser sends it. After each the same
processes answer, and none of them has grown beyond what one list may take.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from httpx2 import Client, Response

from service.auth.permissions import Role
from service.core.database import Database
from tests.database import database_with_divisions
from tests.factories.bad_files import GOOD, BadFile
from tests.factories.office import insert_account
from tests.factories.staff import COOKIES, open_session
from tests.servers import RunningServer, running_server
from tests.service.admin.bad_text_cases import TEXT_FILES
from tests.service.admin.bad_workbook_cases import WORKBOOKS

FILES = [*WORKBOOKS, *TEXT_FILES]
DIVISION = "330102000000"
MOST_GROWTH = 250 << 20
_ALERT = re.compile(r'role="alert"[^>]*>([^<]*)<')
_ROWS = re.compile(r"<dt>数据</dt><dd>([\d,]+) 行")
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass(frozen=True)
class Desk:
    """A server, and a clerk who is signed in at it."""

    server: RunningServer
    browser: Client
    form_token: str
    processes: dict[int, int]
    """The processes of the server, and the most memory that each has used, in bytes."""

    def send(self, name: str, content: bytes) -> Response:
        """Upload a file as a browser does."""
        return self.browser.post(
            "/admin/imports",
            data={"form_token": self.form_token, "division": DIVISION},
            files={"file": (name, content, "application/octet-stream")},
        )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = tmp_path_factory.mktemp("home")
    with database_with_divisions() as made:
        database = Database(made.app_url)
        with database.session() as session:
            insert_account(session, "clerk", Role.OFFICER, DIVISION)
        token = open_session(database, "clerk")
        with running_server(made.app_url, MENPAI_HOME=str(home)) as server:
            headers = {
                "accept": "text/html",
                "cookie": f"{COOKIES[0]}={token.secret}; {COOKIES[1]}={token.secret}",
            }
            with Client(base_url=server.client.base_url, headers=headers, timeout=100) as browser:
                assert browser.get("/admin/imports").status_code == 200
                found = {process: peak_of(process) for process in server.find_processes()}
                yield Desk(server, browser, token.form_token, found)
        database.dispose()


def peak_of(process: int) -> int:
    """The most memory that a process has held at once, in bytes."""
    found = _PEAK.search(Path(f"/proc/{process}/status").read_text())
    assert found, f"process {process} has ended"
    return int(found[1]) << 10


def told(answer: Response) -> str:
    """What a page says is wrong."""
    return " ".join(_ALERT.findall(answer.text))


def require_alive(desk: Desk) -> None:
    """All processes of the server are there, have not grown much, and answer."""
    for process, before in desk.processes.items():
        assert peak_of(process) < before + MOST_GROWTH
    assert desk.browser.get("/healthz").status_code == 200
    assert desk.browser.get("/admin/imports").status_code == 200


def require_told(desk: Desk, answer: Response, says: str, rows: int | None = None) -> None:
    """What is said of a file is Chinese and says what to do, or its rows were found."""
    if answer.status_code == 303:
        answer = desk.browser.get(answer.headers["location"])
        assert answer.status_code == 200
    else:
        assert answer.status_code in (413, 422), answer.text
    said = told(answer)
    if says:
        assert re.search(says, said), said or _ROWS.findall(answer.text)
        assert re.search("请", said)
        assert not re.search("[a-z]+ [a-z]+ [a-z]+", said)
    elif rows is not None:
        assert _ROWS.findall(answer.text) == [f"{rows:,}"], said
    require_alive(desk)


@pytest.mark.parametrize("file", FILES, ids=[one.about for one in FILES])
def test_a_bad_file_is_answered_in_chinese_by_a_server_that_lives_on(
    desk: Desk, file: BadFile
) -> None:
    answer = desk.send(file.file_name, file.make())
    require_told(desk, answer, file.says, file.rows)


FIELD = b'Content-Disposition: form-data; name="%s"'
FILE = FIELD % b"file" + b'; filename="a.csv"'
LIST = GOOD.encode()
FORMS = {
    "no file": [],
    "a file without a name": [(FILE.replace(b"a.csv", b""), b"x")],
    "a file as text": [(FIELD % b"file", LIST)],
    "two files": [(FILE, LIST), (FILE, b"x")],
    "a foreign type": [(FILE + b"\r\nContent-Type: image/png", LIST)],
    "a type of nonsense": [(FILE + b"\r\nContent-Type: ;;/;=", LIST)],
    "a name in another writing": [(FIELD % b"file" + b"; filename*=UTF-8''%E6%B8%85.csv", LIST)],
    "a name of bytes": [(FILE.replace(b"a.csv", "清单.csv".encode("gbk")), LIST)],
    "5,000 fields": [(FIELD % b"x%d" % n, b"") for n in range(5000)],
    "a head of 100 kB": [(FILE + b"\r\nX: " + b"x" * 100_000, LIST)],
    "a field of 2 MB": [(FIELD % b"division", b"x" * (2 << 20)), (FILE, LIST)],
    "a field twice": [(FIELD % b"division", b"330106000000"), (FILE, LIST)],
}


@pytest.mark.parametrize("about", FORMS)
def test_a_form_that_no_browser_sends_is_answered_in_chinese(desk: Desk, about: str) -> None:
    own = [(FIELD % b"form_token", desk.form_token.encode()), (FIELD % b"division", b"330102")]
    parts = [b"--x\r\n%s\r\n\r\n%s\r\n" % one for one in (*own, *FORMS[about])]
    answer = post_form(desk, b"".join(parts) + b"--x--\r\n")
    assert answer.status_code in (303, 400, 403, 413, 422)
    if answer.status_code != 303:
        page = answer.text.partition("<main")[2].partition("</main>")[0]
        assert re.search("请|可以", page)
        assert not re.search(">[^<]*[a-z]+ [a-z]+ [a-z]+[^<]*<", page)
    require_alive(desk)


@pytest.mark.parametrize("body", [b"--x", b"--x\r\n\r\n", b"\0" * 1000, b"--x--\r\n" * 900, b"x=1"])
def test_what_is_no_form_at_all_is_refused(desk: Desk, body: bytes) -> None:
    assert 400 <= post_form(desk, body).status_code < 500
    require_alive(desk)


def post_form(desk: Desk, body: bytes) -> Response:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    return desk.browser.post("/admin/imports", content=body, headers=headers)

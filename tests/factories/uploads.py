"""A clerk at the desk who uploads lists, and says what is in them."""

import re
from io import BytesIO
from pathlib import Path

import xlsxwriter
from httpx2 import Response

from service.core.database import Database
from service.core.settings import Settings
from tests.factories.hosts import PUBLIC_URL
from tests.factories.staff import SignedIn, open_browser, sign_in

HEADINGS = "社区,街路巷,门牌号,备注\n"
GOOD = "清河坊社区,河坊街,88号,沿街\n清河坊社区,河坊街,90号,\n"
COUNTY = "330102000000"
_HEADING = 'name="heading" type="text" value="([^"]*)"'
_SYSTEM = '(?s)name="crs".*?value="([^"]*)" selected'
_SHEET = "<option selected>([^<]*)<"


def enter(database: Database, home: Path, name: str = "clerk") -> SignedIn:
    settings = Settings(home=home, public_url=PUBLIC_URL, import_approval_above=1_000_000)
    return sign_in(database, name, open_browser(database, settings))


def send(
    person: SignedIn, content: str | bytes, name: str = "清波街道登记表.csv", division: str = COUNTY
) -> Response:
    data = content if isinstance(content, bytes) else content.encode()
    return person.browser.post(
        "/admin/imports",
        data={"form_token": person.form_token, "division": division},
        files={"file": (name, BytesIO(data), "text/csv")},
    )


def upload(person: SignedIn, content: str | bytes, **fields: str) -> str:
    answer = send(person, content, **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def declare(person: SignedIn, path: str, then: str = "check", **fields: object) -> Response:
    """Send the form of declarations with these changes to what its page shows."""
    page = person.get(path).text
    shown = {
        name: found[1] if (found := re.search(pattern, page)) else ""
        for name, pattern in (("heading", _HEADING), ("crs", _SYSTEM), ("sheet", _SHEET))
    }
    return person.post(f"{path}/reading", then=then, **shown | fields)


def correct(person: SignedIn, path: str, cells: dict[tuple[int, str], str]) -> Response:
    """Correct cells, by row number and heading, as the page of an import does."""
    rows = [number for number, _ in cells]
    columns = [heading for _, heading in cells]
    return person.post(f"{path}/rows", row=rows, column=columns, value=list(cells.values()))


def write_sheets(file: Path, sheets: dict[str, list[list[str]]]) -> None:
    book = xlsxwriter.Workbook(str(file))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.close()

"""Plates are printed, listed and handed over in the order of the street."""

from pathlib import Path

from sqlalchemy.orm import Session

from qr.proof import read_pdf
from service.auth.permissions import Role
from service.batches.queries.batches import list_items
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.plates.commands import issue_plates, open_batch
from service.plates.queries import iterate_plates, list_plates
from tests.database import TestDatabase
from tests.factories.batches import (
    make_batch_request,
    make_member,
    open_zip,
    read_manifest,
    start_batch,
    work_off,
)
from tests.factories.plates import PREFIX
from tests.factories.streets import enter_doors, golden_doors

DOORS = [
    "河坊街2号", "河坊街3弄1号", "河坊街3弄2号", "河坊街6弄1号", "河坊街11弄1号", "河坊街11弄2号",
    "河坊街12号", "河坊街12-1号", "河坊街12-2号", "河坊街18号1幢1单元101室",
    "河坊街18号1幢1单元201室", "河坊街18号1幢2单元101室",
]  # fmt: skip


def issue(session: Session, codes: list[str]) -> list[str]:
    batch = open_batch(
        session, name="test", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
    )
    return issue_plates(session, batch, codes, COMMAND_LINE)


def test_plates_are_printed_in_the_order_of_the_street(session: Session) -> None:
    codes = enter_doors(session, golden_doors())
    issue(session, sorted(codes))
    assert [plate.code for plate in iterate_plates(session, page=7)] == codes
    assert [plate.code for plate in iterate_plates(session, limit=5)] == codes[:5]


def test_pages_of_plates_neither_repeat_nor_skip(session: Session) -> None:
    codes = enter_doors(session, golden_doors())
    issue(session, sorted(codes))
    issue(session, codes[::9])
    seen: list[str] = []
    after = ""
    while page := list_plates(session, division="330102", after=after, limit=4):
        seen += [plate.code for plate in page]
        after = page[-1].token
    assert seen == [code for code in codes for _ in range(2 if code in codes[::9] else 1)]
    of_street = list_plates(session, street="文一路", limit=100)
    assert [plate.code for plate in of_street] == codes[-len(of_street) :]
    assert list_plates(session, division="330106", street="文一路") == []
    assert list_plates(session, street="文一 路", limit=100) == of_street


def test_a_batch_and_its_manifest_are_in_the_order_of_the_street(
    fresh_database: TestDatabase, home: Path
) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        codes = enter_doors(session, DOORS)
        officer = make_member(session, "officer", Role.OFFICER)
        batch = start_batch(session, make_batch_request(), officer)
        assert [item.code for item in list_items(session, batch.id)] == codes
    work_off(database, batch, 2)
    database.dispose()
    files = open_zip(home, batch)
    lines = read_manifest(files)
    assert [line["code"] for line in lines] == codes
    for name in {line["file"] for line in lines}:
        of_file = [line["payload"] for line in lines if line["file"] == name]
        assert list(read_pdf(files[name], module=1.0)) == of_file

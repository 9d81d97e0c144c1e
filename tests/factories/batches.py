"""A street with doors, two members of staff, and batches of its plates."""

import csv
import io
import json
import zipfile
from itertools import count
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.division_codes import division_prefix
from address_model.tables import Approval, PlateBatch, PlateBatchItem, StaffAccount
from service.addresses.commands import enter_addresses
from service.auth.members import Assignment, StaffMember
from service.auth.permissions import Role
from service.batches.commands import approval, batches
from service.batches.queries.approval_digest import digest_batch
from service.batches.queries.batches import BatchRow, get_batch
from service.batches.request import BatchRequest, PrintOptions, Selection
from service.batches.tasks import BatchHandler
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.runs import worker_loop
from tests.factories.addresses import make_draft
from tests.factories.divisions import make_place
from tests.factories.hosts import PREFIX

MANIFEST_FIELDS = (
    "place", "code", "text", "design", "width", "height", "token", "payload", "generation",
    "replaces", "file", "page", "spot", "sha256",
)  # fmt: skip
"""The columns of a manifest as tests call them, in order."""

_authors = count(1)
assert BatchHandler is not None  # registered by its module: what work_off works off


def make_street(session: Session, doors: int) -> list[str]:
    """Register the doors 1 … n of 河坊街; return their codes."""
    place = make_place(session)
    drafts = [make_draft(place, str(number)) for number in range(1, doors + 1)]
    return [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]


def make_member(session: Session, name: str, *roles: Role, division: str = "") -> StaffMember:
    """A member of staff with these roles in a division."""
    account = StaffAccount(name=name, password_hash="none")  # noqa: S106 - opens nothing
    session.add(account)
    session.flush()
    assignments = tuple(Assignment(role, division) for role in roles)
    return StaffMember(account.id, name, name, assignments)


def make_wish(**changes: object) -> BatchRequest:
    """All doors of the county that have no plate, in small files."""
    values: dict[str, object] = {
        "name": "河坊街第一批",
        "payload_prefix": PREFIX,
        "choice": Selection(division="330102"),
        "make": PrintOptions(per_file=4, authority="示例市地名管理部门"),
    }
    return BatchRequest(**(values | changes))  # type: ignore[arg-type]


def insert_batch(session: Session, division: str, status: str, code: str) -> int:
    """Create a batch with one address in a given state; return its number."""
    author = StaffAccount(name=f"author-{next(_authors)}", password_hash="-")  # noqa: S106
    session.add(author)
    session.flush()
    batch = PlateBatch(
        name="某批",
        design="medium",
        payload_prefix=PREFIX,
        status=status,
        division=division_prefix(division),
        plates=1,
        author_id=author.id,
    )
    session.add(batch)
    session.flush()
    session.add(PlateBatchItem(batch_id=batch.id, place=1, code=code))
    session.flush()
    if status != "draft":
        session.add(
            Approval(
                kind="plate_batch",
                subject=str(batch.id),
                division=batch.division,
                size=1,
                digest=digest_batch(session, batch.id),
                author=f"staff:{author.name}",
                author_id=author.id,
                decision="" if status == "awaiting_approval" else "approved",
            )
        )
        session.flush()
    return int(batch.id)


def start_batch(session: Session, wish: BatchRequest, author: StaffMember) -> BatchRow:
    """Choose, submit (no approval needed) and start."""
    chosen = batches.choose_batch(session, wish, author).batch
    approval.submit_batch(session, chosen.id, author, approval_above=10**6)
    return batches.start_batch(session, chosen.id, author)


def work_off(database: Database, batch: BatchRow, times: int = 1) -> None:
    """Run the worker in this process."""
    for _ in range(times):
        worker_loop.run_chunks(database, batch.run_id or 0)


def count_plates(session: Session, batch_id: int) -> dict[str, int]:
    """The number of plates of a batch by state."""
    rows = session.execute(
        text("select status, count(*) from plate where batch_id = :b group by 1"), {"b": batch_id}
    )
    return {row[0]: row[1] for row in rows}


def read_batch(database: Database, batch: BatchRow) -> BatchRow:
    """The present batch."""
    with database.reading() as session:
        return get_batch(session, batch.id)


def read_states(database: Database, batch: BatchRow) -> dict[str, int]:
    """The present number of plates of a batch by state."""
    with database.reading() as session:
        return count_plates(session, batch.id)


def open_zip(home: Path, batch: BatchRow) -> dict[str, bytes]:
    """The files in the maker's ZIP, by name."""
    data = (home / f"files/batches/{batch.id}/batch-{batch.id}.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read_manifest(files: dict[str, bytes]) -> list[dict[str, str]]:
    """The lines of the manifest among the files of a ZIP, by ``MANIFEST_FIELDS``."""
    text = files["manifest.csv"].decode("utf-8-sig").split("\n", 1)[1]
    return list(csv.DictReader(io.StringIO(text), MANIFEST_FIELDS))


def lengthen(database: Database, number: int, name: str) -> str:
    """Give the door at a place (from 0) a street name of this length; its code."""
    with database.session() as session:
        return str(
            session.execute(
                text(
                    "update address set elements = jsonb_set(elements, '{thoroughfare}', :n) "
                    "where number_order = (select number_order from address order by number_order "
                    "offset :o limit 1) returning code"
                ),
                {"n": json.dumps(name), "o": number},
            ).scalar_one()
        )

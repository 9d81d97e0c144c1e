"""What changes on a plate is announced, and each announcement says in which division."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from service.auth.members import StaffMember
from service.batches.commands import batches
from service.batches.queries.batches import BatchRow
from service.batches.request import Selection
from service.changes.queries import get_last_position, list_changes
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.plates.commands import issue_plates, open_batch
from service.plates.commands.issue import hold_doors
from service.runs import worker_loop
from tests.factories.batches import work_off
from tests.factories.hosts import PREFIX
from tests.interleaving import wait_for_a_waiter

Start = Callable[..., BatchRow]
PLATES = text(
    "select p.token, p.status, p.replaced_by, p.code, p.printed_text from plate p order by token"
)


def announced_since(database: Database, position: int) -> dict[str, set[str]]:
    """What was said of each plate since a position; everything has a division of 12 digits."""
    with database.reading() as session:
        rows = list_changes(session, after=position, limit=10_000)
    assert all(len(row.division) == 12 for row in rows), [r for r in rows if len(r.division) != 12]
    said: dict[str, set[str]] = {}
    for row in rows:
        if row.subject == "plate":
            said.setdefault(row.key, set()).add(row.action)
    return said


def look(database: Database) -> tuple[int, dict[str, tuple[object, ...]]]:
    """The position of the feed, and every plate as a scan shows it."""
    with database.reading() as session:
        plates = {row.token: tuple(row)[:4] for row in session.execute(PLATES)}
        return get_last_position(session), plates


def test_whatever_changes_on_a_plate_while_batches_are_made_is_announced(
    street: Database, start: Start, officer: StaffMember
) -> None:
    reprint = Selection(division="330102", reprint=True)

    def issue(batch: BatchRow) -> None:
        stops = iter([False, True])
        worker_loop.run_chunks(street, batch.run_id or 0, should_stop=lambda: next(stops))

    def cancel(batch: BatchRow) -> None:
        with street.session() as session:
            batches.cancel_batch(session, batch.id, officer)

    def changes_by(step: Callable[[BatchRow], None], batch: BatchRow) -> set[str]:
        position, before = look(street)
        step(batch)
        _, after = look(street)
        changed = {token for token, plate in after.items() if before.get(token) != plate}
        assert changed <= set(announced_since(street, position))
        return changed

    first = start()
    issued = changes_by(issue, first)
    work_off(street, first)
    with street.session() as session:
        session.execute(text("update plate set status = 'in_use'"))
    again = start(choice=reprint, reprint_reason="重印")
    assert changes_by(issue, again) > issued
    assert changes_by(cancel, again) > issued


def test_a_chunk_that_waits_for_another_who_issues_gives_no_second_plate(
    street: Database, start: Start
) -> None:
    batch = start()
    with ThreadPoolExecutor(1) as thread:
        with street.session() as session:
            codes = list(session.scalars(text("select code from address order by code")))
            hold_doors(session, codes[:4])
            other = open_batch(
                session, name="试", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
            )
            issue_plates(session, other, codes[:4], COMMAND_LINE)
            session.flush()
            working = thread.submit(work_off, street, batch)
            wait_for_a_waiter(street)
        working.result()
    with street.reading() as session:
        doubled = text("select code from plate group by code having count(*) > 1")
        assert session.scalars(doubled).all() == []
        assert session.scalar(text("select count(*) from plate")) == 10

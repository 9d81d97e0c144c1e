"""What every export at the shell does: reads one moment of the register, and notes who took it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.audit.commands import record_export
from service.changes.queries import get_last_position
from service.cli.members import acting
from service.cli.options import open_database
from service.core.database import Session
from service.core.output import result


@dataclass
class Export:
    """An export under way: how it reads, the position of the feed it is true for, its rows."""

    session: Session
    position: int
    out: Path
    count: int = 0

    def report(self, named: str, *, as_json: bool) -> None:
        """Say how many rows lie in the file, and for which position it is true."""
        values = {
            named.replace(" ", "_"): self.count,
            "file": str(self.out),
            "position": self.position,
        }
        result(values, [f"{self.count} {named} → {self.out}"], as_json=as_json)


@contextmanager
def exporting(subject: str, out: Path, **asked: object) -> Iterator[Export]:
    """Export from a snapshot; whoever does sets the ``count``, which the audit chain is told.

    The changes behind ``position`` are those that the file does not have yet.
    """
    database = open_database()
    actor = acting(database)
    with database.snapshot() as snapshot:
        export = Export(snapshot, get_last_position(snapshot), out)
        yield export
    with database.session() as session:
        record_export(session, actor, subject, out, export.count, position=export.position, **asked)

"""Exports at the shell: from one snapshot of the register, with an entry in the audit chain."""

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
    """A running export: its session, its position in the change feed, its file and row count."""

    session: Session
    position: int
    out: Path
    count: int = 0

    def report(self, named: str, *, as_json: bool) -> None:
        """Print the number of rows and the position in the feed."""
        values = {
            named.replace(" ", "_"): self.count,
            "file": str(self.out),
            "position": self.position,
        }
        result(values, [f"{self.count} {named} → {self.out}"], as_json=as_json)


@contextmanager
def exporting(subject: str, out: Path, **asked: object) -> Iterator[Export]:
    """Export from a snapshot; the caller sets ``count``, which goes to the audit chain.

    The file lacks the changes after ``position``.
    """
    database = open_database()
    actor = acting(database)
    with database.snapshot() as snapshot:
        export = Export(snapshot, get_last_position(snapshot), out)
        yield export
    with database.session() as session:
        record_export(session, actor, subject, out, export.count, position=export.position, **asked)

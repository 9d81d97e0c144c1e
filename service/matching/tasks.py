"""The runs of batches that are too long for one answer."""

from collections.abc import Callable
from functools import partial

from service.audit import commands as audit
from service.core.actor import Actor
from service.core.database import DATABASE, Session, after_commit
from service.core.errors import BadRequest, NotAllowed, NotFound
from service.core.files import open_files
from service.core.settings import Settings
from service.core.sheets import SheetFault
from service.matching.batch_parts import divide_batch, ending_of, join_parts, resolve_part
from service.matching.commands import COUNT, KIND, RESOLVE
from service.runs.commands import Chunk, RunBlocked
from service.runs.queries import RunRow, list_results
from service.runs.results import RESULT, folder_of


class ResolveHandler:
    """Resolves one batch; each part is a file, which a worker that was killed writes again."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        """Read the place of files from ``settings`` when they are needed."""
        self._settings = settings

    def work(self, session: Session, chunk: Chunk) -> dict[str, object]:
        """Count the rows, resolve a part of them, or join the parts."""
        files, database = open_files(self._settings()), session.info[DATABASE]
        try:
            if chunk.phase == COUNT:
                return divide_batch(session, files, chunk)
            if chunk.phase == RESOLVE:
                return resolve_part(session, database, files, chunk)
            join_parts(database, files, chunk)
        except (BadRequest, NotAllowed, NotFound, SheetFault) as fault:
            raise RunBlocked(fault.detail, hint=fault.hint) from fault
        return {}

    def hold(self, session: Session, run: RunRow, *, whole: bool = False) -> None:
        """Nothing: a batch is about no record."""

    def discard(self, chunk: Chunk) -> None:
        """Delete what was written meanwhile."""
        open_files(self._settings()).remove_folder(folder_of(chunk.run.id))

    def finish(self, session: Session, run: RunRow) -> dict[str, object]:
        """Keep the result alone."""
        files, folder = open_files(self._settings()), folder_of(run.id)
        after_commit(session, partial(files.remove_folder, f"{folder}/parts"))
        after_commit(session, partial(files.remove, f"{folder}/source{ending_of(run)}"))
        found = sum(int(one["found"]) for one in list_results(session, run.id, RESOLVE))
        actor = Actor.parse(run.actor)
        audit.record(session, actor=actor, action="clients:read", subject=KIND, count=found)
        return {"rows": run.total, "found": found, "files": {RESULT: f"{RESULT}{ending_of(run)}"}}

    def fail(self, session: Session, run: RunRow, reason: str) -> None:
        """Nothing: it may be resumed."""

    def resume(self, session: Session, run: RunRow) -> None:
        """Nothing: it goes on where it stopped."""

    def pause(self, session: Session, run: RunRow) -> None:
        """Nothing: it waits."""

    def cancel(self, session: Session, run: RunRow) -> None:
        """Delete its files."""
        files = open_files(self._settings())
        after_commit(session, partial(files.remove_folder, folder_of(run.id)))

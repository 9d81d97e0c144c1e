"""The runs of long uploaded lists: the check, and the storing."""

from collections.abc import Callable

from service.auth.permissions import Permission
from service.auth.queries import get_client
from service.core.actor import Actor
from service.core.clock import now_utc
from service.core.database import DATABASE, Database, Session
from service.core.errors import BadRequest, Conflict, NotAllowed
from service.core.files import open_files
from service.core.settings import Settings
from service.core.sheets import SheetFault
from service.imports.commands import upload_runs
from service.imports.commands.upload_review import require_upload_agreed, submit_checked
from service.imports.commands.uploads import keep_check, keep_stored
from service.imports.headings import ColumnUnknown
from service.imports.uploads.outcome_files import name_files, write_outcomes
from service.imports.uploads.queries import get_upload
from service.imports.uploads.taking import check_upload, count_rows, store_upload
from service.runs.commands import Chunk, ChunkOrder, RunBlocked, add_chunks
from service.runs.commands.chunks import note_progress
from service.runs.queries import RunRow
from service.runs.results import KEEPS_FILES

_UNREADABLE = (SheetFault, ColumnUnknown, BadRequest, Conflict, NotAllowed)
"""Faults of the list itself, or it is not what was approved: trying again would not help."""


class UploadHandler:
    """Checks or stores one uploaded list.

    A list is one chunk, because its places are judged as a whole. The importer commits every 2,000
    rows, and rows that are stored are known again: a worker that takes over from a killed one goes
    on where that stopped.
    """

    def __init__(self, settings: Callable[[], Settings]) -> None:
        """Read the place of files from ``settings`` when they are needed."""
        self._settings = settings

    def work(self, session: Session, chunk: Chunk) -> dict[str, object]:
        """Count the rows of a list, check it, or store it."""
        upload = get_upload(session, int(str(chunk.run.parameters["upload"])))
        if upload.run_id != chunk.run.id:
            raise RunBlocked(f"import {upload.id} has gone on without this run")
        database, files = session.info[DATABASE], open_files(self._settings())
        actor = Actor.parse(chunk.run.actor)
        progress = _Progress(database, chunk)
        try:
            if upload.client_id is not None:  # its grant may have been withdrawn meanwhile
                program = get_client(session, actor.name).as_program(now_utc())
                program.require(Permission.ADDRESSES_WRITE, upload.division)
            if chunk.run.kind == upload_runs.STORE_KIND or chunk.phase == upload_runs.STORE:
                require_upload_agreed(session, upload)
                result = store_upload(database, files, upload, actor, advance=progress.advance)
                keep_stored(session, upload, result, is_whole=True)
            elif chunk.phase == upload_runs.COUNT:
                rows = count_rows(files, upload)
                order = ChunkOrder(upload_runs.CHECK, size=upload_runs.PASSES * rows)
                add_chunks(session, chunk.run.id, [order], out_of=chunk)
                return {"rows": rows}
            else:
                result = check_upload(database, files, upload, actor, advance=progress.advance)
                keep_check(session, upload, result)
                if chunk.run.parameters.get(upload_runs.STORES) and result["rows"]:
                    above = self._settings().import_approval_above
                    submit_checked(session, upload.id, chunk, approval_above=above)
        except _UNREADABLE as fault:
            raise RunBlocked(fault.zh or fault.detail) from fault
        if chunk.run.parameters.get(KEEPS_FILES):
            write_outcomes(database, files, upload, chunk.run.id)
        return {"rows": result["rows"], "counts": result["counts"]}

    def hold(self, session: Session, run: RunRow, *, whole: bool = False) -> None:
        """Lock the list."""
        upload_runs.hold_for_run(session, run)

    def discard(self, chunk: Chunk) -> None:
        """Nothing: it writes no files."""

    def finish(self, session: Session, run: RunRow) -> dict[str, object]:
        """The list has its result; that of a program is also told with the run."""
        upload = get_upload(session, int(str(run.parameters["upload"])))
        told: dict[str, object] = dict(run.parameters)
        if run.parameters.get(KEEPS_FILES):
            told = {
                "import": upload.id,
                "state": upload.state,
                "counts": upload.result.get("counts", {}),
                "files": name_files(upload),
            }
        return told

    def fail(self, session: Session, run: RunRow, reason: str) -> None:
        """Give the list back to its person, with the reason."""
        upload_runs.end_run(session, run, reason)

    def pause(self, session: Session, run: RunRow) -> None:
        """Nothing: the list waits."""

    def resume(self, session: Session, run: RunRow) -> None:
        """Take the list again."""
        upload_runs.resume_run_of(session, run)

    def cancel(self, session: Session, run: RunRow) -> None:
        """Give the list back to its person."""
        upload_runs.end_run(session, run, "已按要求停下。")


class _Progress:
    """Tells how many rows of a chunk are done, and learns whether its run was stopped."""

    def __init__(self, database: Database, chunk: Chunk) -> None:
        self._database, self._chunk, self._done = database, chunk, 0

    def advance(self, rows: int) -> None:
        """Note so many more rows."""
        self._done += rows
        with self._database.session() as session:
            note_progress(session, self._chunk, self._done)

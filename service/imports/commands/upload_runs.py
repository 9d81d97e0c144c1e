"""Queues long uploaded lists as runs, and takes a list back from a run that has ended."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy.orm import Session

from address_model.tables import ListUpload
from service.core.actor import Actor
from service.core.errors import Conflict
from service.imports.commands.upload_rows import count_stored
from service.imports.commands.uploads import hold_upload, set_state
from service.imports.uploads.queries import UploadRow
from service.imports.uploads.states import OPEN_STATES, RUNNING_STATES, UploadState
from service.runs.commands import Chunk, ChunkOrder, add_chunks, cancel_run, start_run
from service.runs.queries import RunRow
from service.runs.results import KEEPS_FILES

CHECK_KIND = "imports:check"
STORE_KIND = "imports:store"
COUNT, CHECK, STORE = 1, 2, 3
"""The phases of a check: the rows are counted before they are checked; a list that a program sends
is then stored by the same run."""

STORES = "stores"
"""The parameter of a check that goes on to store the list."""

_CHINESE = re.compile("[一-龥]")
PASSES = 2
"""Each row is read, and then decided: so many rows of work."""


def queue_check(session: Session, upload: UploadRow, actor: Actor, *, stores: bool = False) -> int:
    """Queue the check of a list; the number of the run. ``stores``: and then its storing.

    Raises:
        Outdated: somebody else has changed it.
        Conflict: it is being checked or stored, or it is stored or given up.
    """
    held = hold_upload(session, upload, OPEN_STATES)
    held.result = {}
    about: dict[str, object] = {STORES: True} if stores else {}
    return _start(
        session, held, CHECK_KIND, ChunkOrder(COUNT), UploadState.CHECKING, actor=actor, about=about
    )


def go_on_storing(session: Session, upload: UploadRow, chunk: Chunk) -> None:
    """Let the run that has checked a list store it too, which needs no second person.

    Raises:
        Outdated, Conflict: as ``queue_check``.
    """
    held = hold_upload(session, upload, (UploadState.CHECKED,))
    order = ChunkOrder(STORE, size=PASSES * int(upload.result["rows"]))
    add_chunks(session, chunk.run.id, [order])
    set_state(session, held, UploadState.STORING)


def queue_store(
    session: Session, upload: UploadRow, actor: Actor, *, before: UploadState = UploadState.CHECKED
) -> int:
    """Queue the storing of a list in the state ``before``; the number of the run.

    Raises:
        Outdated, Conflict: as ``queue_check``; or it was not checked.
    """
    held = hold_upload(session, upload, (before,))
    held.result = {name: found for name, found in held.result.items() if name != "stopped"}
    order = ChunkOrder(size=PASSES * int(upload.result["rows"]))
    return _start(session, held, STORE_KIND, order, UploadState.STORING, actor=actor)


def stop_upload(session: Session, upload: UploadRow, actor: Actor) -> None:
    """Stop the run of a list; what it has stored stays.

    Raises:
        Outdated: somebody else has changed it.
        Conflict: no run is at work on it.
    """
    held = hold_upload(session, upload, RUNNING_STATES)
    if held.run_id is None:
        raise Conflict(f"import {upload.id} has no run", zh="这份清单正在入库，不能停下。")
    cancel_run(session, held.run_id, actor)


def hold_for_run(session: Session, run: RunRow) -> ListUpload | None:
    """The list of a run, locked; None if it no longer belongs to the run."""
    upload_id = int(str(run.parameters["upload"]))
    held = session.get(ListUpload, upload_id, with_for_update=True, populate_existing=True)
    return held if held is not None and held.run_id == run.id else None


def end_run(session: Session, run: RunRow, why: str) -> None:
    """Take a list back from a run that failed or was stopped, with the reason."""
    held = hold_for_run(session, run)
    if held is None or held.state not in RUNNING_STATES:
        return
    is_check = held.state == UploadState.CHECKING
    if not _CHINESE.search(why):
        why = f"出了故障，请把运行编号 {run.id} 告诉系统管理员。"
    stopped = {"stored": count_stored(session, held.id), "why": why}
    held.result = {**({} if is_check else held.result), "stopped": stopped}
    set_state(session, held, UploadState.READ if is_check else UploadState.CHECKED)


def resume_run_of(session: Session, run: RunRow) -> None:
    """Give a list to its failed run again.

    Raises:
        Conflict: the list has gone on without it.
    """
    held = hold_for_run(session, run)
    if held is None or held.state not in OPEN_STATES:
        raise Conflict(
            "the list has gone on without this run", hint="open its page: /admin/imports"
        )
    is_check = run.kind == CHECK_KIND and held.state == UploadState.READ
    set_state(session, held, UploadState.CHECKING if is_check else UploadState.STORING)


def _start(
    session: Session,
    held: ListUpload,
    kind: str,
    order: ChunkOrder,
    state: UploadState,
    *,
    actor: Actor,
    about: Mapping[str, object] = MappingProxyType({}),
) -> int:
    parameters = {"upload": held.id, "division": held.division, **about}
    if held.client_id is not None:
        parameters[KEEPS_FILES] = True
    held.run_id = start_run(session, kind, [order], actor, parameters=parameters)
    set_state(session, held, state)
    return held.run_id

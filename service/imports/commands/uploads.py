"""Keeps uploaded lists: each step writes what was declared, found, or became of the rows."""

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.tables import Client, ListUpload
from service.approvals.queries import find_author
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.core.actor import Actor
from service.core.database import after_commit
from service.core.errors import Conflict
from service.core.files import FileStore
from service.imports.commands.upload_rows import forget_rows
from service.imports.uploads.queries import UploadRow, get_upload
from service.imports.uploads.states import (
    LONGEST_NAME,
    OPEN_STATES,
    STATE_NAMES,
    Declared,
    UploadState,
    folder_of,
    list_name,
    source_of,
)

GIVEN_UP_AFTER = timedelta(minutes=5)
"""A list that is being stored for longer was left by a process that ended."""


def add_upload(
    session: Session,
    files: FileStore,
    actor: Actor,
    *,
    division: str,
    file_name: str,
    file: Path,
) -> UploadRow:
    """Keep a file that a person or a program has sent in the file store, with its record.

    Raises:
        FilesUnavailable: the store cannot be written to.
    """
    name = file_name[-LONGEST_NAME:]
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    is_program = actor.kind == "client"
    program = select(Client.id).where(Client.name == actor.name)
    held = ListUpload(
        account_id=None if is_program else find_author(session, actor).account_id,
        client_id=session.scalars(program).one() if is_program else None,
        division=division,
        file_name=name,
        size=file.stat().st_size,
        sha256=digest,
        columns={},
        source=source_of(name),
        reading={},
        result={},
    )
    session.add(held)
    session.flush()
    with files.writing(f"{folder_of(held.id)}/{list_name(name)}") as kept, file.open("rb") as own:
        shutil.copyfileobj(own, kept)
    about = {"file": name, "division": division, "sha256": held.sha256}
    audit.record(session, actor=actor, action="imports:upload", subject=str(held.id), after=about)
    return get_upload(session, held.id)


def keep_reading(
    session: Session, upload: UploadRow, declared: Declared, reading: Mapping[str, object]
) -> int:
    """Keep what was declared and found; a check before no longer counts. Returns the version.

    Raises:
        Outdated: somebody else has changed it.
        Conflict: it is stored or abandoned.
    """
    held = hold_upload(session, upload, OPEN_STATES)
    held.sheet, held.heading, held.crs = declared.sheet, declared.heading, declared.system
    held.columns, held.source = dict(declared.columns), declared.source
    held.reading, held.result, held.run_id = dict(reading), {}, None
    if (upload.declared.sheet, upload.declared.heading) != (declared.sheet, declared.heading):
        held.corrections = {}  # they were of other rows
    forget_rows(session, held.id)
    return set_state(session, held, UploadState.READ)


def keep_check(session: Session, upload: UploadRow, result: Mapping[str, object]) -> int:
    """Keep what a check found.

    Raises:
        Outdated, Conflict: as ``keep_reading``.
    """
    held = hold_upload(session, upload, (*OPEN_STATES, UploadState.CHECKING))
    held.result = dict(result)
    return set_state(session, held, UploadState.CHECKED)


def begin_storing(session: Session, upload: UploadRow) -> int:
    """Mark a checked list as being stored, so that it is stored once at a time.

    Raises:
        Outdated: somebody else has changed it.
        Conflict: it was not checked, or is being stored.
    """
    held = hold_upload(session, upload, (UploadState.CHECKED, UploadState.STORING))
    if held.state == UploadState.STORING and held.run_id is not None:
        raise Conflict(f"import {upload.id} is being stored", zh="这份清单正在入库。")
    now = session.scalars(select(func.clock_timestamp())).one()
    if held.state == UploadState.STORING and now - held.updated_at < GIVEN_UP_AFTER:
        raise Conflict(
            f"import {upload.id} is being stored",
            hint="wait for its result",
            zh="这份清单正在入库，请过几分钟刷新页面。",
        )
    held.run_id = None
    return set_state(session, held, UploadState.STORING)


def keep_stored(
    session: Session, upload: UploadRow, result: Mapping[str, object], *, is_whole: bool
) -> int:
    """Keep the result of storing; a list that was not stored whole is to be checked again."""
    held = hold_upload(session, upload, (UploadState.STORING,))
    held.result = dict(result)
    if is_whole:
        held.reading = {**held.reading, "samples": []}  # cells that the register does not need
    return set_state(session, held, UploadState.STORED if is_whole else UploadState.CHECKED)


def abandon_upload(session: Session, files: FileStore, upload: UploadRow, actor: Actor) -> int:
    """Give a list up, and delete its files once that is committed; the register is not changed.

    Raises:
        Outdated: somebody else has changed it.
        Conflict: it is stored, or being stored.
    """
    held = hold_upload(session, upload, OPEN_STATES)
    held.result, held.reading, held.corrections = {}, {}, {}
    forget_rows(session, held.id)
    about = {"file": held.file_name, "sha256": held.sha256}
    audit.record(session, actor=actor, action="imports:abandon", subject=str(held.id), before=about)
    after_commit(session, partial(files.remove_folder, folder_of(held.id)))
    return set_state(session, held, UploadState.ABANDONED)


def hold_upload(session: Session, upload: UploadRow, states: Sequence[UploadState]) -> ListUpload:
    """The row of a list as it was seen, locked, in one of these states.

    Raises:
        Outdated: somebody else has changed it.
        Conflict: it is in another state.
    """
    held = session.get_one(ListUpload, upload.id, with_for_update=True, populate_existing=True)
    seen, now = upload.record, UploadState(held.state)
    if held.version != upload.version or now not in states:
        current = {**seen.facts, "状态": STATE_NAMES[now]}
        record = type(seen)(seen.resource, seen.subject, seen.title, held.version, current)
        require_seen(session, record, upload.version)
        raise Conflict(
            f"import {upload.id} is {now}",
            hint="open its page",
            zh=f"这份清单现在的状态是“{STATE_NAMES[now]}”，不能办理这一步。",
        )
    return held


def set_state(session: Session, held: ListUpload, state: UploadState) -> int:
    """Write a list, which is held, in a state; its version."""
    held.state = state
    held.updated_at = func.clock_timestamp()
    session.flush()
    session.refresh(held)
    return held.version

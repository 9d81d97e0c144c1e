"""Keeps corrected cells of an uploaded list with what becomes of their rows."""

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from service.audit import commands as audit
from service.core.actor import Actor
from service.imports.commands.upload_rows import forget_rows
from service.imports.commands.uploads import hold_upload, set_state
from service.imports.row_log import RowOutcome
from service.imports.uploads.queries import UploadRow
from service.imports.uploads.queries.repeated_rows import count_repeated
from service.imports.uploads.queries.rows import count_outcomes
from service.imports.uploads.states import CORRECTABLE_STATES, UploadState


def keep_corrections(
    session: Session,
    upload: UploadRow,
    corrections: Mapping[int, Mapping[str, str] | None],
    actor: Actor,
    *,
    keep_rows: Callable[[Session], None],
) -> int:
    """Keep corrected cells by row number (None takes the row out); the version of the list.

    ``keep_rows`` writes what a check found of these rows. A list that was stored is open again: its
    corrected rows are stored by storing it once more.

    Raises:
        Outdated: somebody else has changed it.
        Conflict: it was not checked, or is being checked or stored.
    """
    held = hold_upload(session, upload, CORRECTABLE_STATES)
    before = count_outcomes(session, upload.id)
    forget_rows(session, upload.id, list(corrections))
    keep_rows(session)
    now = count_outcomes(session, upload.id)
    counts: dict[str, int] = dict(upload.result["counts"])
    unseen = counts[RowOutcome.SAME] - before[RowOutcome.SAME]  # recognised, and not kept by row
    held.result = {
        **held.result,
        "counts": now | {RowOutcome.SAME: now[RowOutcome.SAME] + unseen},
        "repeated": count_repeated(session, upload.id),
    }
    merged = dict(held.corrections)
    for number, cells in corrections.items():
        earlier = upload.corrections.get(number) or {}
        merged[str(number)] = None if cells is None else {**earlier, **cells}
    held.corrections = merged
    rows = sorted(corrections)
    audit.record(session, actor=actor, action="imports:correct", subject=str(held.id), rows=rows)
    return set_state(session, held, UploadState.CHECKED)

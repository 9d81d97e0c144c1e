"""Tells the feed of plates, each in the division of its address."""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.changes import commands as changes
from service.changes.commands import Action, ChangeNote, Subject

_DIVISIONS = text(
    "select p.token, coalesce(d.code, rpad(p.county, 12, '0')) as division from plate p "
    "left join address a on a.code = p.code left join division d on d.id = a.division_id "
    "where p.token = any(:tokens)"
)


def announce_plates(session: Session, tokens: Iterable[str], action: Action) -> None:
    """Say what happened to plates (tokens), in their order; a blank plate lies in its county."""
    wanted = list(tokens)
    if not wanted:
        return
    rows = session.execute(_DIVISIONS, {"tokens": wanted})
    divisions = {row.token: row.division for row in rows}
    notes = [ChangeNote(Subject.PLATE, token, action, divisions[token]) for token in wanted]
    changes.record(session, notes)

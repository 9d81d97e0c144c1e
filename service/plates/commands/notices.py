"""Announces changes of plates and batches in the change feed."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from service.changes.commands import Action, Subject, announce


def announce_plates(session: Session, tokens: Iterable[str], action: Action) -> None:
    """Announce an action on plates, given by token, in this order."""
    announce(session, Subject.PLATE, action, tokens)


def announce_batch(session: Session, batch_id: int, action: Action = Action.CHANGED) -> None:
    """Announce a change of a batch, its list or its files."""
    announce(session, Subject.BATCH, action, [batch_id])

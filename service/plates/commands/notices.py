"""Tells the feed of plates and batches."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from service.changes.commands import Action, Subject, announce


def announce_plates(session: Session, tokens: Iterable[str], action: Action) -> None:
    """Say what happened to plates (tokens), in their order."""
    announce(session, Subject.PLATE, action, tokens)


def announce_batch(session: Session, batch_id: int, action: Action = Action.CHANGED) -> None:
    """Say that a batch, its list or what is known of its files has changed."""
    announce(session, Subject.BATCH, action, [batch_id])

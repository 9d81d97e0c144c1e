"""Rooms above that take part when work items change, in the same transaction.

They register at start: ``worklists`` may not import them, and the change feed, by which rooms
usually learn from those below, would tell them after the commit.
"""

from collections.abc import Callable
from dataclasses import dataclass

from address_model.work import WorkKind
from service.changes.events import Action
from service.core.actor import Actor
from service.core.database import Session


@dataclass(frozen=True, slots=True)
class WorkChange:
    """What was just done to the items ``numbers``, which are locked.

    ``action`` is assigned, postponed, done, cancelled, opened again, or moved to another division
    or grid with its address. ``told`` is the outcome or the reason; of assigned the name of the
    account, "" for nobody. Where all work of some ``kinds``
    about plates and addresses was closed, ``keys`` are their tokens and codes, whether any work
    about them was open or not.
    """

    action: Action
    numbers: tuple[int, ...]
    told: str
    actor: Actor
    keys: tuple[str, ...] = ()
    kinds: tuple[WorkKind, ...] = ()


WorkSubscriber = Callable[[Session, WorkChange], None]
"""Writes what follows in another room; it locks only what the order of locks puts after items."""

_subscribers: dict[str, WorkSubscriber] = {}


def subscribe_to_work(room: str, subscriber: WorkSubscriber) -> None:
    """Let a room take part in every change of work items; a second time replaces the first."""
    _subscribers[room] = subscriber


def tell_subscribers(session: Session, change: WorkChange) -> None:
    """Tell every room about a change that concerns any item, plate or address."""
    if change.numbers or change.keys:
        for subscriber in _subscribers.values():
            subscriber(session, change)

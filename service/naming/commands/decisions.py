"""Stores decisions about places: one row per decision, with everything it moved."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from address_model.tables import PlaceDecision
from service.audit import commands as audit
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.actor import Actor
from service.naming.commands.place_followers import Followers
from service.naming.commands.place_townships import Ground
from service.placenames.commands.places import raise_versions
from service.placenames.queries import PlaceRow


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with what it moved, before it has a number.

    ``ground`` is where the first place lay; ``since`` is the highest key of ``place_township``
    before the decision.
    """

    kind: str
    here: PlaceRow
    there: PlaceRow
    codes: Sequence[str]
    ground: Sequence[Ground]
    since: int
    followers: Followers
    undoes: int | None = None

    @property
    def moved(self) -> dict[str, object]:
        """What an undo needs to know."""
        lay = [list(one) for one in self.ground]
        return {"codes": list(self.codes), "ground": lay, "since": self.since, **self.followers}


@dataclass(frozen=True, slots=True)
class MovedDoors:
    """The result of a decision; ``unplaced`` are doors whose township is unknown."""

    decision: int
    place: PlaceRow
    codes: tuple[str, ...]
    unplaced: tuple[tuple[str, str], ...] = ()


def write_decision(
    session: Session,
    decided: Decided,
    actor: Actor,
    reason: str,
    *,
    unplaced: Sequence[tuple[str, str]] = (),
) -> MovedDoors:
    """Store a decision with what it moved, announce both places and audit it."""
    here, there = decided.here, decided.there
    made = PlaceDecision(
        county=here.county,
        kind=decided.kind,
        from_id=here.id,
        to_id=there.id,
        reason=reason,
        moved=decided.moved,
        undoes_id=decided.undoes,
        decided_by=str(actor),
    )
    session.add(made)
    session.flush()
    raise_versions(session, (here.id, there.id))
    numbers = (here.number, there.number)
    changes.announce(session, Subject.PLACE_NAME, Action(decided.kind), numbers)
    audit.record(
        session,
        actor=actor,
        action=f"place_names:{decided.kind}",
        subject=here.number,
        into=there.number,
        doors=len(decided.codes),
        reason=reason,
    )
    return MovedDoors(made.id, there, tuple(decided.codes), tuple(unplaced))

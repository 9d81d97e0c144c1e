"""What an edit of borders is asked, under which terms, and what it did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from service.areas.queries import HeldArea
from service.core.actor import Actor
from service.linking.commands.bulk import LinkCounts


@dataclass(frozen=True, slots=True)
class NewArea:
    """What is asked about an area that is drawn or split off; without a code it is the name."""

    name: str
    code: str = ""
    kind: str = ""
    division: str = ""


@dataclass(frozen=True, slots=True)
class AreaEdit:
    """What an edit did: the areas that it changes before and after, by id, and the links.

    An area that is new is not among ``before``, one that has ended not among ``after``.
    """

    before: tuple[HeldArea, ...]
    after: tuple[HeldArea, ...]
    links: LinkCounts


@dataclass(frozen=True, slots=True)
class EditTerms:
    """Who edits on which day and why, and which versions they saw.

    ``seen`` is that of the area itself, ``shown`` those of the others that the result named, by id;
    None takes any.
    """

    actor: Actor
    today: date
    seen: int | None = None
    shown: Mapping[int, int] | None = None
    reason: str = ""

"""Loads areas and relinks the addresses affected by their borders."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from service.areas.commands.areas import LoadedAreas, load_areas
from service.areas.coverage import KindCoverage, check_coverage
from service.areas.queries import list_held_areas
from service.areas.rows import ListedArea
from service.core.actor import Actor
from service.core.database import Database
from service.linking.commands.bulk import LinkCounts, link_register, relink_edits

MANY = 500
"""Above this number of changed borders the whole register is relinked, chunk by chunk."""


@dataclass(frozen=True, slots=True)
class AreaLoad:
    """The result of loading areas: changes in the register, in the links, and map coverage."""

    areas: LoadedAreas
    links: LinkCounts
    coverage: list[KindCoverage]


def load_and_link(
    database: Database,
    listed: Sequence[ListedArea],
    actor: Actor,
    *,
    today: date,
    end_missing: bool = False,
    dry_run: bool = False,
) -> AreaLoad:
    """Store areas and relink affected addresses in one transaction; ``dry_run`` rolls it back.

    With more than 500 changed borders the links follow in separate chunks after the areas are
    stored; if that is interrupted, ``link_register`` completes it.
    """
    opened: AbstractContextManager[Session] = database.reading() if dry_run else database.session()
    with opened as session:
        areas = load_areas(session, listed, actor, today, end_missing=end_missing)
        few = len(areas.edits) <= MANY
        edits = areas.edits if few else []
        links = relink_edits(session, edits, actor, today=today)
        kinds = sorted({item.kind for item in listed})
        held = list_held_areas(session, kinds=kinds, living_on=today)
    if not (few or dry_run):
        links = link_register(database, actor, today=today)
    return AreaLoad(areas, links, check_coverage([area.drawn for area in held]))

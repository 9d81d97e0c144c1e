"""Reads the stories of addresses: one, many, or all of them."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, or_, select, text
from sqlalchemy.orm import Session

from address_model.tables import Division, HeritageEntry, PlaceName
from service.heritage.stories import Story, StoryRegister, find_sources

STORY_KEY = """
d.code || ' ' || concat_ws(',',
  'street:' || a.place_id, 'village:' || a.second_place_id, (
    select string_agg(h.kind || ':' || h.place_name_id, ',' order by h.place_name_id)
    from address_place_name h where h.code = a.code))
"""
"""SQL column for ``StoryRegister.find_by_key``, of an address ``a`` in a division ``d``."""

_KEYS = text(
    f"select a.code, {STORY_KEY} from address a join division d on d.id = a.division_id "  # noqa: S608 - a constant
    "where a.code = any(:codes)"
)


def load_story_register(session: Session, only: Iterable[str] | None = None) -> StoryRegister:
    """Load all stories, or ``only`` those relevant to these ``STORY_KEY``s.

    The register is outdated by a change of a ``heritage_entry`` or of one of its ``places``; the
    ``STORY_KEY`` of an address by a change of the address or of its ``address_place_name``.
    """
    statement = (
        select(
            PlaceName.id,
            PlaceName.number,
            PlaceName.is_division,
            Division.code,
            HeritageEntry.id,
            PlaceName.standard_name,
            HeritageEntry.story_zh,
            HeritageEntry.story_en,
        )
        .join(PlaceName, PlaceName.id == HeritageEntry.place_name_id)
        .join(Division, Division.id == PlaceName.division_id)
        .where(HeritageEntry.story_zh != "")
        .order_by(HeritageEntry.id)
    )
    if only is not None:
        ids, codes = find_sources(only)
        of_division = and_(PlaceName.is_division, Division.code.in_(codes))
        statement = statement.where(or_(PlaceName.id.in_(ids), of_division))
    stories: dict[int, Story] = {}
    places: set[str] = set()
    divisions: dict[str, Story] = {}
    rows: Sequence[Any] = session.execute(statement).all()
    for place_id, number, is_division, code, *values in rows:
        story = stories[place_id] = Story(*values)
        places.add(number)
        if is_division:
            divisions.setdefault(code, story)
    return StoryRegister(stories, divisions, places)


def find_story(session: Session, code: str) -> Story | None:
    """The story of an address (16-digit code), or None."""
    return list_stories(session, [code]).get(code)


def list_stories(session: Session, codes: Sequence[str]) -> dict[str, Story]:
    """The stories of addresses by code; addresses without one are left out."""
    keys: dict[str, str] = dict(session.execute(_KEYS, {"codes": list(codes)}).all())
    register = load_story_register(session, keys.values())
    found = {code: register.find_by_key(key) for code, key in keys.items()}
    return {code: story for code, story in found.items() if story}

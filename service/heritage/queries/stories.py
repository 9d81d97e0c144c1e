"""Reads the stories of addresses: one, many, or all into memory."""

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
"""What ``StoryRegister.tell`` wants of an address ``a`` in a division ``d``: a column to select."""

_KEYS = text(
    f"select a.code, {STORY_KEY} from address a join division d on d.id = a.division_id "  # noqa: S608 - our own constant
    "where a.code = any(:codes)"
)


def load_story_register(session: Session, only: Iterable[str] | None = None) -> StoryRegister:
    """All stories that are told, for asking without the database.

    ``only`` reads no more than may be told of addresses with these ``STORY_KEY``.

    It is out of date when the feed tells of a ``heritage_entry``, or of one of its ``places``;
    which places an address has changes with it, or with an ``address_place_name`` of its code.
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
    for place_id, number, is_division, code, *told in rows:
        story = stories[place_id] = Story(*told)
        places.add(number)
        if is_division:
            divisions.setdefault(code, story)
    return StoryRegister(stories, divisions, places)


def find_story(session: Session, code: str) -> Story | None:
    """The story that the page of an address (16 digits) tells, or None."""
    return list_stories(session, [code]).get(code)


def list_stories(session: Session, codes: Sequence[str]) -> dict[str, Story]:
    """The stories of these addresses by code; an address without one is left out."""
    keys: dict[str, str] = dict(session.execute(_KEYS, {"codes": list(codes)}).all())
    register = load_story_register(session, keys.values())
    found = {code: register.tell(key) for code, key in keys.items()}
    return {code: story for code, story in found.items() if story}

"""Finds the places that addresses count along by any name they have or had, or its pinyin."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.normal_form import normalise
from address_model.pinyin import plain_pinyin
from address_model.spellings import fold_spelling
from service.placenames.queries.places import PlaceRow, find_places

_NAMED = text(
    "select id from place_name where standard_name = any(:names) "
    "union select place_name_id from place_name_form where text = any(:names)"
)
_SPELT = text(
    "select id from place_name where pinyin_plain = :plain "
    "union select place_name_id from place_name_form where pinyin_plain = :plain"
)
_LONGEST = 60


def search_places(session: Session, name: str, counties: Sequence[str]) -> list[PlaceRow]:
    """Current counted places in counties (beginnings of their codes), in order of number.

    The name is written as the register has it, in traditional characters, or in pinyin without
    tones.
    """
    bare = name.strip()[:_LONGEST]
    if not bare:
        return []
    values: dict[str, object]
    if bare.isascii():
        statement, values = _SPELT, {"plain": plain_pinyin(bare) or bare}
    else:
        names = [bare, normalise(bare).text, fold_spelling(bare)]
        statement, values = _NAMED, {"names": names}
    rows = find_places(session, session.scalars(statement, values)).values()
    return [row for row in rows if row.county.startswith(tuple(one[:6] for one in counties))]

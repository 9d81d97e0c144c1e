"""Duplicate place names: whether two names are alike, and where a name must be unique.

《地名管理条例》 Art. 9 forbids identical and homophonous names: of counties in the country, of
townships in a province, of villages in a county, of streets and compounds in one built-up area;
《浙江省地名管理办法》 adds natural villages in a township. Tones are ignored.
"""

from enum import StrEnum

from address_model.pinyin import plain_pinyin

_DIGITS = {"county": 0, "township": 2, "village": 6, "natural_village": 9}
KINDS = (*_DIGITS, "street", "estate")
"""The kinds of names the rule covers."""


class Likeness(StrEnum):
    """How two names are alike."""

    SAME_NAME = "same name"
    SAME_SOUND = "same sound"


def compare_names(one: str, other: str) -> Likeness | None:
    """How two whole names are alike, if they are."""
    if one == other:
        return Likeness.SAME_NAME
    return Likeness.SAME_SOUND if plain_pinyin(one) == plain_pinyin(other) else None


def scope_of(kind: str, division: str, *, is_district: bool = False) -> str:
    """The prefix of the division codes within which a name must be unique.

    A built-up area is the county; the districts of one city (市辖区) count as one area.
    """
    if kind in _DIGITS:
        return division[: _DIGITS[kind]]
    return division[: 4 if is_district else 6]

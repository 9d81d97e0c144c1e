"""Whether two place names would be taken for each other, and how far apart they must lie.

《地名管理条例》 Art. 9 forbids the same name and a homophone: of counties in the whole country, of
townships in a province, of villages in a county, of streets and compounds in one built-up area;
《浙江省地名管理办法》 adds natural villages in a township. Tones do not count: names
are also heard.
"""

from enum import StrEnum

from address_model.pinyin import plain_pinyin

_DIGITS = {"county": 0, "township": 2, "village": 6, "natural_village": 9}
KINDS = (*_DIGITS, "street", "estate")
"""Kinds of names that the rule knows."""


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
    """The beginning of the division codes within which a name must be the only one.

    A built-up area is the county; districts of one city (市辖区) grow together and count as one.
    """
    if kind in _DIGITS:
        return division[: _DIGITS[kind]]
    return division[: 4 if is_district else 6]

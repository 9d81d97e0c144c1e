"""Adds terms and reading to a record; a guessed reading is marked."""

from dataclasses import replace

from address_model.heritage.catalogue import PlaceNameRecord
from address_model.name_terms import NATURAL, STRUCTURE, VILLAGE, split_name
from address_model.pinyin import plain_pinyin, read_name

BY_HAND = "审定："
"""Prefix of the source of a reading set manually; loads keep such readings."""

TERMS = {
    "village": VILLAGE, "mountain": NATURAL, "water": NATURAL, "bridge": STRUCTURE,
    "gate": STRUCTURE, "temple": STRUCTURE, "tower": STRUCTURE,
}  # fmt: skip


def with_reading(record: PlaceNameRecord, given: str = "", source: str = "") -> PlaceNameRecord:
    """The record with its specific and generic term and its pinyin by the national rules.

    ``given`` is the spelling of a file. If it differs from ours only by tones, ours is used; else
    it is used and marked for review.
    """
    terms = TERMS.get(record.kind, "")
    specific, generic = split_name(record.standard_name, terms)
    read = read_name(record.standard_name, record.division, terms)
    is_rival = bool(given) and plain_pinyin(given) != plain_pinyin(read.toned)
    return replace(
        record,
        specific=specific,
        generic=generic,
        pinyin=given if is_rival else read.toned,
        pinyin_source=source if is_rival else read.source,
        needs_review=read.needs_review or is_rival,
    )


def is_by_hand(record: PlaceNameRecord) -> bool:
    """Whether the reading of a record was set manually."""
    return record.pinyin_source.startswith(BY_HAND)


def keep_reading(given: PlaceNameRecord, held: PlaceNameRecord | None) -> PlaceNameRecord:
    """The given record, with the reading set manually for the same name and division."""
    if held is None or not is_by_hand(held) or is_by_hand(given):
        return given
    if (given.standard_name, given.division) != (held.standard_name, held.division):
        return given
    return replace(given, pinyin=held.pinyin, pinyin_source=held.pinyin_source, needs_review=False)

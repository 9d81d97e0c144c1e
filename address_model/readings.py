"""Readings of the characters of a place name: audited ones first, then Unihan, else a guess.

The order: a reading of the whole name (``name``), of its beginning (``start``) or of a word in it
(``word``), each within its division; a character's only reading in place names (``character``,
unless a word stands there that has another one); the only reading that 《通用规范汉字字典》 and
《现代汉语词典》 give (Unihan, kTGHZ2013 and kXHC1983). Anything else is marked as a guess.
"""

import csv
import gzip
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pypinyin import Style, lazy_pinyin

from address_model.shipped import data_folder

_FIGURES = re.compile("[一二三四五六七八九十百]+")
_DIGITS = re.compile("[0-9]+")
_APART: Any = list
"""Makes the converter return foreign characters one by one."""


@dataclass(frozen=True)
class Syllable:
    """One character (or a run of figures and Latin letters) with its reading."""

    written: str
    read: str
    source: str = ""
    is_guess: bool = False


@dataclass(frozen=True)
class Audited:
    """One row of ``data/pinyin/overrides.csv``."""

    kind: str
    text: str
    division: str
    syllables: tuple[str, ...]
    doubt: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class ReadingTable:
    """All readings: audited ones by first character, and Unihan's by character."""

    audited: Mapping[str, tuple[Audited, ...]]
    characters: Mapping[str, Audited]
    today: Mapping[str, tuple[str, ...]]
    others: Mapping[str, tuple[str, ...]]

    def list_readings(self, character: str) -> tuple[str, ...]:
        """Every toned Unihan reading of a character, current ones first."""
        return self.today.get(character, ()) + self.others.get(character, ())

    def is_polyphonic(self, character: str) -> bool:
        """Whether the two dictionaries give a character more than one reading, or none."""
        return len(self.today.get(character, ())) != 1


@cache
def load_readings() -> ReadingTable:
    """Return the shipped readings, loaded once per process (about 30 ms)."""
    folder = data_folder() / "pinyin"
    with (folder / "overrides.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            Audited(
                row["kind"],
                row["text"],
                row["division"],
                tuple(row["reading"].split()),
                tuple(row["doubt"].split()),
                row["source"],
            )
            for row in csv.DictReader(file)
        ]
    today: dict[str, tuple[str, ...]] = {}
    others: dict[str, tuple[str, ...]] = {}
    for line in gzip.decompress((folder / "unihan_readings.tsv.gz").read_bytes()).splitlines():
        character, first, rest = line.decode().split("\t")
        today[character], others[character] = tuple(first.split()), tuple(rest.split())
    audited: defaultdict[str, list[Audited]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: len(row.text), reverse=True):
        if row.kind != "character":
            audited[row.text[0]].append(row)
    characters = {row.text: row for row in rows if row.kind == "character"}
    return ReadingTable(
        {first: tuple(found) for first, found in audited.items()}, characters, today, others
    )


def read_characters(name: str, specific: int, division: str = "") -> tuple[Syllable, ...]:
    """The readings of a name whose first ``specific`` characters are its specific term.

    ``division`` is the code (2 to 12 digits) of the place's division, empty when unknown. An
    audited reading from another division is a guess.
    """
    table = load_readings()
    read: list[Syllable] = []
    while len(read) < len(name):
        start = len(read)
        # A reading of a whole name is one of a whole term too; one of a beginning stands in front.
        whole = {0: (len(name), specific), specific: (len(name) - specific,)}.get(start, ())
        fitting = [
            row
            for row in table.audited.get(name[start], ())
            if name.startswith(row.text, start)
            and (len(row.text) in whole if row.kind == "name" else row.kind == "word" or not start)
        ]
        # An audited reading of the division first, else that of another one.
        found = next(
            (row for row in fitting if _is_within(row, division)), next(iter(fitting), None)
        )
        if found:
            sure = _is_within(found, division)
            read += [
                Syllable(
                    character, reading, found.source, not sure and table.is_polyphonic(character)
                )
                for character, reading in zip(found.text, found.syllables, strict=True)
            ]
        else:
            read.append(_read_alone(table, name, start))
    return tuple(read)


def _is_within(row: Audited, division: str) -> bool:
    return not row.division or division.startswith(row.division)


def _read_alone(table: ReadingTable, name: str, at: int) -> Syllable:
    character = name[at]
    rule = table.characters.get(character)
    if rule and not any(word in name for word in rule.doubt):
        return Syllable(character, rule.syllables[0], rule.source)
    known = table.list_readings(character)
    if character.isascii():
        return Syllable(character, character)
    if known and not table.is_polyphonic(character):
        return Syllable(character, known[0])
    # The converter's guess, from context.
    syllables = lazy_pinyin(name, style=Style.TONE, errors=_APART)
    guess = str(syllables[at]) if len(syllables) == len(name) else name[at]
    return Syllable(character, guess if guess in known or not known else known[0], is_guess=True)


def is_reading(name: str, toned: str) -> bool:
    """Whether a toned spelling gives each character of a name one of its Unihan readings."""
    plain = unicodedata.normalize("NFC", toned.lower())
    spelled = "".join(letter for letter in plain if letter.isalnum())
    return bool(name) and _reads(name, spelled)


def _reads(name: str, spelled: str) -> bool:
    if not name or not spelled:
        return not name and not spelled
    figures = _FIGURES.match(name), _DIGITS.match(spelled)
    if figures[0] and figures[1] and _reads(name[figures[0].end() :], spelled[figures[1].end() :]):
        return True
    readings = load_readings().list_readings(name[0]) or (name[0].lower(),)
    return any(
        spelled.startswith(one) and _reads(name[1:], spelled[len(one) :]) for one in set(readings)
    )

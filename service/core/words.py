"""Translations of the pages: gettext catalogues (``.po``), read without compiling.

The source language is Chinese, so a Chinese text is its own translation. Catalogues are read once
at the start.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).resolve().parents[1] / "locale"


class Language(StrEnum):
    """The languages of the pages, as ``?lang=`` names them."""

    ZH = "zh"
    EN = "en"


LOCALES = {Language.ZH: "zh_CN", Language.EN: "en_GB"}
TAGS = {Language.ZH: "zh-CN", Language.EN: "en"}


class Words:
    """Texts by their Chinese original, and dates, in one language."""

    def __init__(self, language: Language, texts: Mapping[str, str]) -> None:
        self.language = language
        self._texts = texts

    def __call__(self, text: str, **values: object) -> str:
        """Return a text in this language, its ``{names}`` filled in; unknown ones stay Chinese."""
        found = self._texts.get(text, text)
        return found.format(**values) if values else found

    def day(self, day: date) -> str:
        """Return a day as people write it: 2026年5月1日, 1 May 2026."""
        return _written(day, "long", LOCALES[self.language])

    def near_day(self, day: date) -> str:
        """Return a day of the last months without its year: 5月1日, 1 May."""
        return _written(day, _DAY_AND_MONTH[self.language], LOCALES[self.language])


_DAY_AND_MONTH = {Language.ZH: "M月d日", Language.EN: "d MMM"}


@lru_cache(maxsize=4096)
def _written(day: date, pattern: str, locale: str) -> str:
    return str(format_date(day, pattern, locale=locale))


def mark(text: str) -> str:
    """Mark a text in a table for translation; it is translated where it is used."""
    return text


def read_catalogue(path: Path) -> dict[str, str]:
    """Read the texts of a ``.po`` file, without unfinished (fuzzy, empty) ones."""
    with path.open("rb") as file:
        catalogue = read_po(file, charset="utf-8", abort_invalid=True)
    return {
        str(entry.id): str(entry.string)
        for entry in catalogue
        if entry.id and entry.string and not entry.fuzzy
    }


WORDS = {
    Language.ZH: Words(Language.ZH, {}),
    Language.EN: Words(Language.EN, read_catalogue(CATALOGUES / "en.po")),
}

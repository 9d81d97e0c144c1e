"""Readings of texts that differ in their numbers alone: the doors of a road, the rooms of a house.

A list names a road a hundred times with another number each. In a text of Chinese characters and
digits alone no rule asks which digits stand in a number, only how many, unless a word joins two
numbers (至, 和, 之 …): they are compared in lists, ranges and suffixes, and all of these need a
mark, a letter or such a word. So the reading of one text, with other digits in it, is that of all
texts of its form. ``tests/address_model/parsing/test_templates.py`` holds it against reading anew.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from address_model.elements import Elements, Numbered
from address_model.gazetteer import Gazetteer
from address_model.parsing.result import Element, Parse, Verdict

MOST_TEMPLATES = 16_384
"""When there are more, all are forgotten; one takes some two kilobytes."""

MOST_MET = 8 * MOST_TEMPLATES
"""So many forms that were met once are known again."""

_JOINING = "至到和及与之附"
"""Between two numbers these make the second the end of a range, a further one, or a suffix."""

_ALIKE = re.compile(
    f"[{''.join(sorted(set(map(chr, range(0x4E00, 0x9FA6))) - set(_JOINING)))}0-9]+"
)
_LONG = "0" * 5
"""From five digits on a number may be a room, a postcode or a telephone."""

_DIGIT = re.compile("[0-9]")
_DIGITS = re.compile("[0-9]+")
_ORDER = ("group", "lane", "number", "building", "unit", "floor", "room")
_FIELDS = {level: at for at, level in enumerate(Elements._fields)} | {
    "lane": Elements._fields.index("lanes")
}
_LANES = _FIELDS["lane"]

_new = tuple.__new__
"""Makes a named tuple of its values in order, in half the time of a call."""


class _Slot(NamedTuple):
    """A number of a text: which element it is, its field, and where its digits stand."""

    element: int
    field: int
    start: int
    end: int
    quantifier: str
    prefix: str
    suffix: str


class Template(NamedTuple):
    """The reading of one text, and where its numbers stand."""

    reading: Parse
    slots: tuple[_Slot, ...]

    def fill(self, text: str) -> Parse:
        """The reading of a text of the same form."""
        _, elements, place, _, *rest = self.reading
        read, values = list(elements), list[Any](place)
        for element, field, start, end, quantifier, prefix, suffix in self.slots:
            level, _, first, last = read[element]
            read[element] = _new(Element, (level, text[first:last], first, last))
            number = _new(Numbered, (text[start:end], quantifier, prefix, suffix))
            values[field] = (number,) if field == _LANES else number
        filled = _new(Elements, values)
        return _new(Parse, (text, tuple(read), filled, (filled,), *rest))


def template_of(reading: Parse) -> Template | None:
    """The template of a reading: of one certain plate, each of whose numbers is of a level of its
    own, deeper than the one before, and stands in the text as in the plate; else None.
    """
    if reading.verdict is not Verdict.OK or reading.plates != (reading.place,) or reading.steps:
        return None
    if _DIGIT.search("".join(reading.reasons)):
        return None
    slots: list[_Slot] = []
    deepest = -1
    for at, element in enumerate(reading.elements):
        digits = _DIGITS.findall(element.text)
        if not digits:
            continue
        if element.level not in _ORDER[deepest + 1 :] or len(digits) > 1:
            return None
        deepest = _ORDER.index(element.level)
        field = _FIELDS[element.level]
        value: Any = reading.place[field]
        if field == _LANES and len(value) == 1:
            value = value[0]
        if not isinstance(value, Numbered) or value.number != digits[0]:
            return None
        if _DIGIT.search(value.quantifier + value.prefix + value.suffix):
            return None
        start = element.start + element.text.index(digits[0])
        slots.append(_Slot(at, field, start, start + len(digits[0]), *value[1:]))
    place = reading.place
    values = (*place[:_LANES], *place.lanes, *place[_LANES + 1 :])
    held = sum(len(_DIGITS.findall(str(value))) for value in values if value)
    return Template(reading, tuple(slots)) if held == len(slots) else None


class Templates:
    """The templates that were met with one gazetteer."""

    def __init__(self) -> None:
        self._held: dict[str, Template | None] = {}
        self._met: set[int] = set()
        """Hashes of the forms met once: most texts of a file have no like, and nothing is kept."""

    def find(self, form: str, text: str) -> Parse | None:
        """The reading of a text whose form was met before; None where it must be read."""
        template = self._held.get(form)
        return None if template is None else template.fill(text)

    def remember(self, form: str, reading: Parse) -> None:
        """Keep the reading of a text for others of its form, if it is the second one of it."""
        if form in self._held:
            return
        mark = hash(form)
        if mark not in self._met:
            if len(self._met) >= MOST_MET:
                self._met.clear()
            self._met.add(mark)
            return
        if len(self._held) >= MOST_TEMPLATES:
            self._held.clear()
        self._held[form] = template_of(reading)


def form_of(text: str) -> str:
    """A text with 0 for every digit; empty where texts of one form may be read differently."""
    if not _ALIKE.fullmatch(text):
        return ""
    form = _DIGIT.sub("0", text)
    return "" if _LONG in form else form


@lru_cache(maxsize=4)
def templates_of(gazetteer: Gazetteer) -> Templates:
    """Return what is remembered of one gazetteer."""
    return Templates()

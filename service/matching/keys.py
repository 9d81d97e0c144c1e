"""The key of a text as an alias, and texts with contradictory levels."""

import re

from address_model.divisions import DEPTH
from address_model.normal_form import normalise
from address_model.parsing import Parse, Verdict


def text_key(reading: Parse, county: str) -> str:
    """The key of a text without a plate: the text without its divisions."""
    left = list(reading.text)
    for element in reading.elements:
        if element.level in DEPTH:
            left[element.start : element.end] = [" "] + [""] * (element.end - element.start - 1)
    bare = _BETWEEN.sub("", "".join(left))  # texts without blanks are normalised faster
    return f"{county}|x{normalise(bare).text.replace(' ', '').upper()}"


_BETWEEN = re.compile("^ +| +$| +(?=[一-龥])|(?<=[一-龥]) +")
"""Blanks removed by normalisation; those between letters and digits stay."""


def is_overfull(reading: Parse) -> bool:
    """Whether a text has two values for one level (6幢7幢), so that one is not understood."""
    if reading.verdict is Verdict.LIST:
        return False
    named: dict[str, str] = {}
    for element in reading.elements:
        if element.level in _NUMBERED:
            text = normalise(element.text).text
            if named.setdefault(element.level, text) != text:
                return True
    return False


_NUMBERED = frozenset(("number", "building", "unit", "floor", "room", "thing"))

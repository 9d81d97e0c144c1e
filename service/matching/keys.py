"""The keys under which a text may be found: of its plate, or of the text itself as an alias."""

from address_model.divisions import DEPTH
from address_model.gazetteer import load_gazetteer
from address_model.normalising import normalise
from address_model.parsing import Parse, parse
from address_model.rendering import canonical_key


def read_name_key(county: str, text: str) -> str:
    """The key of a name that shall lead to an address of a county.

    A text that names a plate has that plate's canonical key, in the county it names itself or
    else in this one; any other text (湖滨银泰) is its own key.
    """
    reading = parse(text, load_gazetteer())
    if len(reading.plates) == 1:
        return canonical_key(reading.county or county, reading.plates[0])
    return text_key(reading, reading.county or county)


def text_key(reading: Parse, county: str) -> str:
    """The key of a text that names no plate: what is left of it without its divisions."""
    left = list(reading.text)
    for element in reading.elements:
        if element.level in DEPTH:
            left[element.start : element.end] = " " * (element.end - element.start)
    return f"{county}|x{normalise(''.join(left)).text.replace(' ', '').upper()}"

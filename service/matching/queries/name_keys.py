"""The key of an alias given to an address: that of its plate, or of the text itself."""

from sqlalchemy.orm import Session

from address_model.parsing import parse
from service.divisions.queries import gazetteer_of
from service.matching.history import read_township
from service.matching.keys import text_key
from service.matching.queries.dictionaries import dictionaries_of
from service.matching.queries.places import find_wanted, list_in


def read_name_key(session: Session, county: str, text: str) -> str:
    """The key of a text that is to lead to an address of a county.

    A text that names a plate at a registered place has that plate's canonical key, in the county
    it names or else in this one; any other text (湖滨银泰) is its own key.
    """
    gazetteer = gazetteer_of(session)
    reading = parse(text, gazetteer)
    county = reading.county or county
    if len(reading.plates) == 1:
        places = dictionaries_of(session).places_of(session, county)
        said = read_township(reading, gazetteer)
        wanted = find_wanted(places, county, reading.plates[0], said)
        fits = list_in([place for place in wanted.keys.values() if place is not None], said)
        here = [key for key, place in wanted.keys.items() if place is None or place in fits]
        if len(here) == 1:
            return here[0]
    return text_key(reading, county)

"""Downgrades results whose county or place contradicts the text, or is one of several namesakes."""

from dataclasses import replace

from sqlalchemy.orm import Session

from address_model.gazetteer import Gazetteer
from address_model.normal_form import normalise
from address_model.parsing import Parse
from service.divisions.queries import gazetteer_of
from service.matching.classification import doubt
from service.matching.history import explain_move, find_move, find_other_county, read_township
from service.matching.queries.dictionaries import Dictionaries
from service.matching.queries.places import list_in, nearest_of, where_registered
from service.matching.resolution import Resolution
from service.matching.resolve_options import ResolveOptions


def doubt_place(
    session: Session,
    dictionaries: Dictionaries,
    reading: Parse,
    answer: Resolution,
    focus: ResolveOptions,
) -> Resolution:
    """Return a result that is safe to store without review, or downgrade it to a question.

    The township in a text must be one of the place's; a text without township must mean the only
    place of its name in the county, or be near one of them.
    """
    address = answer.address
    if address is None or address.place_id is None or answer.category != "B":
        return answer
    places = dictionaries.places_of(session, address.county)
    place = places.by_id.get(address.place_id)
    if place is None:
        return answer
    said = read_township(reading, gazetteer_of(session))
    namesakes = places.find(place.kind, place.name)
    here = list_in(namesakes, said)
    if place not in here:
        why = f"{said.name}没有登记{place.name}；登记的是{where_registered([place])}"
        return doubt(answer, why)
    if len(here) > 1 and nearest_of([address], focus.near) is None:
        return doubt(answer, f"本县有同名地名：{where_registered(here)}")
    if said.decision:
        return replace(answer, reasons=tuple(dict.fromkeys((*answer.reasons, said.decision))))
    return answer


def doubt_county(answer: Resolution, reading: Parse, gazetteer: Gazetteer) -> Resolution:
    """Check the county: B at best if the text's township has left the county it names, else C.

    A text identical to a stored text of its address is unchanged.
    """
    if answer.address is None:
        return answer
    named = find_other_county(reading, gazetteer)
    if named is None:
        return answer
    stored = answer.matched_name.text if answer.matched_name else ""
    if answer.category == "A" and normalise(stored).text.endswith(normalise(reading.text).text):
        return answer
    move = find_move(reading, named, gazetteer)
    if move is None:
        return doubt(answer, f"原文写{named.name}，登记在{answer.address.elements.county}")
    explanation = explain_move(move, gazetteer)
    reasons = tuple(dict.fromkeys((*answer.reasons, explanation)))
    return replace(answer, category="B", reasons=reasons, score=min(answer.score, 0.95))

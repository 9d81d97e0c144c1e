"""Doubts a repaired answer whose place is not the one that the text names, or is one of several."""

from dataclasses import replace

from sqlalchemy.orm import Session

from address_model.parsing import Parse
from service.matching.focus import Focus, ask_which
from service.matching.queries.dictionaries import dictionaries_of
from service.matching.queries.places import lies_in, nearest_of, township_of
from service.matching.resolution import Candidate, Resolution


def doubt_place(session: Session, reading: Parse, answer: Resolution, focus: Focus) -> Resolution:
    """An answer that a clerk may store unseen, or the same as a question.

    The township that a text names must be one of the place's; a text without township must mean
    the only place of its name in the county, or lie near one of them.
    """
    address = answer.address
    if address is None or address.place_id is None or answer.category != "B":
        return answer
    places = dictionaries_of(session).places_of(session, address.county)
    place = places.by_id.get(address.place_id)
    if place is None:
        return answer
    township = township_of(reading.division)
    namesakes = places.find(place.kind, place.name)
    if township and not lies_in(place, township):
        why = f"{reading.place.township}没有登记{place.name}"
    elif not township and len(namesakes) > 1 and nearest_of([address], focus.near) is None:
        why = f"本县有{len(namesakes)}处{place.name}"
    else:
        return answer
    doubted = Candidate(address, answer.score * 0.5, answer.differences, (why,))
    return replace(
        answer,
        category="C",
        address=None,
        score=round(answer.score * 0.5, 3),
        reasons=(*answer.reasons, why),
        candidates=(doubted,),
        question=ask_which([doubted]),
    )

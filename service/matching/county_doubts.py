"""Doubts an answer in another county than the text names, unless history explains it."""

from dataclasses import replace

from address_model.gazetteer import Gazetteer
from address_model.normal_form import normalise
from address_model.parsing import Parse
from service.matching.classification import doubt
from service.matching.history import explain_move, find_move, find_other_county
from service.matching.resolution import Resolution


def doubt_county(answer: Resolution, reading: Parse, gazetteer: Gazetteer) -> Resolution:
    """The answer; B at best where the text's township has left the county it names, else C.

    A text that its address has just so stays what it is.
    """
    if answer.address is None:
        return answer
    named = find_other_county(reading, gazetteer)
    if named is None or _is_stored(answer, reading):
        return answer
    move = find_move(reading, named, gazetteer)
    if move is None:
        return doubt(answer, f"原文写{named.name}，登记在{answer.address.elements.county}")
    told = explain_move(move, gazetteer)
    reasons = tuple(dict.fromkeys((*answer.reasons, told)))
    return replace(answer, category="B", reasons=reasons, score=min(answer.score, 0.95))


def _is_stored(answer: Resolution, reading: Parse) -> bool:
    name = answer.matched_name
    if answer.category != "A" or name is None:
        return False
    return normalise(name.text).text.endswith(normalise(reading.text).text)

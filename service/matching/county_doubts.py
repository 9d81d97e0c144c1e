"""Downgrades results in another county than the text names, unless history explains it."""

from dataclasses import replace

from address_model.gazetteer import Gazetteer
from address_model.normal_form import normalise
from address_model.parsing import Parse
from service.matching.classification import doubt
from service.matching.history import explain_move, find_move, find_other_county
from service.matching.resolution import Resolution


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

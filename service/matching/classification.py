"""Classifies the candidates of a search: safe after repair, uncertain, or nothing."""

from dataclasses import replace

from address_model.name_dictionary import SAFE_WHEN_CONFIRMED
from address_model.parsing import Parse
from service.addresses.drafts import level_of
from service.matching.resolution import Candidate, Resolution, Search
from service.matching.resolve_options import MOST_CANDIDATES, ask_which

SAFE_SCORE = 0.72
"""Minimum score of a safe repair."""


def unknown_tokens(reading: Parse) -> tuple[str, ...]:
    """The parts of a text that are not part of an address."""
    return tuple(e.text for e in reading.elements if e.level in ("other", "organisation"))


def judge(search: Search, whole: list[Candidate]) -> Resolution:
    """B when one candidate is clearly the best and its repairs are safe, else C."""
    best = whole[0]
    rivals = [c for c in whole[1:] if c.score >= best.score - 0.02]
    match = search.names[best.address.elements.street]
    written_so = [m for m in search.names.values() if m.factor >= match.factor]
    # A name with one wrong character needs more than a matching number.
    held = best.address.elements
    levels = ("community", "estate", "lanes", "building", "unit", "room")
    differing = {difference.level for difference in best.differences}
    confirmed = any(
        getattr(search.wanted, level) and getattr(held, level) and level not in differing
        for level in levels
    )
    slip = match.is_safe or (match.kind in SAFE_WHEN_CONFIRMED and confirmed)
    only = match.kind == "exact" or len(written_so) == 1 or confirmed
    is_safe = slip and only and best.score >= SAFE_SCORE
    if rivals or not is_safe:
        return ask_back(search, whole)
    reasons = list(search.reading.reasons) + list(best.repairs)
    if not search.reading.county:
        reasons.append(f"no county named; only {best.address.elements.county} has this address")
    reasons += [
        f"{d.level}: the text says {d.wanted or 'nothing'}, the register {d.held or 'nothing'}"
        for d in best.differences
        if d.wanted or d.held
    ]
    return Resolution(
        search.reading.text,
        "B",
        best.address,
        reasons=tuple(reasons),
        score=round(best.score, 3),
        match_level=best.address.level,
        differences=best.differences,
        unknown=unknown_tokens(search.reading),
    )


def ask_back(search: Search, candidates: list[Candidate]) -> Resolution:
    """An uncertain result: the likeliest candidates and the question to ask."""
    best = candidates[0]
    # The deepest level at which the best candidate still agrees with the text.
    differing = {d.level for d in best.differences if d.wanted and d.factor < 0.9}
    agreed = best.address.elements._replace(
        **{  # type: ignore[arg-type]
            level: None
            for level in ("number", "building", "unit", "floor", "room", "thing")
            if level in differing or getattr(search.wanted, level) is None
        },
    )
    return Resolution(
        search.reading.text,
        "C",
        reasons=(*search.reading.reasons, *best.repairs),
        score=round(best.score * 0.6, 3),
        match_level=level_of(agreed),
        differences=best.differences,
        candidates=tuple(candidates[:MOST_CANDIDATES]),
        question=ask_which(candidates),
        unknown=unknown_tokens(search.reading),
    )


def nothing(reading: Parse, reason: str, question: str = "") -> Resolution:
    """The result for a text that matches no address of the register."""
    return Resolution(
        reading.text,
        "none",
        reasons=(*reading.reasons, reason),
        question=question,
        unknown=unknown_tokens(reading),
    )


def doubt(answer: Resolution, why: str, *, factor: float = 0.5) -> Resolution:
    """Downgrade a result to a question, with the reason; one without address is unchanged."""
    if answer.address is None:
        return answer
    score = round(answer.score * factor, 3)
    doubted = Candidate(answer.address, score, answer.differences, (why,))
    return replace(
        answer,
        category="C",
        address=None,
        score=score,
        reasons=tuple(dict.fromkeys((*answer.reasons, why))),
        candidates=(doubted,),
        question=ask_which([doubted]),
    )

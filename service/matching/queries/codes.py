"""Resolves codes and foreign identifiers; an ended address leads to its successors."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from address_model.lifecycle import GONE
from address_model.parsing import Parse, parse
from service.addresses.queries import (
    AddressRow,
    NameRow,
    find_addresses,
    find_by_identifiers,
    find_successors,
)
from service.divisions.queries import gazetteer_of
from service.matching.classification import nothing
from service.matching.resolution import Candidate, Resolution
from service.matching.resolve_options import ask_which


def resolve_identifiers(session: Session, values: Sequence[str], scheme: str) -> list[Resolution]:
    """The addresses of identifiers of one scheme, in the order of the values."""
    wanted = [value.strip() for value in values]
    codes = find_by_identifiers(session, scheme, [value for value in wanted if value])
    held = find_addresses(session, sorted(set(codes.values())))
    answers = []
    for given, value in zip(values, wanted, strict=True):
        reading = parse(given, gazetteer_of(session))
        if value in codes:
            reason = f"identifier of the scheme {scheme}"
            answers.append(answer_code(session, reading, held[codes[value]], reason))
        else:
            answers.append(nothing(reading, f"the scheme {scheme} has no such identifier"))
    return answers


def answer_code(session: Session, reading: Parse, held: AddressRow, reason: str) -> Resolution:
    """The result for a code or an identifier, with its reason."""
    if held.status in GONE:
        return answer_ended(session, reading, held, None)
    return Resolution(reading.text, "A", held, score=1.0, match_level=held.level, reasons=(reason,))


def answer_ended(
    session: Session, reading: Parse, gone: AddressRow, name: NameRow | None
) -> Resolution:
    """The result for a text or code of an ended address: its successor or successors."""
    following = find_successors(session, [gone.code]).get(gone.code, [])
    why = f"{gone.standard_text} has ended: {gone.status_reason or gone.status}"
    if len(following) > 1:
        return ambiguous(reading, [Candidate(row, 0.9, (), (why,)) for row in following], gone)
    address = following[0] if following else gone
    return Resolution(
        reading.text,
        "B",
        address,
        name,
        (*reading.reasons, why),
        score=0.9,
        match_level=address.level,
        historic=gone,
    )


def ambiguous(
    reading: Parse, candidates: list[Candidate], historic: AddressRow | None = None
) -> Resolution:
    """The result when several addresses have this text: a person must choose."""
    return Resolution(
        reading.text,
        "C",
        reasons=(*reading.reasons, *dict.fromkeys(r for c in candidates for r in c.repairs)),
        score=candidates[0].score * 0.5,
        match_level=candidates[0].address.level,
        candidates=tuple(candidates),
        question=ask_which(candidates),
        historic=historic,
    )

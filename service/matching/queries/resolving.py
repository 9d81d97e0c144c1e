"""Resolves texts: by exact text first, many in one query; what is left is repaired, one by one."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from address_model.codes import InvalidCode, parse_code
from address_model.lifecycle import GONE
from address_model.parsing import Parse, Verdict, parse
from address_model.rendering import canonical_key, fold_village
from service.addresses.queries import AddressRow, NameRow, find_addresses, find_names
from service.divisions.queries import gazetteer_of
from service.matching.focus import ANYWHERE, Focus, narrow
from service.matching.judging import unknown_tokens
from service.matching.keys import is_overfull, names_another_county, text_key
from service.matching.queries.codes import (
    ambiguous,
    answer_code,
    answer_ended,
    resolve_identifiers,
)
from service.matching.queries.repairing import repair_many
from service.matching.resolution import Candidate, Resolution


def resolve(session: Session, text: str, focus: Focus = ANYWHERE) -> Resolution:
    """Resolve one text; a list of plates or a locator is never an A."""
    return resolve_many(session, [text], focus)[0]


def resolve_many(
    session: Session, texts: Sequence[str], focus: Focus = ANYWHERE
) -> list[Resolution]:
    """Resolve texts in their order: three queries for all that are exact, a few for each other."""
    if focus.scheme:
        found = resolve_identifiers(session, texts, focus.scheme)
    else:
        found = _resolve_texts(session, texts, focus)
    return [narrow(answer, focus) for answer in found]


def _resolve_texts(session: Session, texts: Sequence[str], focus: Focus) -> list[Resolution]:
    gazetteer = gazetteer_of(session)
    readings = [focus.complete(parse(text, gazetteer), gazetteer) for text in texts]
    keys = [_key(reading) for reading in readings]
    names = find_names(session, [key for key in keys if key])
    codes = [_read_code(text) for text in texts]
    wanted = {name.code for found in names.values() for name in found}
    held = find_addresses(session, sorted(wanted | {code for code in codes if code}))
    known = [
        answer_code(session, reading, held[code], "the text is a code")
        if code in held
        else _resolve_exact(session, reading, names.get(key, []), held, focus)
        for reading, key, code in zip(readings, keys, codes, strict=True)
    ]
    open_ones = [reading for reading, found in zip(readings, known, strict=True) if found is None]
    repaired = iter(repair_many(session, open_ones, focus))
    answers = [found or next(repaired) for found in known]
    return [
        _doubted(answer) if names_another_county(reading, gazetteer) else answer
        for reading, answer in zip(readings, answers, strict=True)
    ]


def _key(reading: Parse) -> str:
    if not reading.county or reading.verdict is Verdict.LIST or is_overfull(reading):
        return ""
    if reading.plates:
        return canonical_key(reading.county, reading.plates[0])
    return text_key(reading, reading.county)


def _read_code(text: str) -> str:
    if sum(c.isdigit() for c in text) != 16:
        return ""
    try:
        return parse_code(text).digits
    except InvalidCode:
        return ""


def _resolve_exact(
    session: Session,
    reading: Parse,
    names: list[NameRow],
    held: dict[str, AddressRow],
    focus: Focus,
) -> Resolution | None:
    """The answer of a text that an address has or had; None when none has it."""
    living = [name for name in names if held[name.code].status not in GONE]
    current = [name for name in living if name.valid_to is None] or living
    inside = [name for name in current if focus.holds(held[name.code])]
    current = inside or current
    codes = {name.code for name in current}
    if len(codes) == 1:
        return _exact(reading, current[0], held[current[0].code])
    if codes:
        return ambiguous(reading, [Candidate(held[code], 0.9) for code in sorted(codes)])
    if names:
        return answer_ended(session, reading, held[names[0].code], names[0])
    return None


def _doubted(answer: Resolution) -> Resolution:
    """An answer to a text that contradicts itself about its county is uncertain."""
    if answer.address is None:
        return answer
    reason = f"the text also names another county than {answer.address.elements.county}"
    return replace(
        answer,
        category="C",
        address=None,
        score=answer.score * 0.5,
        reasons=(*answer.reasons, reason),
        candidates=(Candidate(answer.address, answer.score * 0.5),),
        question=f"是{answer.address.standard_text}吗?",
    )


def _exact(reading: Parse, name: NameRow, address: AddressRow) -> Resolution:
    """An exact text: A when nothing had to be mended, B for a former name or another township."""
    township = reading.place.township
    elsewhere = bool(township) and fold_village(township) != fold_village(address.elements.township)
    reasons = list(reading.reasons)
    if elsewhere and address.elements.township:
        reasons.append(f"the text says {township}, the register {address.elements.township}")
    if name.valid_to is not None:
        reasons.append(f"former name, until {name.valid_to}")
    safe = reading.verdict is not Verdict.AMBIG and name.valid_to is None and not elsewhere
    return Resolution(
        reading.text,
        "A" if safe else "B",
        address,
        name,
        tuple(reasons),
        score=1.0 if safe else 0.95,
        match_level=address.level,
        unknown=unknown_tokens(reading),
    )

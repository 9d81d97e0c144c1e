"""Resolves texts: by exact text first, many in one query; what is left is repaired, one by one."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from address_model.codes import InvalidCode, parse_code
from address_model.gazetteer import load_gazetteer
from address_model.lifecycle import GONE
from address_model.parsing import Parse, Verdict, parse
from address_model.rendering import canonical_key, fold_village
from service.addresses.queries import (
    AddressRow,
    NameRow,
    find_addresses,
    find_names,
    find_successors,
)
from service.matching.judging import unknown_tokens
from service.matching.keys import names_another_county, text_key
from service.matching.queries.repairing import repair_many
from service.matching.resolution import Candidate, Resolution


def resolve(session: Session, text: str) -> Resolution:
    """Resolve one text; a list of plates or a locator is never an A."""
    return resolve_many(session, [text])[0]


def resolve_many(session: Session, texts: Sequence[str]) -> list[Resolution]:
    """Resolve texts in their order: three queries for all that are exact, a few for each other."""
    gazetteer = load_gazetteer()
    readings = [parse(text, gazetteer) for text in texts]
    keys = [_key(reading) for reading in readings]
    names = find_names(session, [key for key in keys if key])
    codes = [_read_code(text) for text in texts]
    wanted = {name.code for found in names.values() for name in found}
    held = find_addresses(session, sorted(wanted | {code for code in codes if code}))
    known = [
        _resolve_code(session, reading, held[code])
        if code in held
        else _resolve_exact(session, reading, names.get(key, []), held)
        for reading, key, code in zip(readings, keys, codes, strict=True)
    ]
    open_ones = [reading for reading, found in zip(readings, known, strict=True) if found is None]
    repaired = iter(repair_many(session, open_ones))
    answers = [found or next(repaired) for found in known]
    return [
        _doubted(answer) if names_another_county(reading) else answer
        for reading, answer in zip(readings, answers, strict=True)
    ]


def _key(reading: Parse) -> str:
    if not reading.county or reading.verdict is Verdict.LIST:
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


def _resolve_code(session: Session, reading: Parse, held: AddressRow) -> Resolution:
    if held.status in GONE:
        return _historic(session, reading, held, None)
    return Resolution(
        reading.text, "A", held, score=1.0, match_level=held.level, reasons=("the text is a code",)
    )


def _resolve_exact(
    session: Session, reading: Parse, names: list[NameRow], held: dict[str, AddressRow]
) -> Resolution | None:
    """The answer of a text that an address has or had; None when none has it."""
    living = [name for name in names if held[name.code].status not in GONE]
    current = [name for name in living if name.valid_to is None] or living
    codes = {name.code for name in current}
    if len(codes) == 1:
        return _exact(reading, current[0], held[current[0].code])
    if codes:
        return ambiguous(reading, [Candidate(held[code], 0.9) for code in sorted(codes)])
    if names:
        return _historic(session, reading, held[names[0].code], names[0])
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


def _historic(
    session: Session, reading: Parse, gone: AddressRow, name: NameRow | None
) -> Resolution:
    """A text or code of an address that has ended: it leads to what took its place."""
    following = find_successors(session, [gone.code]).get(gone.code, [])
    why = f"{gone.standard_text} has ended: {gone.status_reason or gone.status}"
    if len(following) > 1:
        return ambiguous(reading, [Candidate(row, 0.9, (), (why,)) for row in following])
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


def ambiguous(reading: Parse, candidates: list[Candidate]) -> Resolution:
    """Several addresses have this text: a person must say which."""
    shown = "、".join(c.address.standard_text for c in candidates[:3])
    return Resolution(
        reading.text,
        "C",
        reasons=reading.reasons,
        score=candidates[0].score * 0.5,
        candidates=tuple(candidates),
        question=f"是哪一个: {shown}?",
    )

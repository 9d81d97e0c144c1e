"""Finds the address a text means: today by its exact standard, former or alias text."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from address_model.gazetteer import load_gazetteer
from address_model.parsing import parse
from address_model.rendering import canonical_key
from service.addresses.queries import AddressRow, NameRow, find_addresses, find_names


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a text resolved to; category A is exact but for writing, ``none`` is no address."""

    text: str
    category: str
    address: AddressRow | None
    matched_name: NameRow | None
    reasons: tuple[str, ...]


def resolve(session: Session, text: str) -> Resolution:
    """Resolve one text by its canonical key; a list of plates or a locator is never an A."""
    reading = parse(text, load_gazetteer())
    if reading.verdict != "OK" or not reading.county or not reading.plates:
        why = reading.reasons or (f"the text reads as {reading.verdict}",)
        return Resolution(text, "none", None, None, why)
    key = canonical_key(reading.county, reading.plates[0])
    names = find_names(session, [key]).get(key, [])
    codes = {name.code for name in names}
    if len(codes) != 1:
        reason = "no address has this text" if not codes else "several addresses have this text"
        return Resolution(text, "none", None, None, (*reading.reasons, reason))
    address = find_addresses(session, list(codes))[names[0].code]
    return Resolution(text, "A", address, names[0], reading.reasons)

"""Completes typed text: names of streets, estates and villages, then their doors."""

import re
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.lifecycle import GONE
from address_model.normal_form import normalise
from address_model.sensitivity import Viewer
from address_model.spellings import fold_spelling
from service.addresses.json_view import is_seen
from service.addresses.queries import AddressRow, find_addresses
from service.matching.queries.dictionaries import dictionaries_of

_NAME_AND_DIGITS = re.compile(r"(?P<name>.*[^\d\s-])\s*(?P<digits>\d{1,6})$")
_MOST_DIGITS = 5
_DOORS = text(
    "select code from address where county = any(:counties) and street = any(:names) "
    "and number_order = any(:orders) and level in ('number', 'building', 'room') "
    "order by street_order, code limit :most"
)
_RANGES = 4
"""8 may become 8, 80…89, 800…899 and 8000…8999."""


@dataclass(frozen=True, slots=True)
class Completion:
    """Names that complete the typed text, and the doors of a fully typed name."""

    names: list[str]
    doors: list[AddressRow]


def complete(
    session: Session, beginning: str, division: str, limit: int = 10, viewer: Viewer | None = None
) -> Completion:
    """Complete typed text in a division (at most six digits; empty: the whole register).

    Of the doors those are left out that ``viewer`` does not see.

    The text may be characters, pinyin or initials; a whole name and digits yield its doors.
    """
    typed = normalise(beginning).text
    held = dictionaries_of(session)
    counties = [c for c in held.list_counties(session) if c.startswith(division)]
    parted = _NAME_AND_DIGITS.fullmatch(typed)
    stem = parted["name"] if parted else typed
    names: dict[str, None] = {}
    for county in counties:
        known = held.of_county(session, county)
        found = known.complete(stem, limit) or known.complete(fold_spelling(stem), limit)
        names.update(dict.fromkeys(found))
    ranked = sorted(names, key=lambda name: (not name.startswith(stem), len(name), name))
    doors: list[AddressRow] = []
    if parted and ranked:
        exact = [name for name in ranked if name == stem]
        # The current doors whose number begins with these digits, in street order.
        digits = parted["digits"]
        first = int(digits)
        orders = [
            order
            for more in range(min(_RANGES, _MOST_DIGITS - len(digits)))
            for order in range(first * 10**more, (first + 1) * 10**more)
        ]
        wanted = {
            "counties": counties,
            "names": exact or ranked[:1],
            "orders": orders or [first],
            "most": limit * 4,
        }
        codes = list(session.execute(_DOORS, wanted).scalars())
        rows = find_addresses(session, codes)
        living = [rows[code] for code in codes if rows[code].status not in GONE]
        doors = [one for one in living if viewer is None or is_seen(one, viewer)][:limit]
    return Completion(ranked[:limit], doors)

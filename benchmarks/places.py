"""Fills the place-name register of a benchmark with the places of its addresses."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.core.bulk_copy import copy_rows
from service.core.clock import today

_NAME = ("number", "standard_name", "specific", "kind", "division_id", "county")
_TOWNSHIP = ("place_id", "county", "kind", "folded", "township", "valid_from")


class BenchPlace(NamedTuple):
    """A place by its county (six digits), kind, name and township (12 digits, or empty)."""

    county: str
    kind: str
    name: str
    township: str = ""


def copy_places(
    session: Session, places: Iterable[BenchPlace], divisions: Mapping[str, int]
) -> dict[BenchPlace, int]:
    """Copy places in bulk; return their keys. ``divisions`` maps code prefixes to ids."""
    kept = list(dict.fromkeys(places))
    numbers = {f"{place.county}-{at:06d}": place for at, place in enumerate(kept, start=1)}
    copy_rows(
        session,
        "place_name",
        _NAME,
        (
            (
                number,
                one.name,
                one.name,
                one.kind,
                divisions[one.township or one.county],
                one.county,
            )
            for number, one in numbers.items()
        ),
    )
    made = session.execute(
        text("select number, id from place_name where number = any(:numbers)"),
        {"numbers": list(numbers)},
    )
    ids = {numbers[row.number]: row.id for row in made}
    day = today()
    copy_rows(
        session,
        "place_township",
        _TOWNSHIP,
        ((ids[one], one.county, one.kind, one.name, one.township, day) for one in kept),
    )
    return ids

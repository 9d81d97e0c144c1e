"""The services of today in memory, found by the division and the kind of an address."""

from collections.abc import Iterable
from dataclasses import dataclass

from address_model.division_codes import list_prefixes

MOST_SHOWN = 8
"""At most this many stand on a page, the first by their order."""


@dataclass(frozen=True, slots=True)
class OfferedService:
    """A service as residents see it; ``link`` may contain ``{code}``, ``kinds`` is () for all."""

    id: int
    division: str
    name: str
    name_en: str = ""
    office: str = ""
    hours: str = ""
    phone: str = ""
    link: str = ""
    kinds: tuple[str, ...] = ()
    rank: int = 100
    is_sample: bool = False


class ServiceRegister:
    """The services of one day."""

    def __init__(self, services: Iterable[OfferedService]) -> None:
        self._by_division: dict[str, list[OfferedService]] = {}
        for service in services:
            self._by_division.setdefault(service.division, []).append(service)
        self._found: dict[tuple[str, str], tuple[OfferedService, ...]] = {}

    def of(self, division: str, kind: str) -> tuple[OfferedService, ...]:
        """The services for a kind of address in a division (12 digits), and in those above it."""
        key = (division, kind)
        found = self._found.get(key)
        if found is None:
            if len(self._found) > 50_000:
                self._found.clear()
            above = ["", *list_prefixes(division)] if division else [""]
            held = [one for code in above for one in self._by_division.get(code, ())]
            fits = [one for one in held if not one.kinds or kind in one.kinds]
            fits.sort(key=lambda one: (one.rank, one.id))
            found = self._found[key] = tuple(fits[:MOST_SHOWN])
        return found

"""The registers: addresses, plates, divisions, units, place names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from menpai.client.answers import (
    AddressDetail,
    AddressOut,
    DivisionDetail,
    DivisionOut,
    PlaceNameOut,
    PlateOut,
    UnitDetail,
    UnitOut,
)
from menpai.client.calls import Calls


class RegisterCalls(Calls):
    """Calls that read registers; each record is one that a grant covers."""

    def address(self, code: str, *, include: Sequence[str] = ()) -> AddressDetail:
        """One address by its 16-digit code, with the related records that ``include`` names."""
        path = f"/addresses/{code.replace(' ', '')}"
        return cast(AddressDetail, self.get(path, include=",".join(include)))

    def addresses(self, **filters: object) -> Iterator[AddressOut]:
        """All addresses that the filters leave, in order of code: ``division="330102"``."""
        return self.pages("/addresses", "addresses", **filters)

    def plate(self, token: str) -> PlateOut:
        """A plate by the token in its QR code."""
        return cast(PlateOut, self.get(f"/plates/{token}"))

    def division(self, code: str) -> DivisionDetail:
        """A division by its 12-digit code."""
        return cast(DivisionDetail, self.get(f"/divisions/{code}"))

    def divisions(self, **filters: object) -> Iterator[DivisionOut]:
        """All divisions that the filters leave: ``name="清波"``, ``parent="330102000000"``."""
        return self.pages("/divisions", "divisions", **filters)

    def unit(self, number: str) -> UnitDetail:
        """A unit with its posts and the units below it."""
        return cast(UnitDetail, self.get(f"/units/{number}"))

    def units(self, **filters: object) -> Iterator[UnitOut]:
        """All units that the filters leave: ``division="330102"``."""
        return self.pages("/units", "units", **filters)

    def place_name(self, number: str) -> PlaceNameOut:
        """A place name with its former names."""
        return cast(PlaceNameOut, self.get(f"/place-names/{number}"))

    def place_names(self, **filters: object) -> Iterator[PlaceNameOut]:
        """All place names that the filters leave: ``q="河坊街"``."""
        return self.pages("/place-names", "place_names", **filters)

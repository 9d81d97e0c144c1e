"""What of an address a department asks for: some fields, related records, a coordinate system."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from address_model.coordinates import CoordinateSystem, Point, convert
from service.core.errors import BadRequest

FIELDS = (
    "code", "code_text", "standard_text", "elements", "division", "level", "status",
    "status_reason", "successor_code", "parent_code", "geometry", "position", "point_note",
    "sample", "version",
)  # fmt: skip
"""The fields of an address in a list, in their order; ``AddressOut`` describes them."""

PARTS: Mapping[str, str] = {
    "place": "place",
    "positions": "positions",
    "names": "names",
    "identifiers": "identifiers",
    "areas": "areas",
    "plate": "plates",
    "plates": "plates",
    "parent": "parent",
    "children": "children",
}
"""The related records that ``include`` may name, with the field that holds them."""

DATED_PARTS = ("positions", "names", "identifiers")
"""Those that are kept with their days, and so can be told of a past day."""

_DECIMALS = 7
"""Of degrees: a centimetre (RFC 7946 §11.2)."""
_REGISTER = (CoordinateSystem.CGCS2000, CoordinateSystem.WGS84)


@dataclass(frozen=True, slots=True)
class AddressChoice:
    """The fields shown (all if none are named), the parts beside them, and the system of points."""

    fields: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    crs: CoordinateSystem = CoordinateSystem.CGCS2000

    def narrow(self, shown: Mapping[str, Any]) -> Mapping[str, Any]:
        """Of a record what was chosen, with its points in the chosen system.

        A field that the grant hides is absent, as without ``fields``.
        """
        if self.fields:
            kept = (*self.fields, *self.parts)
            shown = {name: shown[name] for name in kept if name in shown}
        if self.crs in _REGISTER:
            return shown
        return {name: self._convert(value) for name, value in shown.items()}

    def _convert(self, value: Any) -> Any:
        """A value with every point in it converted."""
        if isinstance(value, list):
            return [self._convert(one) for one in value]
        if not isinstance(value, Mapping):
            return value
        if value.get("type") == "Point":
            return {"type": "Point", "coordinates": _shift(*value["coordinates"], self.crs)}
        return {name: self._convert(one) for name, one in value.items()}


def read_choice(
    fields: str,
    include: str,
    crs: CoordinateSystem,
    *,
    more: Sequence[str] = (),
    parts: Iterable[str] = PARTS,
) -> AddressChoice:
    """The choice of a request; ``fields`` and ``include`` are separated by commas.

    Args:
        more: fields that this call has beyond those of a list.
        parts: the related records that it has.

    Raises:
        BadRequest: a name is unknown; the hint lists those that there are.
    """
    named = read_names("fields", fields, (*FIELDS, *more))
    related = read_names("include", include, parts)
    return AddressChoice(named, tuple(dict.fromkeys(PARTS[one] for one in related)), crs)


def read_names(parameter: str, text: str, known: Iterable[str]) -> tuple[str, ...]:
    """The names in a parameter that lists some, separated by commas.

    Raises:
        BadRequest: one of them is not known.
    """
    named = tuple(dict.fromkeys(one for part in text.split(",") if (one := part.strip())))
    unknown = [one for one in named if one not in known]
    if unknown:
        raise BadRequest(
            f"{parameter}: unknown {', '.join(unknown)[:80]}", hint=f"one of {', '.join(known)}"
        )
    return named


@lru_cache(maxsize=4096)
def _shift(lon: float, lat: float, crs: CoordinateSystem) -> tuple[float, float]:
    point = convert(Point(lon, lat), CoordinateSystem.CGCS2000, crs)
    return round(point.lon, _DECIMALS), round(point.lat, _DECIMALS)

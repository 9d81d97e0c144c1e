"""Place names as the API shows them."""

from typing import Any

from pydantic import BaseModel

from address_model.heritage.catalogue import NameForm, PlaceNameRecord
from address_model.heritage.geometry import geometry_of
from address_model.heritage.precision import decimals_of, precision_of


class PlaceNameOut(BaseModel):
    """One place name with every other name it has or had.

    ``geometry`` (GeoJSON, degrees, EPSG:4490) is written no closer than it is known.
    """

    number: str
    standard_name: str
    specific: str
    generic: str
    kind: str
    kind_code: str
    kind_source: str
    place_code: str
    pinyin: str
    pinyin_source: str
    needs_review: bool
    meaning: str
    origin: str
    history: str
    division: str
    is_division: bool
    status: str
    source: str
    geometry: dict[str, Any] | None
    precision: str
    accuracy_m: int | None
    is_estimate: bool
    forms: list[NameForm]
    version: int

    @classmethod
    def of(cls, record: PlaceNameRecord, version: int) -> "PlaceNameOut":
        """Show one."""
        own = {n: getattr(record, n) for n in cls.model_fields if hasattr(record, n)}
        known = precision_of(record.precision)
        own |= {
            "forms": list(record.forms),
            "version": version,
            "geometry": geometry_of(record.geometry, decimals_of(record.precision)),
        }
        return cls(**own, accuracy_m=known.metres or None, is_estimate=known.is_estimate)


class PlaceNameList(BaseModel):
    """A page of place names; ``next`` is the cursor of the page behind it."""

    place_names: list[PlaceNameOut]
    next: str | None

"""Place names as the API shows them."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from address_model.heritage.catalogue import NameForm, PlaceNameRecord
from address_model.heritage.geometry import geometry_of
from address_model.heritage.precision import decimals_of, precision_of
from service.core.fields import DivisionCode, NextCursor, Version


class PlaceNameOut(BaseModel):
    """One place name with every other name it has or had.

    ``geometry`` (GeoJSON, degrees, EPSG:4490) is written no closer than it is known.
    """

    number: str = Field(description="The number of the place name.", examples=["ZJH-0087"])
    standard_name: str = Field(description="The standard name.", examples=["河坊街"])
    specific: str = Field(description="专名", examples=["河坊"])
    generic: str = Field(description="通名", examples=["街"])
    kind: str = Field(description="The kind of place.", examples=["street"])
    kind_code: str = Field(
        description="Its code in the national classification, where known.", examples=[""]
    )
    kind_source: str = Field(description="Who classified it.", examples=[""])
    place_code: str = Field(
        description="National code of the place name (地名代码), where known.", examples=[""]
    )
    pinyin: str = Field(description="The name in pinyin.", examples=["Hefang Jie"])
    pinyin_source: str = Field(description="Where the pinyin comes from.", examples=["derived"])
    needs_review: bool = Field(description="Whether somebody should look at it.", examples=[False])
    meaning: str = Field(description="What the name means.", examples=[""])
    origin: str = Field(description="Where the name comes from.", examples=[""])
    history: str = Field(description="How the name changed.", examples=[""])
    division: DivisionCode
    is_division: bool = Field(description="Whether it is the name of a division.", examples=[False])
    status: Literal["current", "historical"] = Field(
        description="current 现用, historical 历史.", examples=["current"]
    )
    source: str = Field(description="Who says so.", examples=[""])
    geometry: dict[str, Any] | None = Field(
        description="GeoJSON, degrees, EPSG:4490; no closer than it is known.", examples=[None]
    )
    precision: str = Field(description="How exactly the geometry is known.", examples=["surveyed"])
    accuracy_m: int | None = Field(
        description="The radius in metres that it lies within.", examples=[10]
    )
    is_estimate: bool = Field(description="Whether the geometry is an estimate.", examples=[False])
    forms: list[NameForm] = Field(description="Every other name it has or had.", examples=[[]])
    version: Version

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

    place_names: list[PlaceNameOut] = Field(
        description="The page, in order of number.", examples=[[]]
    )
    next: NextCursor

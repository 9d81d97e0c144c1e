"""Place names in the field names of the 国家地名信息库: records to rows and back.

The fields are those its public interface answers with. What they cannot
hold (years and citations of former names, precision, sources) is kept when a row is read back.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from address_model.heritage.catalogue import NameForm, PlaceNameRecord
from address_model.heritage.geometry import geometry_of, wkt_of
from address_model.heritage.years import year_text
from address_model.written_numbers import lost_digits, plain_number

FIELDS = (
    "id", "place_code", "standard_name", "ethnic_minorities_writing", "roman_alphabet_spelling",
    "place_type", "place_type_code", "province", "province_name", "city", "city_name", "area",
    "area_name", "place_meaning", "place_origin", "place_history", "old_name", "gdm",
)  # fmt: skip
SOURCE = "国家地名信息库"
_TYPES = {
    "21400": ("county", "县级行政区"),
    "21500": ("township", "乡级行政区"),
    "21610": ("village", "行政村"),
    "21620": ("village", "社区"),
    "22200": ("village", "农村居民点"),
}
"""Codes of GB/T 18521 that are known for certain, with our kind; others follow from the name."""
_KINDS = {
    "county": "县级行政区", "township": "乡级行政区", "village": "农村居民点", "street": "街路巷",
    "bridge": "桥梁", "gate": "城门", "area": "区片", "mountain": "山", "water": "水系",
    "temple": "寺观祠庙", "tower": "塔", "memorial": "纪念地",
}  # fmt: skip
_ENDINGS = {
    "street": ("街", "路", "巷", "弄", "大道", "胡同"), "bridge": ("桥",), "village": ("村",),
    "mountain": ("山", "岭", "峰"), "water": ("江", "河", "湖", "溪", "塘", "港"),
    "temple": ("寺", "庙", "祠"), "tower": ("塔",), "gate": ("门",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Upper:
    """The divisions above a name: (code, name) of province, city and county, empty if unknown."""

    province: tuple[str, str] = ("", "")
    city: tuple[str, str] = ("", "")
    county: tuple[str, str] = ("", "")


def to_row(record: PlaceNameRecord, upper: Upper) -> dict[str, str]:
    """A record as the cells of a row."""
    # the national database writes points as multipoints, and types in lower case
    gdm = geometry_of(record.geometry)
    if gdm and gdm["type"] == "Point":
        gdm = {"type": "MultiPoint", "coordinates": [gdm["coordinates"]]}
    names: list[str] = []
    for form in record.forms:
        years = [year_text(y) if y is not None else "" for y in (form.year_from, form.year_to)]
        names.append(f"{form.text}（{years[0]}—{years[1]}）" if any(years) else form.text)
    return {
        "id": record.number,
        "place_code": record.place_code,
        "standard_name": record.standard_name,
        "roman_alphabet_spelling": record.pinyin,
        "place_type": _TYPES.get(record.kind_code, ("", _KINDS.get(record.kind, record.kind)))[1],
        "place_type_code": record.kind_code,
        "province": upper.province[0],
        "province_name": upper.province[1],
        "city": upper.city[0],
        "city_name": upper.city[1],
        "area": upper.county[0],
        "area_name": upper.county[1],
        "place_meaning": record.meaning,
        "place_origin": record.origin,
        "place_history": record.history,
        "old_name": "；".join(names),
        "gdm": json.dumps({**gdm, "type": gdm["type"].lower()}) if gdm else "",
    }


def from_row(
    cells: Mapping[str, str],
    division: str,
    held: PlaceNameRecord | None,
    *,
    is_division: bool = False,
) -> PlaceNameRecord:
    """The record of a row, or the stored record updated by it; no stored data is lost.

    Raises:
        ValueError: the row cannot be stored; the text says why.
    """
    name = cells.get("standard_name", "").strip()
    if not 1 <= len(name) <= 60:
        raise ValueError("standard_name is missing or longer than 60 characters")
    code = cells.get("place_type_code", "").strip()[:5]
    geometry = wkt_of(_geometry(cells.get("gdm", "")))
    by_ending = (kind for kind, ends in _ENDINGS.items() if name.endswith(ends))
    before = held or PlaceNameRecord(
        number=number_of(cells),
        standard_name=name,
        kind=_TYPES[code][0] if code in _TYPES else next(by_ending, "area"),
        division=division,
        is_division=is_division,
        precision="village_point_1km" if geometry else "none",
        precision_source=SOURCE if geometry else "",
        source=SOURCE,
    )
    kept = geometry and before.geometry and before.precision != "none"
    return replace(
        before,
        standard_name=name,
        place_code=cells.get("place_code", "").strip() or before.place_code,
        kind_code=code or before.kind_code,
        kind_source="GB/T 18521-2001" if code else before.kind_source or "menpai",
        meaning=cells.get("place_meaning", "").strip() or before.meaning,
        origin=cells.get("place_origin", "").strip() or before.origin,
        history=cells.get("place_history", "").strip() or before.history,
        geometry=before.geometry if kept else geometry or before.geometry,
        forms=_with_old_names(before, name, cells.get("old_name", "")),
    )


def number_of(cells: Mapping[str, str]) -> str:
    """The number of a row in this register: its id if that is one of ours, else its code.

    Raises:
        ValueError: it has neither.
    """
    number = plain_number(cells.get("id", "").strip())
    code = cells.get("place_code", "").strip()
    if lost_digits(number) or lost_digits(code):
        raise ValueError(f"{number or code} is a number whose last digits are gone")
    if 1 <= len(number) <= 24 and number.isascii():
        return number
    if len(code) == 20 and code.isdigit():
        return code
    raise ValueError("neither an id of this register nor a place_code of 20 digits")


def _with_old_names(held: PlaceNameRecord, name: str, old_names: str) -> tuple[NameForm, ...]:
    """The stored forms, and every further name of the row, the old standard name included."""
    texts = [text.split("（")[0].strip() for text in re.split("[；;,，、\n]", old_names)]
    if held.standard_name != name:
        texts.append(held.standard_name)
    known = {form.text for form in held.forms} | {name}
    fresh = [text for text in dict.fromkeys(texts) if text and len(text) <= 60]
    return held.forms + tuple(
        NameForm(text, citation=SOURCE) for text in fresh if text not in known
    )


def _geometry(gdm: str) -> dict[str, Any] | None:
    if not gdm.strip() or gdm.strip() == "null":
        return None
    try:
        read = json.loads(gdm)
        kind, coordinates = str(read["type"]).lower(), _numbers(read["coordinates"])
        is_single = kind == "multipoint" and len(coordinates) == 1
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError) as error:
        raise ValueError("gdm is no geometry") from error
    if is_single:
        return {"type": "Point", "coordinates": coordinates[0]}
    return {"type": _GEOMETRIES.get(kind, kind), "coordinates": coordinates}


def _numbers(value: Any) -> Any:
    """Coordinates as numbers, even if a file has them as texts."""
    return [_numbers(one) for one in value] if isinstance(value, list) else float(value)


_GEOMETRIES = {
    one.lower(): one
    for one in ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
}

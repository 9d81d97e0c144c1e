"""Reads addresses by code for the look-up that many ask at once."""

from collections.abc import Mapping
from typing import Any

from address_model.codes import format_code
from address_model.elements import Elements, Numbered
from service.addresses.schemas import ElementsOut
from service.core.lanes import Lanes

_NUMBERED = ("number", "prefix", "suffix", "quantifier")
_ADDRESSES = """
select a.code, a.standard_text, a.elements, d.code, a.level, a.status, a.status_reason,
  a.parent_code, ST_X(a.geom), ST_Y(a.geom), a.point_note, a.is_sample
from address a join division d on d.id = a.division_id
where a.code = any(%s) and a.successor_code is null
  and not exists (select 1 from address_succession s where s.code = a.code)
"""


async def find_answers(lanes: Lanes, codes: list[str]) -> dict[str, Mapping[str, object]]:
    """The answers about addresses that nothing came in place of, as ``AddressAnswer`` has them."""
    rows = await lanes.rows(_ADDRESSES, codes)
    return {row[0]: _answer(row) for row in rows}


def _answer(row: tuple[Any, ...]) -> Mapping[str, object]:
    code, text, plain, division, level, status, reason, parent, lon, lat, note, sample = row
    point = {"type": "Point", "coordinates": (lon, lat)} if lon is not None else None
    return {
        "code": code,
        "code_text": format_code(code),
        "standard_text": text,
        "elements": show_elements(plain),
        "division": division,
        "level": level,
        "status": status,
        "status_reason": reason,
        "successor_code": None,
        "parent_code": parent,
        "geometry": point,
        "point_note": note,
        "sample": sample,
        "successors": (),
    }


def show_elements(plain: Mapping[str, Any]) -> Mapping[str, object]:
    """Elements as they are stored, in the form of ``ElementsOut``."""
    return _ABSENT | {name: _shown(plain[name]) for name in plain if name in _ABSENT}


def _shown(value: Any) -> object:
    """A text, a number, or a list of numbers, out of how an address is stored."""
    if isinstance(value, str) or not value:
        return value
    if not isinstance(value[0], str):
        return [_shown(one) for one in value]
    numbered = Numbered(*value)
    return {"text": str(numbered)} | {name: getattr(numbered, name) for name in _NUMBERED}


_ABSENT = {
    name: list(value) if isinstance(value, tuple) else value
    for name, value in Elements()._asdict().items()
    if name in ElementsOut.model_fields
}

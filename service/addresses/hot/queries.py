"""Reads addresses by code for the look-up that many ask at once."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from address_model.codes import format_code
from address_model.elements import Elements, Numbered
from address_model.positions import Accuracy, PositionKind, counting_position, kind_row
from service.addresses.queries import ENTRANCE_JOIN
from service.addresses.schemas import ElementsOut
from service.core.lanes import Lanes

_NUMBERED = ("number", "prefix", "suffix", "quantifier")
_ADDRESSES = f"""
select a.code, a.standard_text, a.elements, d.code, a.level, a.status, a.status_reason,
  a.parent_code, ST_X(a.geom), ST_Y(a.geom), a.point_accuracy, a.point_note, a.is_sample, a.version,
  entrance.lon, entrance.lat, entrance.accuracy, entrance.label
from address a join division d on d.id = a.division_id
{ENTRANCE_JOIN}
where a.code = any(%s) and a.successor_code is null
  and not exists (select 1 from address_succession s where s.code = a.code)
"""  # noqa: S608 - our own constant


async def find_answers(lanes: Lanes, codes: list[str]) -> dict[str, Mapping[str, object]]:
    """The answers about addresses that nothing came in place of, as ``AddressAnswer`` has them."""
    rows = await lanes.rows(_ADDRESSES, codes)
    return {row[0]: _answer(row) for row in rows}


def _answer(row: tuple[Any, ...]) -> Mapping[str, object]:
    code, text, plain, division, level, status, reason, parent, lon, lat = row[:10]
    accuracy, note, sample, version = row[10:14]
    own = None if lon is None else (PositionKind.CENTRE, lon, lat, accuracy, "")
    entrance = None if row[14] is None else (PositionKind.ENTRANCE, *row[14:])
    shown = counting_position(own, entrance)
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
        "geometry": {"type": "Point", "coordinates": shown[1:3]} if shown else None,
        "position": _show_position(shown[0], *shown[3:]) if shown else None,
        "point_note": note,
        "sample": sample,
        "version": version,
        "successors": (),
    }


@lru_cache(maxsize=1024)
def _show_position(kind: PositionKind, accuracy: str, label: str) -> Mapping[str, object]:
    """A position in the form of ``PositionOut``."""
    grade = Accuracy(accuracy)
    return {
        "kind": kind,
        "kind_name": kind_row(kind).name,
        "label": label,
        "accuracy": grade,
        "within_m": grade.metres,
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
    return _show_numbered(*value)


@lru_cache(maxsize=8192)
def _show_numbered(*parts: str) -> Mapping[str, object]:
    """A number in the form of ``NumberedOut``; most doors share theirs with many."""
    numbered = Numbered(*parts)
    return {"text": str(numbered)} | {name: getattr(numbered, name) for name in _NUMBERED}


_ABSENT = {
    name: list(value) if isinstance(value, tuple) else value
    for name, value in Elements()._asdict().items()
    if name in ElementsOut.model_fields
}

"""The properties that a reconciled table can be extended with (data extension)."""

from collections.abc import Callable, Iterable
from typing import Any

from address_model.heritage.catalogue import CatalogueEntry
from address_model.heritage.precision import precision_of

Cells = list[dict[str, Any]]
_Read = Callable[[CatalogueEntry], Cells]


def _texts(values: Iterable[str]) -> Cells:
    return [{"str": value} for value in values if value]


def _year(value: int | None) -> Cells:
    return [] if value is None else [{"int": value}]


_PROPERTIES: dict[str, tuple[str, _Read]] = {
    "name": ("标准名称", lambda e: _texts([e.place.standard_name])),
    "pinyin": ("拼音", lambda e: _texts([e.place.pinyin])),
    "former_names": ("曾用名与别名", lambda e: _texts(f.text for f in e.place.forms)),
    "division": ("行政区划代码", lambda e: _texts([e.place.division])),
    "settlement_since": ("聚落始年", lambda e: _year(e.settlement_since)),
    "name_since": ("地名始年", lambda e: _year(e.name_since)),
    "story": ("一句话", lambda e: _texts([e.story_zh])),
    "recognitions": (
        "认定",
        lambda e: _texts(o.list_name for o in e.recognitions if o.status == "recognized"),
    ),
    "sources": ("出处", lambda e: _texts(one.text for one in e.sources)),
    "review_state": ("审核状态", lambda e: _texts([e.review_state])),
    "precision": ("位置精度", lambda e: _texts([precision_of(e.place.precision).zh])),
}


def list_properties() -> list[dict[str, str]]:
    """All properties with their names."""
    return [{"id": key, "name": name} for key, (name, _) in _PROPERTIES.items()]


def extend(entries: Iterable[CatalogueEntry], wanted: Iterable[str], ids: list[str]) -> Any:
    """The data extension response; unknown ids and properties get empty cells."""
    asked = list(wanted)
    known = {entry.id: entry for entry in entries}
    names = {key: name for key, (name, _) in _PROPERTIES.items()}
    rows: dict[str, dict[str, Cells]] = {one: {key: [] for key in asked} for one in ids}
    for one in known.keys() & rows.keys():
        for key in _PROPERTIES.keys() & rows[one].keys():
            rows[one][key] = _PROPERTIES[key][1](known[one])
    return {"meta": [{"id": key, "name": names.get(key, key)} for key in asked], "rows": rows}

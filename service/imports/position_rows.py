"""Reads the rows of a position list: code, kind, point, accuracy, source."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from shapely.geometry import Point as ShapelyPoint

from address_model.codes import InvalidCode, parse_code
from address_model.positions import KINDS, Accuracy, PositionKind, find_accuracy, find_kind
from service.areas.features import Features
from service.areas.headings import map_columns
from service.core.sheets import Row, RowFault
from service.imports.points import PointFault, read_degrees
from service.imports.row_cells import clean_cell

POSITION_FIELDS: Mapping[str, str] = {
    "code": "code addresscode 地址编码 地址代码 标准地址编码 门牌编码",
    "kind": "kind type positionkind 类型 位置类型 位置 点位类型",
    "lon": "lon lng long longitude x 经度 坐标x x坐标 东经",
    "lat": "lat latitude y 纬度 坐标y y坐标 北纬",
    "accuracy": "accuracy precision 精度 精度等级 点位精度 误差 误差米 定位精度",
    "source": "source 来源 数据来源",
    "label": "label name 名称 位置名称 说明",
    "note": "note remark 备注",
}
EXPORTED = ("code", "kind", "label", "lon", "lat", "accuracy", "source", "note")
"""The columns of an export, which an import can read again."""

_NEEDED = ("code", "kind", "lon", "lat")
_NO_POINT = RowFault(0, "geometry", "没有点坐标", "导出为点图层（Point）")


@dataclass(frozen=True, slots=True)
class ImportPosition:
    """One position of a list, in degrees of the system declared for the list."""

    row: int
    code: str
    kind: PositionKind
    lon: float
    lat: float
    accuracy: Accuracy
    source: str
    label: str
    note: str


@dataclass
class PositionReader:
    """Reads the rows of one list; ``columns`` maps fields to its columns."""

    columns: Mapping[str, str]

    def read(self, row: Row) -> ImportPosition | list[RowFault]:
        """Return the row as values, or all of its faults."""
        if row.fault:
            return [row.fault]
        cells = {
            name: clean_cell(row.values.get(column, "")) for name, column in self.columns.items()
        }
        faults: list[RowFault] = []
        code, kind = "", find_kind(cells["kind"])
        try:
            code = parse_code(cells["code"]).digits
        except InvalidCode:
            hint = "照门牌逐位抄写；表格里把这一列设为文本，否则末几位会变成 0"
            self._refuse(row, faults, "code", f"「{cells['code'][:30]}」不是地址编码", hint)
        if kind is None:
            names = "、".join(one.name for one in KINDS)
            reason = f"「{cells['kind'][:20]}」不是位置类型"
            self._refuse(row, faults, "kind", reason, f"写 {names}")
        accuracy = find_accuracy(cells.get("accuracy", ""))
        if accuracy is None:
            reason = f"「{cells['accuracy'][:20]}」不是精度"
            self._refuse(row, faults, "accuracy", reason, "写 A、B、C、D，或误差的米数")
        found = read_degrees(cells["lon"], cells["lat"])
        if isinstance(found, PointFault):
            fault = found.of_row(row.number, cell=cells[found.field])
            self._refuse(row, faults, found.field, fault.reason, fault.hint)
        elif found is None:
            self._refuse(row, faults, "lon", "没有经纬度", "补上经纬度，或删去这一行")
        if faults or found is None or isinstance(found, PointFault) or kind is None:
            return faults
        return ImportPosition(
            row=row.number,
            code=code,
            kind=kind,
            lon=found[0],
            lat=found[1],
            accuracy=accuracy or Accuracy.UNKNOWN,
            source=cells.get("source", ""),
            label=cells.get("label", ""),
            note=cells.get("note", ""),
        )

    def _refuse(self, row: Row, faults: list[RowFault], name: str, reason: str, hint: str) -> None:
        faults.append(RowFault(row.number, self.columns.get(name, name), reason, hint))


def open_position_reader(headings: tuple[str, ...]) -> PositionReader:
    """Return the reader of a list with these headings.

    Raises:
        HeadingsMissing: the code, the kind, the longitude or the latitude has no column.
    """
    return PositionReader(map_columns(headings, POSITION_FIELDS, _NEEDED))


def rows_of_features(features: Features) -> tuple[tuple[str, ...], Iterator[Row]]:
    """Return the headings and the points of a GeoJSON file as rows with ``lon`` and ``lat``."""
    kept = tuple(name for name in features.headings if name not in ("lon", "lat"))
    rows: list[Row] = []
    for feature in features.listed:
        row, geometry = feature.row, feature.geometry
        point, fault = {"lon": "", "lat": ""}, row.fault
        if fault is None and isinstance(geometry, ShapelyPoint) and not geometry.is_empty:
            point = {"lon": repr(geometry.x), "lat": repr(geometry.y)}
        elif fault is None:
            fault = replace(_NO_POINT, row=row.number)
        rows.append(Row(row.number, {**row.values, **point}, fault))
    return (*kept, "lon", "lat"), iter(rows)

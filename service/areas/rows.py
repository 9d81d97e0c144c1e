"""Reads rows of area layers and duty sheets; each fault has its hint."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shapely.geometry.base import BaseGeometry

from address_model.telephones import InvalidTelephone, read_telephone
from address_model.written_numbers import lost_digits, plain_number
from service.areas.features import Feature, Features
from service.areas.headings import AREA_FIELDS, map_columns, read_kind, read_role
from service.areas.shapes import ShapeRefused, shape_area
from service.core.sheets import Row, RowFault

SAMPLE_MARK = "示例数据"
SAMPLE_NAMES = ("演示", "示例")
AS_IT_STANDS = "对照现在的内容改好这一行，再填现在的版本；不管版本的，留空"
"""The hint for a row that was edited from an outdated version."""

LONGEST_NAME = 60
YES = ("yes", "true", "1", "是", "公开", "y")
NO = ("no", "false", "0", "否", "不公开", "n", "")


@dataclass(frozen=True, slots=True)
class ListedArea:
    """An area of a file; ``shape`` is a valid MultiPolygon in degrees, EPSG:4490.

    ``version`` is the registered version that was edited, if the file has it.
    """

    row: int
    kind: str
    code: str
    name: str
    shape: BaseGeometry
    parent: str = ""
    division: str = ""
    is_sample: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    mended: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ListedDuty:
    """A duty of a sheet; ``area`` is an area code, ``version`` as in ``ListedArea``."""

    row: int
    area: str
    role: str
    display_name: str
    phone: str
    valid_from: date
    area_kind: str = ""
    organisation: str = ""
    publish: bool = False
    is_sample: bool = False
    valid_to: date | None = None
    confirmed_at: date | None = None
    stand_in_for: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ListedHandover:
    """A handover of a sheet: who holds the role in the area from the day ``begins``."""

    row: int
    area: str
    role: str
    display_name: str
    begins: date
    area_kind: str = ""
    organisation: str = ""
    phone: str = ""
    instead_of: str = ""


class _Cells:
    """Reads the cells of one row by field, and collects its faults."""

    def __init__(self, row: Row, columns: Mapping[str, str]) -> None:
        self.row = row
        self.columns = columns
        self.faults: list[RowFault] = [row.fault] if row.fault else []
        for field in columns:
            if lost_digits(self.text(field)):
                self.refuse(
                    field,
                    f"「{self.text(field)}」 is a number that lost its last digits",
                    "format the column as text before filling it, and export it again",
                )

    def text(self, field: str) -> str:
        return plain_number(self.row.values.get(self.columns.get(field, ""), "").strip())

    def refuse(self, field: str, reason: str, hint: str) -> None:
        column = self.columns.get(field, field)
        self.faults.append(RowFault(self.row.number, column, reason, hint))

    def needed(self, field: str) -> str:
        if not self.text(field):
            self.refuse(field, "the cell is empty", f"fill in {self.columns.get(field, field)}")
        return self.text(field)

    def day(self, field: str) -> date | None:
        found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?( .*)?", self.text(field))
        try:
            if found:
                return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            found = None
        if self.text(field):
            self.refuse(field, f"「{self.text(field)}」 is not a date", "write it as 2026-12-01")
        return None

    def version(self) -> int | None:
        text = self.text("version")
        if text and not re.fullmatch(r"\d{1,18}", text, re.ASCII):
            self.refuse("version", f"「{text}」不是版本号", "照系统列出的版本填写，或留空")
            return None
        return int(text) if text else None

    def telephone(self, field: str) -> str:
        try:
            return read_telephone(self.text(field)) if self.text(field) else ""
        except InvalidTelephone as error:
            self.refuse(field, str(error), "give the office's number, e.g. 0571-87654321")
            return ""

    def person(self, field: str) -> str:
        """A name to be published, without a telephone or identity number in it."""
        name = self.needed(field)
        if len(name) > LONGEST_NAME or re.search(r"\d{6}", name):
            self.refuse(
                field,
                f"「{name[:20]}…」 cannot be published: too long, or it contains a number",
                "give the published name only; the telephone has its own column",
            )
        return name

    def role(self) -> str:
        role = read_role(self.needed("role"))
        if role is None:
            self.refuse(
                "role",
                f"「{self.text('role')}」 is not a role",
                "write 网格员, 社区民警, 派出所, 社区服务中心 (grid_worker, community_officer, …)",
            )
        return role or ""

    def kind(self, field: str, default: str = "") -> str:
        text = self.text(field) or default
        kind = read_kind(text)
        if text and kind is None:
            self.refuse(
                field, f"「{text}」 is not a kind of area", "write 社区, 网格, 警务区, or a word"
            )
        return kind or ""

    def yes(self, field: str) -> bool:
        word = self.text(field).lower()
        if word not in (*YES, *NO):
            self.refuse(field, f"「{word}」 is neither yes nor no", "write 是 or 否")
        return word in YES


def read_area_features(
    features: Features, *, kind: str = "", repair_shape: bool = False
) -> tuple[list[ListedArea], list[RowFault]]:
    """Read the areas of a file, and the faults of its refused features.

    Args:
        kind: the kind of features without one.
        repair_shape: make invalid polygons valid.
    """
    columns = map_columns(features.headings, AREA_FIELDS)
    areas: list[ListedArea] = []
    refused: list[RowFault] = []
    seen: dict[tuple[str, str], int] = {}
    for feature in features.listed:
        cells = _Cells(feature.row, columns)
        area = _read_area(cells, feature, features, kind=kind, repair_shape=repair_shape)
        if area and (first := seen.setdefault((area.kind, area.code), area.row)) != area.row:
            cells.refuse(
                "code" if cells.text("code") else "name",
                f"the {area.kind} {area.code} is already in feature {first}",
                "give each area its own code",
            )
        if cells.faults or area is None:
            refused += cells.faults
        else:
            areas.append(area)
    return areas, refused


def _read_area(
    cells: _Cells, feature: Feature, features: Features, *, kind: str, repair_shape: bool
) -> ListedArea | None:
    own_kind = cells.kind("kind", kind)
    if not own_kind and not cells.text("kind"):
        cells.refuse("kind", "the kind of area is missing", "add a column kind, or use --kind")
    name = cells.needed("name")
    start, end = cells.day("valid_from"), cells.day("valid_to")
    if start and end and end < start:
        cells.refuse("valid_to", "the area ends before it begins", "correct one of the two days")
    version = cells.version()
    if cells.faults:
        return None
    try:
        shaped = shape_area(feature.geometry, features.system, repair_shape=repair_shape)
    except ShapeRefused as refusal:
        cells.refuse("geometry", str(refusal), refusal.hint)
        return None
    return ListedArea(
        row=cells.row.number,
        kind=own_kind,
        code=cells.text("code") or name,
        name=name,
        shape=shaped.shape,
        parent=cells.text("parent"),
        division=cells.text("division"),
        is_sample=cells.text("note") == SAMPLE_MARK,
        valid_from=start,
        valid_to=end,
        mended=shaped.mended,
        version=version,
    )


def read_duty(row: Row, columns: Mapping[str, str]) -> ListedDuty | list[RowFault]:
    """Read one row of a duty sheet, or return all of its faults."""
    cells = _Cells(row, columns)
    start, end = cells.day("valid_from"), cells.day("valid_to")
    if not cells.text("valid_from"):
        cells.needed("valid_from")
    if start and end and end < start:
        cells.refuse("valid_to", "the duty ends before it begins", "correct one of the two days")
    name = cells.person("display_name")
    duty = ListedDuty(
        row=row.number,
        area=cells.needed("area"),
        role=cells.role(),
        display_name=name,
        phone=cells.telephone("phone"),
        valid_from=start or date.min,
        area_kind=cells.kind("area_kind"),
        organisation=cells.text("organisation"),
        publish=cells.yes("publish"),
        is_sample=name.startswith(SAMPLE_NAMES),
        valid_to=end,
        confirmed_at=cells.day("confirmed_at"),
        stand_in_for=cells.text("stand_in_for"),
        version=cells.version(),
    )
    if duty.stand_in_for and end is None:
        cells.refuse("valid_to", "a stand-in has no last day", "say until when")
    if duty.publish and not duty.phone and not cells.faults:
        cells.refuse("phone", "a published contact has no telephone", "give the office's number")
    return cells.faults or duty


def read_handover(row: Row, columns: Mapping[str, str]) -> ListedHandover | list[RowFault]:
    """Read one row of a handover sheet, or return all of its faults."""
    cells = _Cells(row, columns)
    begins = cells.day("from")
    if not cells.text("from"):
        cells.needed("from")
    handover = ListedHandover(
        row=row.number,
        area=cells.needed("area"),
        role=cells.role(),
        display_name=cells.person("display_name"),
        begins=begins or date.min,
        area_kind=cells.kind("area_kind"),
        organisation=cells.text("organisation"),
        phone=cells.telephone("phone"),
        instead_of=cells.text("instead_of"),
    )
    return cells.faults or handover

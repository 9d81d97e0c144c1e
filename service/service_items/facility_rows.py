"""Reads lists of facilities: kind, name, address, hours, telephone, note."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from address_model.facility_kinds import FACILITY_KIND_NAMES, FacilityKind
from address_model.telephones import InvalidTelephone, read_telephone
from service.areas.headings import map_columns
from service.core.sheets import Row, RowFault, RowSource
from service.service_items.draft import FacilityDraft

FACILITY_FIELDS: Mapping[str, str] = {
    "kind": "kind 类别 类型 设施类别 设施类型",
    "name": "name 名称 设施名称",
    "address": "address code 地址 详细地址 标准地址 地址编码 编码 所在地址",
    "hours": "hours 开放时间 办理时间 服务时间 时间",
    "phone": "phone telephone tel 电话 联系电话 办公电话 服务电话",
    "note": "note 备注 怎么找 位置说明 具体位置",
}
LONGEST = {"name": 40, "hours": 60, "note": 60}
_WORDS = {name: kind for kind, name in FACILITY_KIND_NAMES.items()} | {
    "AED": FacilityKind.AED,
    "社区服务中心": FacilityKind.SERVICE_CENTRE,
    "党群服务中心": FacilityKind.SERVICE_CENTRE,
    "社区卫生服务站": FacilityKind.HEALTH_STATION,
    "卫生室": FacilityKind.HEALTH_STATION,
    "居家养老服务中心": FacilityKind.ELDER_CARE,
    "避灾安置点": FacilityKind.SHELTER,
    "避灾点": FacilityKind.SHELTER,
    "公厕": FacilityKind.TOILET,
}


@dataclass(frozen=True, slots=True)
class ListedFacility:
    """A row of a list; ``address`` is a code or a text, as written."""

    row: int
    address: str
    draft: FacilityDraft


@dataclass(frozen=True, slots=True)
class FacilityList:
    """A list as read: its rows by number, the facilities, and the faults of refused rows."""

    headings: tuple[str, ...]
    rows: Mapping[int, Row]
    listed: tuple[ListedFacility, ...]
    faults: tuple[RowFault, ...]


def read_facilities(source: RowSource, *, is_sample: bool = False) -> FacilityList:
    """Read the facilities of a sheet.

    Raises:
        HeadingsMissing: there is no column of kinds, names or addresses.
    """
    columns = map_columns(source.headings, FACILITY_FIELDS, ("kind", "name", "address"))
    rows: dict[int, Row] = {}
    listed: list[ListedFacility] = []
    faults: list[RowFault] = []
    for row in source:
        rows[row.number] = row
        cells = {name: row.values.get(column, "").strip() for name, column in columns.items()}
        wrong = [row.fault] if row.fault else []
        for name in ("kind", "name", "address"):
            if not cells[name] and not wrong:
                hint = f"fill in {columns[name]}"
                wrong.append(RowFault(row.number, columns[name], "the cell is empty", hint))
        word = unicodedata.normalize("NFKC", cells["kind"])
        kind = _WORDS.get(cells["kind"]) or _WORDS.get(word.upper())
        if cells["kind"] in set(FacilityKind):
            kind = FacilityKind(cells["kind"])
        if kind is None and cells["kind"]:
            reason = f"「{cells['kind'][:20]}」 is not a kind of facility"
            hint = f"write one of {'、'.join(FACILITY_KIND_NAMES.values())}"
            wrong.append(RowFault(row.number, columns["kind"], reason, hint))
        for name, longest in LONGEST.items():
            if len(cells.get(name, "")) > longest:
                reason = f"the text is longer than {longest} characters"
                wrong.append(RowFault(row.number, columns[name], reason, "shorten it"))
        phone = cells.get("phone", "")
        try:
            phone = read_telephone(phone) if phone else ""
        except InvalidTelephone as error:
            hint = "give the office's number, e.g. 0571-87654321"
            wrong.append(RowFault(row.number, columns["phone"], str(error), hint))
        faults += wrong
        if kind is not None and not wrong:
            hours, note = cells.get("hours", ""), cells.get("note", "")
            draft = FacilityDraft(kind, cells["name"], hours, phone, note, is_sample=is_sample)
            listed.append(ListedFacility(row.number, cells["address"], draft))
    return FacilityList(source.headings, rows, tuple(listed), tuple(faults))

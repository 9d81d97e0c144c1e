"""What the page of an address says of it, gathered for the template."""

from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from address_model.elements import Elements
from address_model.lifecycle import ENDED, PlateStatus
from address_model.pinyin import romanise_address, spell_address
from address_model.positions import GRADES
from service.addresses.queries import AddressRow, PositionRow, find_addresses, list_positions
from service.admin.address.history import (
    HistoryLine,
    HistoryNames,
    list_mentioned,
    undo_title,
    write_line,
)
from service.admin.address.queries.facts import (
    IdentifierLine,
    NameLine,
    Neighbours,
    OtherAddress,
    find_display_names,
    find_neighbours,
    find_times,
    list_identifiers,
    list_inner,
    list_names,
    list_predecessors,
    list_successors,
    list_tokens,
    list_work,
)
from service.admin.address.queries.history import list_events
from service.areas.queries import AreaRow, DutyRow, load_area_register, load_duty_register
from service.audit.queries import find_last_act
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.changes.events import Subject
from service.core.clock import today
from service.core.paging import page_of
from service.core.web import ReadSession
from service.core.words import WORDS, Language
from service.divisions.queries import get_division, list_ancestors
from service.plates.queries import PlateRow, list_plates_of
from service.scans.queries.plates import read_address
from service.scans.sketch import door_at, draw_spots, sketch_svg
from service.scans.sketch_facts import sketch_sentence
from service.worklists.queries import WorkRow

INNER = 200
"""At most so many children are listed at once."""
EVENTS = 30

ELEMENT_NAMES = MappingProxyType(
    {
        "province": "省",
        "city": "市",
        "county": "县（市、区）",
        "township": "乡镇（街道）",
        "community": "社区（村）",
        "devzone": "功能区",
        "parent_place": "上级道路",
        "thoroughfare": "街路巷",
        "lanes": "弄、巷",
        "natural_village": "自然村",
        "group": "组",
        "estate": "小区",
        "number": "门牌号",
        "building": "楼幢",
        "unit": "单元",
        "floor": "楼层",
        "room": "户室",
        "thing": "设施",
    }
)
LEVEL_NAMES = ELEMENT_NAMES | {"division": "区划", "lane": "弄、巷"}
POINT_SOURCES = MappingProxyType({"officer": "工作人员", "": "未注明"})


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """Everything on the page of an address but its history and the open form."""

    path: list[tuple[str, str]]
    """Names and 12-digit codes of its divisions; a community that no list has has no code."""
    ruler: list[tuple[str, str]]
    facts: list[tuple[str, str]]
    sketch: str
    caption: str
    entrances: list[PositionRow]
    neighbours: Neighbours
    parent: OtherAddress | None
    children: list[OtherAddress]
    more_children: str
    successors: list[OtherAddress]
    predecessors: list[OtherAddress]
    names: list[NameLine]
    identifiers: list[IdentifierLine]
    areas: list[tuple[AreaRow, list[DutyRow]]]
    plates: list[PlateRow]
    live: str
    """The token of the plate that residents scan, or "": the newest that hangs or will hang.

    A trial counts only if there is no other.
    """
    work: list[WorkRow]
    changed_at: datetime
    changed_by: str


def read_facts(
    session: ReadSession, member: StaffMember, address: AddressRow, *, inner_after: str = ""
) -> AddressFacts:
    """Read what the page shows of an address; a person sees what the permissions allow."""
    code, division = address.code, address.division_code
    inner = list_inner(session, code, after=inner_after, limit=INNER + 1)
    children, more = page_of(inner, INNER, lambda one: one.code)
    may_see_plates = may(member, Permission.PLATES_READ, division)
    plates = list_plates_of(session, code) if may_see_plates else []
    living = [plate for plate in plates if PlateStatus(plate.status) not in ENDED]
    living.sort(key=lambda plate: plate.is_trial)
    tokens = [plate.token for plate in plates]
    sees_work = may(member, Permission.WORK_ITEMS_READ, division)
    sketch, caption, area_ids = _draw(session, address)
    parent = None
    if address.parent_code is not None:
        row = find_addresses(session, [address.parent_code])[address.parent_code]
        parent = OtherAddress(row.code, row.standard_text, row.level, row.status)
    return AddressFacts(
        path=_path(session, address),
        ruler=list_ruler(address.elements),
        facts=_facts(session, address),
        sketch=sketch,
        caption=caption,
        entrances=list_positions(session, [code]).get(code, []),
        neighbours=find_neighbours(session, address),
        parent=parent,
        children=children,
        more_children=more or "",
        successors=list_successors(session, address),
        predecessors=list_predecessors(session, code),
        names=list_names(session, code),
        identifiers=list_identifiers(session, code),
        areas=_areas(session, member, division, area_ids),
        plates=plates,
        live=living[0].token if living else "",
        work=list_work(session, code, tokens) if sees_work else [],
        changed_at=find_times(session, code)[1],
        changed_by=_last_person(session, code),
    )


def list_history(
    session: ReadSession, address: AddressRow, *, after: str = ""
) -> tuple[list[HistoryLine], str]:
    """A page of the history, newest first, and the cursor of the next; "" is the last page.

    The newest line about the address itself can be undone if a command reverses it.

    Raises:
        BadRequest: ``after`` is no cursor of this list.
    """
    tokens = list_tokens(session, address.code)
    records = {address.code: Subject.ADDRESS} | dict.fromkeys(tokens, Subject.PLATE)
    events = list_events(session, records, after=after, limit=EVENTS + 1)
    shown, following = page_of(events, EVENTS, lambda event: event.cursor)
    people, codes = list_mentioned(shown)
    names = HistoryNames(
        find_display_names(session, people),
        {row.code: row.standard_text for row in find_addresses(session, sorted(codes)).values()},
    )
    lines = [write_line(event, names) for event in shown]
    newest = next((n for n, event in enumerate(shown) if event.subject == address.code), None)
    if newest is not None and not after and (title := undo_title(shown[newest])):
        lines[newest] = replace(lines[newest], undo=title)
    return lines, following or ""


def list_ruler(elements: Elements) -> list[tuple[str, str]]:
    """The levels of an address with their values, from the province down; empty ones left out."""
    values = {
        name: "".join(map(str, value)) if isinstance(value, tuple) and name == "lanes" else value
        for name, value in elements._asdict().items()
    }
    return [(title, str(values[name])) for name, title in ELEMENT_NAMES.items() if values[name]]


def _path(session: ReadSession, address: AddressRow) -> list[tuple[str, str]]:
    division = get_division(session, address.division_code)
    path = [(row.name, row.code) for row in (*list_ancestors(session, division), division)]
    community = address.elements.community
    return path if not community or community == division.name else [*path, (community, "")]


def _facts(session: ReadSession, address: AddressRow) -> list[tuple[str, str]]:
    """The facts of the overview; values that are not known are said to be so."""
    facts = [("类型", LEVEL_NAMES.get(address.level, address.level))]
    point = address.point
    if point is None:
        facts.append(("坐标", "没有登记"))
    else:
        metres = address.point_accuracy.metres
        grade = GRADES[address.point_accuracy].name
        accuracy = f"{grade}，误差 {metres:g} 米以内" if metres else "精度未知"
        source = POINT_SOURCES.get(address.point_source, address.point_source)
        facts.append(
            ("坐标", f"{point.lon:.6f}, {point.lat:.6f}（CGCS2000），{accuracy}，来源{source}")
        )
        if address.point_note:
            facts.append(("位置备注", address.point_note))
    facts.append(("拼音", spell_address(address.elements) or "—"))
    facts.append(("罗马字母", romanise_address(address.elements) or "—"))
    facts.append(("来源", address.source or "没有记载"))
    if address.status_reason:
        facts.append(("状态原因", address.status_reason))
    return facts


def _draw(session: ReadSession, address: AddressRow) -> tuple[str, str, list[int]]:
    """The sketch as SVG with its caption, "" without a point; and the areas it lies in."""
    record = read_address(session, address.code)
    if record is None:
        return "", "", []
    area_ids = [int(one) for one in record.area_ids.split(",") if one]
    if record.position is None:
        return "", "", area_ids
    sketch = draw_spots(door_at(record.position.point, record.elements), record.spots)
    caption = sketch_sentence(sketch.caption, WORDS[Language.ZH])
    return sketch_svg(sketch, f"位置示意图：{caption}", "北", "50 米"), caption, area_ids


def _areas(
    session: ReadSession, member: StaffMember, division: str, area_ids: list[int]
) -> list[tuple[AreaRow, list[DutyRow]]]:
    """The areas of the address with the contacts that its scan page may show."""
    areas = load_area_register(session, today(), area_ids).of(area_ids)
    if not may(member, Permission.DUTIES_READ, division):
        return [(area, []) for area in areas]
    duties = load_duty_register(session, today(), area_ids)
    return [(area, duties.of([area.id])) for area in areas]


def _last_person(session: ReadSession, code: str) -> str:
    last = find_last_act(session, "addresses", code)
    if last is None:
        return ""
    name = last.actor.partition(":")[2]
    return HistoryNames(find_display_names(session, {name}), {}).person(last.actor)

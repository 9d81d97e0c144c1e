"""What lies inside a plate: buildings, units, floors and rooms, with or without quantifiers.

3幢2单元501室; 3号楼, A座, 66#楼; 梯 and 门 for 单元; -1层, 地下一层, 负二楼; chains as
``3-201`` (building, room), ``47-6-746`` (building, unit, room). Behind a unit or floor a bare
number is the room.
"""

import re

from address_model.elements import Numbered
from address_model.parsing.draft import Draft

_CODE = r"[A-Za-z]?[0-9]+[A-Za-z]?|[A-Za-z]{1,2}"
_BUILDING = re.compile(
    rf"第?({_CODE}|[甲乙丙丁戊])-?(号楼|#楼|幢|栋|懂|撞|座(?!桥)|号馆|号库|塔楼|号门)"
)
_UNIT = re.compile(rf"第?({_CODE}|[东西南北中])(单元|梯(?!队))")
_FLOOR = re.compile(
    r"(地下|负|-|B|b)?第?([0-9]+)(?:-[0-9]+)?(楼|层|F|f)(?![0-9A-Za-z])|地下层|地下室|架空层"
)
_ROOM = re.compile(
    r"((?:[A-Za-z甲]?[0-9]+[A-Za-z]?)(?:-[A-Za-z]?[0-9]+)*)(室|号房|房间|房|商铺|店面|摊位|铺位|铺|间)"
)
_CHAIN = re.compile(
    r"(?<![0-9A-Za-z])((?:[A-Za-z]?[0-9]+[A-Za-z]?|[A-Za-z]))((?:-(?:[A-Za-z]?[0-9]+[A-Za-z]?|[A-Za-z]))*)(?:室)?(?![0-9A-Za-z-]|米|公里|号|路|期|区|国道|省道)"
)


def read_insides(draft: Draft) -> None:
    """Claim buildings, units, floors and rooms that carry a quantifier."""
    for match in _BUILDING.finditer(draft.open):
        draft.claim(
            "building",
            *match.span(),
            Numbered(match.group(1), "幢" if match.group(2) in "懂撞" else match.group(2)),
        )
    for match in _UNIT.finditer(draft.open):
        draft.claim("unit", *match.span(), Numbered(*match.groups()))
    for match in _FLOOR.finditer(draft.open):
        draft.claim("floor", *match.span(), _floor(match))


def _floor(match: re.Match[str]) -> Numbered:
    below, number, quantifier = match.groups()
    if number is None:
        return Numbered("1" if match.group() == "架空层" else "-1", "层")
    return Numbered(f"-{number}" if below else number, "层" if quantifier in "fF" else quantifier)


def read_rooms(draft: Draft) -> None:
    """Claim rooms with a quantifier."""
    for match in _ROOM.finditer(draft.open):
        if "-" in match.group(1) and not draft.has("building", "number"):
            continue
        draft.claim("room", *match.span(), Numbered(*match.groups()))


def read_chains(draft: Draft) -> None:
    """Give the parts of a chain of bare numbers their levels."""
    for match in _CHAIN.finditer(draft.open):
        parts = [match.group(1), *(p for p in match.group(2).split("-") if p)]
        levels = _chain_levels(draft, match, len(parts))
        if not levels:
            continue
        at = match.start()
        if levels == ["room"]:
            draft.claim("room", *match.span(), Numbered(match.group().removesuffix("室"), "室"))
            continue
        for part, level in zip(parts, levels, strict=True):
            end = at + len(part)
            if level == "room" and draft.open[end : end + 1] == "室":
                end += 1
            draft.claim(
                level,
                at,
                end,
                Numbered(part, {"building": "幢", "unit": "单元", "room": "室"}[level]),
            )
            if end < match.end():
                draft.claim("other", end, end + 1)
            at = end + 1


def _chain_levels(draft: Draft, match: re.Match[str], count: int) -> list[str]:
    before = {claim.level for claim in draft.claims if claim.end <= match.start()}
    if not before & {
        "building",
        "unit",
        "floor",
        "number",
        "estate",
        "community",
        "lane",
        "organisation",
        "devzone",
    } and not re.search("[一-龥]", draft.open[: match.start()]):
        return []
    if before & {"unit", "floor"} or (count == 1 and (before & {"building", "number"})):
        return ["room"] if count <= 2 else []
    if "building" in before:
        return {1: ["room"], 2: ["unit", "room"]}.get(count, [])
    if count == 1:
        return ["room"] if len(match.group(1)) >= 3 else ["building"]
    if "number" in before and count == 2:
        return ["room"]
    return {2: ["building", "room"], 3: ["building", "unit", "room"]}.get(count, [])

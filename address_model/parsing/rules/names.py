"""Names without numbers: development zones, estates, shops and organisations; then what is left.

A name is judged by its last word: 工业区, 开发区 and 园区 are zones; 小区, 花园,
公寓, 大厦, 市场 are estates; 公司, 厂, 店 and 医院 are organisations.
"""

import re

from address_model.parsing.draft import Draft

_ZONE = re.compile(
    r"[一-龥]{0,12}?(?:经济技术开发区|高新技术产业开发区|高新技术产业园区|经济开发区|高新区|开发区|工业园区|工业功能区|工业区|工业园|产业园区?|科技园区?|科技城|保税区|物流园区?|创业园|集聚区|功能区)"
)
_ESTATE = re.compile(
    r"(?:(?![号弄幢栋室层])[一-龥]|(?<![0-9A-Za-z])[A-Za-z](?=[一-龥A-Za-z]))[一-龥A-Za-z]{0,14}?(?:小区|花园|公寓|大厦|广场|市场|商城|新村|家园|花苑|嘉苑|名苑|佳苑|雅苑|[一-龥]苑|大楼|商贸城|国际|公馆|山庄|名邸|华庭|[一-龥]庭|[一-龥]园|[一-龥]城|中心|商厦|别墅|宿舍|[一-龥]府|人家)(?:[一二三四五六七八九十0-9]+[期区]|[东西南北中A-Za-z]区)?"
)
_ORGANISATION = re.compile(
    r"[一-龥A-Za-z]{2,30}?(?:有限公司|公司|集团|厂|医院|学院|大学|中学|小学|幼儿园|银行|酒店|宾馆|饭店|超市|商行|店|局|所|站|部|馆)(?![一-龥])"
)
_REST = re.compile(r"[一-龥A-Za-z0-9]+")
_PLACE_FIRST = re.compile(r"[一-龥]{2,}$")


def read_zones(draft: Draft) -> None:
    """Claim development zones."""
    for match in _ZONE.finditer(draft.open):
        if len(match.group()) > 2:
            draft.claim("devzone", *match.span())


def read_estates(draft: Draft) -> None:
    """Claim estates and named buildings."""
    for match in _ESTATE.finditer(draft.open):
        draft.claim("estate", *match.span())


def read_rest(draft: Draft) -> None:
    """Claim organisations, and give the rest a level by where it stands."""
    for match in _ORGANISATION.finditer(draft.open):
        draft.claim("organisation", *match.span())
    for match in re.finditer(r"[^\ue000-\uf8ff]+", draft.open):
        draft.claim(_level_of_rest(draft, match), *match.span())


def _level_of_rest(draft: Draft, match: re.Match[str]) -> str:
    if not _PLACE_FIRST.match(match.group()):
        return "other"
    later = {claim.level for claim in draft.claims if claim.start >= match.end()}
    earlier = {claim.level for claim in draft.claims if claim.end <= match.start()}
    inner = {"number", "building", "unit", "room", "lane"}
    if earlier & inner:
        return "organisation"
    if later & inner and not earlier & {"thoroughfare"}:
        return "natural_village" if len(match.group()) <= 5 else "estate"
    return "estate" if not earlier & {"thoroughfare"} else "organisation"

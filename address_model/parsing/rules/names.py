"""Names without numbers: development zones, estates, organisations; then what is left.

A name is judged by its last word: 工业区, 开发区 and 科技园 are zones; 小区, 花园, 大厦, 市场 and
parts such as 二期, B区, 南区 are estates; 公司, 厂, 店 and 医院 are organisations. A name never
begins with the quantifier of the number before it. What no rule knows is a village when a number
follows and no street stands before it, an organisation behind a number, and otherwise other.
"""

import re

from address_model.parsing.draft import INNER, MARKS, Draft, marks

ZONES = (
    r"中心区|经济技术开发区|高新技术产业开发区|高新技术产业园区|高新技术开发区|旅游度假区|经济开发区"
    r"|工业功能区|工业园区|工业集聚区|特色工业区|工业区|工业园|开发区|产业园区|产业园|产业基地"
    r"|科技园区|科技园|科技城|保税区|物流园区|物流园|创业园|创意园|电商园|软件园|集聚区|功能区"
    r"|高新区|[一-龥]新区|高教园区|滨海园区|度假区"
)
ESTATES = (
    r"园区|校区|院区|小区|花园|公寓|大厦|广场|市场|商城|新村|家园|大楼|商贸城|国际|公馆|山庄|名邸|华庭|中心(?!区)"
    r"|商厦|别墅|宿舍|人家|大院|基地|组团|住宅区|办公楼|综合楼|写字楼|商务楼|教学楼|宿舍楼"
    r"|单身楼|裙楼|门市部|[东西南北主副]楼|[一-龥]苑|[一-龥]庭|[一-龥]园(?!区)|[一-龥]城|[一-龥]府"
    r"|[一-龥]湾|[一-龥]座(?=[0-9])|[0-9一二三四五六七八九十]+[期区]|[A-Za-z东西南北中]区"
)
_ORGANISATIONS = (
    r"有限公司|公司|集团|厂|医院|学院|大学|中学|小学|幼儿园|银行|酒店|宾馆|饭店|超市|商行|店"
    r"|局|所|站|部|馆|学校|委员会|政府|门诊|中心|院|社|行"
)
_FIRST = r"(?<![0-9A-Za-z])(?![号弄幢栋室层楼座单梯]|(?<=单)元|(?<=号)[楼门馆])[一-龥A-Za-z]"
_PART = r"(?:(?:[一二三四五六七八九十]+|[0-9]+|[A-Za-z东西南北中])[期区])*"


def _ending_in(words: str, longest: int) -> str:
    return rf"{_FIRST}(?:(?!号)[一-龥A-Za-z]){{0,{longest}}}?(?:{words})"


_ZONE = re.compile(_ending_in(ZONES, 10))
_ESTATE = re.compile(
    rf"(?:{_ending_in(ESTATES, 14)}{_PART}(?:商铺|店面)?"
    r"|(?:(?<![0-9A-Za-z])[A-Za-z](?:[0-9]{1,3}[A-Za-z]?)?|[东西南北一二三四五六七八九十]"
    r"|(?<![0-9])[0-9]{1,2})[区期]"
    r"|(?<![0-9A-Za-z-])[A-Za-z]?[0-9]+(?:-[A-Za-z0-9]+)*(?:号小区|号?地块|号?区块|号区)"
    r"|(?<![0-9A-Za-z-])[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:地块|区块))(?![域段间块])"
)
_ORGANISATION = re.compile(
    rf"[一-龥A-Za-z]{{2,30}}?(?:{_ORGANISATIONS})(?:[一-龥]{{0,4}}[店部])?(?![一-龥])"
)
_REST = re.compile(r"[^\ue000-\uf8ff,、;/:.()|* -]+|[,、;/:.()|* -]+")
_NAME = re.compile(r"[一-龥]{2,}$")
_HOUSE = re.compile("(?:楼|厂房|厂区|仓库|库房|车间|营业房|商铺|店面|店铺|门面|市场|广场|中心|园)$")
_SIDE = re.compile("(?:大门|楼梯|靠)?[东西南北左右]{1,2}[侧首边面头端]?")
"""A direction behind a full address."""
_FIRM = re.compile("公司|集团|内$")
_INNER_MARKS = frozenset(marks("number", "building", "unit", "floor", "room"))
ZONE_SIGNS = frozenset("区园城地")
ESTATE_SIGNS = frozenset("区园寓厦场城村楼际馆庄邸庭心墅舍家院地团部苑府湾座期")
_ESTATE_SIGN = re.compile(f"[{''.join(sorted(ESTATE_SIGNS))}]")
"""Most texts whose estate would have a sign of one have lost it to a road or village by then."""
_ORGANISATION_SIGN = re.compile(f"[{''.join(sorted({w[-1] for w in _ORGANISATIONS.split('|')}))}]")


def read_zones(draft: Draft) -> None:
    """Claim development zones."""
    for match in _ZONE.finditer(draft.open):
        draft.claim("devzone", *match.span())


def read_estates(draft: Draft) -> None:
    """Claim estates and named buildings."""
    if not _ESTATE_SIGN.search(draft.open):
        return
    for match in _ESTATE.finditer(draft.open):
        draft.claim("estate", *match.span())


def read_rest(draft: Draft) -> None:
    """Claim organisations, and give the rest a level by where it stands."""
    if _REST.search(draft.open) is None:
        return
    if _ORGANISATION_SIGN.search(draft.open):
        for match in _ORGANISATION.finditer(draft.open):
            # A hotel or a bank between a door and its rooms is the house they are in; a firm not.
            is_house = (
                draft.open[match.end() : match.end() + 1] in _INNER_MARKS
                and not _FIRM.search(match.group())
                and draft.inner_before(match.start()) == "number"
            )
            draft.claim("estate" if is_house else "organisation", *match.span())
    for match in _REST.finditer(draft.open):
        draft.claim(_level_of_rest(draft, match), *match.span())


def _level_of_rest(draft: Draft, match: re.Match[str]) -> str:
    """Behind a number an unknown name is a house when numbers follow it, else nobody knows."""
    name = match.group()
    if not _NAME.match(name):
        return "locator" if _SIDE.fullmatch(name) else "other"
    inner = draft.inner_before(match.start())
    after = {claim.level for claim in draft.claims if claim.start >= match.end()}
    if not inner:
        is_village = bool(after & (INNER | {"lane"})) and len(name) <= 5
        return "natural_village" if is_village else "estate"
    if _SIDE.fullmatch(name):
        return "locator"
    if draft.open[match.start() - 1] == MARKS["estate"]:
        return "estate"
    if inner == "number" and (after & INNER or _HOUSE.search(name)):
        return "estate"
    return "other"

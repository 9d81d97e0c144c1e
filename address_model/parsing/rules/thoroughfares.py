"""Thoroughfares: 路, 街, 大道, 巷, 国道 and their sections, with the name that belongs to them.

Nine in ten names of roads have a specific term of two characters, hardly any more than three
(文三路, 莫干山路). A longer stretch before 路 therefore holds another place in front: the name
begins behind the last word that closes a place (村, 小区, 工业区, 大厦 …), else with its last two
characters, or three when they end in 山, 江, 塘 and the like (袍江四季街, 勾庄莫干山路). Numbers
may stand inside: 十一号路, 25号路, 104国道, 经11路. 街道 and 20路车 are none.
"""

import re

from address_model.parsing.draft import Draft

_COUNT = "[一二三四五六七八九十]"
_SUFFIX = (
    r"(?:快速路|大道|大街|公路(?!管理)|国道|省道|县道|胡同|支路|路(?!车|公交|桥区|村)"
    r"|街(?!道办|道|坊|村|路(?!口))|巷(?!口村|路(?!口))"
    rf"|环线|(?<={_COUNT})道(?=[0-9]|$)|村道|线(?=[0-9]|$)|堤(?=[0-9])|(?<=[一-龥])弄(?=[0-9]))"
)
_SECTION = (
    rf"(?:(?<=[街巷道])[东西南北中][路街]|(?<=街)支路|[东西南北中]段|{_COUNT}段"
    rf"|(?<=[道路线街])[一-龥]{{1,3}}段(?=[0-9]))?"
)
_ANY = (
    rf"(?:(?:{_COUNT}+|[0-9]+)号(?=路|街|大道|大街|道|支路)"
    rf"|(?<![0-9A-Za-z])[GSXgsx]?[0-9]+(?=路|国道|省道|县道|街|大道|大街|巷)"
    rf"|(?<![0-9])[一-龥]{{0,8}}?[0-9]+(?=路|街|大道)"
    rf"|(?<![0-9A-Za-z])(?:(?!号)[一-龥]){{1,14}}?)"
)
_NAMED = rf"(?:{_COUNT}+号(?=路|街|大道|大街|道|支路)|(?<![0-9A-Za-z])(?:(?!号)[一-龥]){{1,14}}?)"
_ENDS = rf"(?=[快大公国省县胡支路街巷环道村线堤弄]){_SUFFIX}{_SECTION}"
_ROAD = re.compile(_ANY + _ENDS)
_NAMED_ROAD = re.compile(_NAMED + _ENDS)
_HAS_NUMBERED = re.compile(r"[0-9](?:号?[路街大道支]|国道|省道|县道|巷)")
"""Few texts name a road by a number; the others are read in half the time without looking."""
_NUMBERED_LANE = re.compile("[0-9]+巷")
_CLOSES = re.compile(
    r".*(?:(?:社区|小区|园区|业区|发区|自然村|新区|工业园|科技园|产业园|创业园|研发园|集团"
    r"|宾馆|交叉口|对面|旁边|街道"
    r"|公司|大学|酒店|管委会|检察院|大厦|公寓|村(?![东西南北中前后口]?[路街巷])"
    r"|[室座幢期组])(?=.{2,})"
    r"|(?:市场|广场|商城|花园|学院|医院|[一-龥](?:[镇区厂苑乡]"
    r"|城(?![东西南北中关])))(?!大道|大街|公路)(?=[一-龥]{2,}(?:路|街|巷|大道))"
    r"|[一-龥]{2}[村镇](?=[东西南北][路街巷弄])|^(?:城[东西南北中关])+(?=[一-龥]{2,}(?:路|街"
    r"|巷|大道)))"
)
_TAIL = re.compile(
    rf"(?:[东西南北中]|{_COUNT}+|[0-9]+|[新老直横正前后上下](?=街|巷))?{_SUFFIX}{_SECTION}$"
)
_THIRD = "山江河湖塘场桥港宫庙亭岗溪岛岭洋浦"
_LINKED = re.compile(r"[与和跟及、-]?")
_CROSSING = re.compile(r"交|路?口|以[东西南北]|[东西南北](?:侧|面)|[东西南北][0-9]+米")


def read_thoroughfares(draft: Draft) -> None:
    """Claim every thoroughfare; a crossing one (文三路与学院路交叉口) is a locator."""
    text = draft.open
    last = -1
    road = _ROAD if _HAS_NUMBERED.search(text) else _NAMED_ROAD
    for match in road.finditer(text):
        end = match.end()
        stretch = match.group()
        start = match.start() + _front(stretch, linked=match.start() == last)
        if stretch[-1] == "街" and _MARKET_STREET.search(stretch) and _MARKET.search(text, 0, end):
            continue
        if start == last and _NUMBERED_LANE.fullmatch(text, start, end):
            continue  # 民生路115巷: a lane of that road
        link = text[last:start] if last >= 0 else "x"
        crosses = last >= 0 and _LINKED.fullmatch(link) and (link or _CROSSING.match(text, end))
        bridge = _BRIDGE.match(text, end)
        if bridge:
            end = bridge.end()
            draft.claim("locator", start, end)
        elif crosses:
            draft.claim("locator", last, end)
        else:
            draft.claim("thoroughfare", start, end)
        last = end


SIGNS = frozenset("路街道巷同线堤弄")
_BRIDGE = re.compile("[0-9]+号桥")
"""Behind a road it says where, and no number of the road."""
_MARKET_STREET = re.compile(rf"(?:[0-9]+|{_COUNT}+)街$")
_MARKET = re.compile("[商贸]城|市场")


def _front(stretch: str, *, linked: bool) -> int:
    """How many characters of a stretch stand before the name of its road."""
    link = 1 if linked and stretch[0] in "与和跟及" and len(stretch) > 3 else 0
    if len(stretch) <= 4:
        return link
    closed = _CLOSES.match(stretch)
    cut = max(link, closed.end() if closed else 0)
    tail = _TAIL.search(stretch, cut)
    if tail is not None:
        is_part = tail.start() == cut > 1 and tail.group()[0] in "东西南北中"
        if is_part and stretch[cut - 1] not in "村镇":
            cut = 0  # 园区中路 is not the 中路 of a 园区
        specific = stretch[cut : tail.start()]
        if len(specific) > 3 and specific.isalpha():
            cut += len(specific) - (3 if specific[-1] in _THIRD else 2)
    return cut if cut - link > 1 else link  # one character before a name belongs to it

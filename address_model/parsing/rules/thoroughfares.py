"""Thoroughfares: 路, 街, 大道, 巷, 国道 and their sections, with the name that belongs to them.

The name reaches back to the last element, or to the last word that closes another place (村, 小区,
工业区, 大厦 …). Numbers may stand inside: 十一号路, 25号路, 104国道, 经11路. 街道 and 20路车
are none.
"""

import re

from address_model.parsing.draft import Draft

_SUFFIX = (
    r"(?:快速路|大道|大街|公路|国道|省道|县道|胡同|路(?!车|公交|桥区|站|政)"
    r"|街(?!道办|道|坊)|巷(?!口村))"
)
_SECTION = r"(?:[东西南北中]段|[一二三四五六七八九十]段)?"
_ROAD = re.compile(
    rf"(?:[一二三四五六七八九十]+号|[0-9]+号|(?<![0-9A-Za-z])[GSXgsx]?[0-9]+|(?<![0-9])[一-龥]{{0,3}}?[经纬][0-9]+"
    rf"|(?<![0-9])(?:(?!号)[一-龥]){{1,12}}?){_SUFFIX}{_SECTION}"
)
_CLOSES = re.compile(
    r".*(?:社区|小区|园区|业区|发区|村(?![东西南北中前后口]?[路街巷])|市场|广场|商城|大厦|花园|公寓|公司|大学|学院|医院|酒店|中心"
    r"|自然村|新区|工业园|科技园|产业园|创业园|集团|宾馆|与|和(?![平谐睦顺合])|交叉口|路口|对面|旁边|[镇厂](?![东西南北前后中]?[路街巷]))"
)


def read_thoroughfares(draft: Draft) -> None:
    """Claim every thoroughfare."""
    for match in _ROAD.finditer(draft.open):
        start, end = match.span()
        closed = _CLOSES.match(match.group())
        if closed and closed.end() < len(match.group()) - 1:
            start += closed.end()
        draft.claim("thoroughfare", start, end)

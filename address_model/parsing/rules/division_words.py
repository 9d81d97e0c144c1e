"""Words around division names: what is skipped between them, and what must not follow one.

A name is no division when a road, a bridge or a building takes its name from it.
"""

import re

from address_model.divisions import TOWNSHIP, DivisionMeaning

SKIPPED = re.compile(
    r"(?:[-,./;:()?、|*#!\"' ]|null|NULL|市辖区|其[它他]区|中国|地处"
    r"|城区(?=[一-龥]{1,5}(?:街道|镇)))+"
)
SKIPPED_FIRST = frozenset("-,./;:()?、|*#!\"' nN市其中地城")
_THING = (
    r"(?:[东西南北中上下前后新老一二三四五六七八九十]{0,2}(?:路(?!桥)|街(?!道)|大道|巷|弄"
    r"|公路|高架|隧道|立交)"
    r"|大桥|大厦|大酒店|酒店|宾馆|饭店|大楼|火车|汽车站|客运|车站(?!路)|机场(?!路)"
    r"|国际(?!商贸|物流)|湾新区|山?旅游|风景|高速|医院|人民医院|中学|小学"
    r"|大学|学院(?!路)|经济|科技|高新|工业|技术|开发|产业|商会|银行|公司|分公司|江滨|花园"
    r"|小区|新村|广场|市场)"
)
NO_SHORT = re.compile(
    rf"{_THING}|市(?!民|场路)|[区县州镇乡村]|街道|社区|家园|公寓|园区|家|苑|府"
    rf"|城(?![东西南北中店区])"
)
NO_TOWNSHIP = re.compile(
    rf"{NO_SHORT.pattern}|[东西南北新老]?[0-9一二三四五六七八九十]*[小]?[区苑园]"
    rf"|[桥门山河坊园潭塘]"
    r"|文化|面料|印象|豪园|明城|老市场|边防|派出所|[一-龥]{2}[园苑](?![一-龥])"
)
NO_FULL = re.compile(
    r"大道(?![东西南北]路)|(?:第[一二三四五六](?:人民)?|人民|中)医院(?![东西南北]?[路街巷弄])"
)
NO_FULL_FIRST = frozenset("大第人中")
COUNTY_ENDS = ("市", "区", "县")
TOWNSHIP_WORD = re.compile("[镇乡]|街道|城关")
"""Where none of these stands, no township is named but by a bare form."""


def block_of(reading: DivisionMeaning) -> re.Pattern[str]:
    """The words that must not follow a form when it is read so."""
    if not reading.bare:
        return NO_FULL
    return NO_TOWNSHIP if reading.level == TOWNSHIP else NO_SHORT

"""What a resident may write in a report: tidied, and searched for what would say who somebody is.

A screen by patterns finds numbers, and names where a phrase announces them; it cannot know every
name. So the text is also shown before it is sent, and only staff of the division read it.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Final, NamedTuple

from address_model.codes import InvalidCode, parse_code


class PersonalKind(StrEnum):
    """What a part of a text would say of a person."""

    PHONE = "phone"
    ID_NUMBER = "id_number"
    LONG_NUMBER = "long_number"
    NAME = "name"
    ACCOUNT = "account"
    MAIL = "mail"
    VEHICLE = "vehicle"
    LINK = "link"


class PersonalPart(NamedTuple):
    """A part of a text that is not to be sent: its kind and span."""

    kind: PersonalKind
    start: int
    end: int


_FIGURES: Final = str.maketrans(
    "零〇○一二三四五六七八九幺洞拐壹贰叁肆伍陆柒捌玖", "000123456789107123456789"
)
_SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏"
    "薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常"
    "武乔贺赖龚文施洪翁章俞骆裘楼应屠竺虞闻柴鲍凌倪严牛温季祝葛费岑褚卫华柳包左项诸葛欧阳司马"
)
_SURE: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱郭罗梁宋郑谢韩唐冯董萧曹袁邓傅沈曾彭吕苏卢蒋蔡贾魏薛阎潘戴汪姜姚谭"
    "廖邹熊郝崔邱顾侯邵孟尹黎龚俞骆裘屠竺虞鲍倪葛褚"
)
"""Surnames that begin no ordinary word: 何 (何时), 应 (应该) and 方 (方面) do."""

_CALLED: Final = (
    "先生|女士|小姐|太太|师傅|大爷|大妈|大叔|大伯|大姐|大哥|阿姨|阿婆|阿公|奶奶|爷爷|叔叔|"
    "医生|老师|律师|同志|老板|老板娘|经理"
)
_GAP: Final = r"[\s\-—–._~·•/,，、。*+()（）]{0,3}"
_DATE: Final = re.compile(r"(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}")
_CODE: Final = re.compile(r"(?<!\d)\d{4}(?: ?\d{4}){3}(?!\d)")
_TOKEN: Final = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9A-Z]*[A-Z])[0-9A-HJKMNP-TV-Z]{10}(?![0-9A-Za-z])"
)
_PLACE: Final = r"(?!\d|[A-Za-z]|\s?[号室幢栋座弄层楼])"

_NUMBERS: Final = (
    (
        PersonalKind.ID_NUMBER,
        re.compile(
            rf"(?<!\d)[1-9](?:{_GAP}\d){{5}}{_GAP}(?:1{_GAP}9|2{_GAP}0)(?:{_GAP}\d){{9}}"
            rf"{_GAP}[\dXx](?!\d)|身份证(?:号码?|号)?\s*(?:是|为|[:：])?\s*[\dXx*]{{4,}}"
        ),
    ),
    (
        PersonalKind.PHONE,
        re.compile(
            rf"(?<!\d)(?:\+?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)"
            rf"|(?<!\d)\(?0(?:10|2\d|[3-9]\d\d)\)?{_GAP}[2-8](?:{_GAP}\d){{6,7}}(?!\d)"
            rf"|(?<!\d)[48]00[\s-]?\d{{3}}[\s-]?\d{{4}}(?!\d)"
            rf"|(?:电话|手机|联系方式|打给|致电|拨打?)(?:号码|号)?\s*(?:是|为|[:：])?\s*"
            rf"\d{{3,4}}[\s-]?\d{{3,4}}(?!\d)"
            rf"|(?<!\d)[2-8]\d{{2,3}}[\s-]\d{{4}}{_PLACE}"
        ),
    ),
    (
        PersonalKind.LONG_NUMBER,
        re.compile(r"(?<!\d)\d{7,}(?!\d)|(?<!\d)\d(?:[^0-9A-Za-z一-龥]{1,2}\d(?!\d)){6,}"),
    ),
)
_WORDS: Final = (
    (
        PersonalKind.MAIL,
        re.compile(
            r"[0-9A-Za-z._%+-]+\s?@\s?[0-9A-Za-z-]+(?:\s?\.\s?[A-Za-z]{2,})+|邮箱[:：]\s*\S+"
        ),
    ),
    (PersonalKind.LINK, re.compile(r"(?:https?:/|www\.)[^\s一-龥]+", re.IGNORECASE)),
    (
        PersonalKind.ACCOUNT,
        re.compile(
            r"(?:qq|q\s?q|扣扣)\s*(?:号码?|群)?\s*(?:是|为|[:：])?\s*\d{5,}"
            r"|(?:微信|薇信|威信|支付宝|抖音|小红书)(?:号|账号)\s*(?:是|为|[:：])?\s*[0-9A-Za-z_-]{3,}"
            r"|(?:微信|薇信|威信|qq|扣扣)\s*[:：]\s*\S+|加(?:我|个)?的?(?:微信|薇信|威信|qq|v)"
            r"|(?<![a-z])(?:wx|vx|wechat)\s*(?:id|号)?\s*[:： ]\s*[0-9a-z_-]{3,}",
            re.IGNORECASE,
        ),
    ),
    (
        PersonalKind.VEHICLE,
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\s?[A-HJ-NP-Z]"
            r"[\s·•.\-]?(?:[A-HJ-NP-Z0-9]{5,6}|[A-HJ-NP-Z0-9]{4}[挂学警])(?![A-Za-z0-9])",
            re.IGNORECASE,
        ),
    ),
    (
        PersonalKind.NAME,
        re.compile(
            rf"(?:我叫|我名叫|我的名字[是叫]?|本人(?:姓名|叫)?|名字(?:[是叫]|[:：])|姓名\s*(?:是|[:：])?|"
            rf"联系人\s*(?:是|[:：])?|(?:我是|户主|房东|业主|租客|租户|邻居|住户)(?:是|叫|[:：])?)\s*"
            rf"[{_SURE}][一-龥]{{1,2}}"
            rf"|(?:我叫|我名叫|名叫|姓名\s*[:：]|联系人\s*[:：])\s*[一-龥A-Za-z]{{2,4}}"
            rf"|(?<![百贵老])姓\s*[:：]?\s*[{_SURNAMES}](?![名氏])"
            rf"|(?<!谢)(?!谢谢)[{_SURNAMES}][一-龥]{{0,2}}?(?:{_CALLED})"
            rf"|(?:找|问|叫|联系)[小老][{_SURNAMES}]"
            r"|(?i:my name is|i am called|call me|mr\.?|mrs\.?|ms\.?)\s+[A-Z][A-Za-z]+"
        ),
    ),
)


def tidy_text(text: str) -> str:
    """The text as it is kept: composed, without control and invisible characters, blanks joined."""
    composed = unicodedata.normalize("NFC", text)
    shown = "".join(
        " " if unicodedata.category(one) in ("Zl", "Zp", "Cc", "Zs") else one
        for one in composed
        if unicodedata.category(one) not in ("Cf", "Cs", "Co", "Cn")
    )
    return " ".join(shown.split())


def find_personal_parts(text: str) -> list[PersonalPart]:
    """The parts of a tidied text that would say who or whose somebody is, in order, apart.

    Numbers are found in full width, spaced out, and in Chinese figures. Address codes and the
    short codes of plates are no numbers of persons.
    """
    plain = "".join(map(_folded, text))
    free = _without_codes(plain)
    found: list[PersonalPart] = []
    for patterns, where in (
        (_WORDS, plain),
        (_NUMBERS, free.translate(_FIGURES)),
        (_NUMBERS, free),
    ):
        for kind, pattern in patterns:
            for match in pattern.finditer(where):
                part = PersonalPart(kind, *match.span())
                if all(part.end <= one.start or one.end <= part.start for one in found):
                    found.append(part)
    return sorted(found, key=lambda one: one.start)


def _folded(character: str) -> str:
    """A character as its plain form, of the same length: full-width, circled and foreign digits."""
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) != 1:
        return character
    return str(unicodedata.digit(plain)) if plain.isdigit() and not plain.isascii() else plain


def _without_codes(text: str) -> str:
    """The text with address codes, plate tokens and dates blanked out, at the same length."""
    for match in _CODE.finditer(text):
        try:
            parse_code(match[0])
        except InvalidCode:
            continue
        text = text[: match.start()] + "#" * len(match[0]) + text[match.end() :]
    for pattern in (_TOKEN, _DATE):
        text = pattern.sub(lambda match: "#" * len(match[0]), text)
    return text

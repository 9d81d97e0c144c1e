"""Brackets and words that are no part of the address.

A bracket is an alias when it says 原 or 曾用名 (大关苑路19号(原门牌号码：五幢)), a locator
when it says where (铁路北站内), and noise when it has neither number nor name. A bracket that holds
the only plate of the text (齐东村(桥下自然村408号)) is opened and read with the rest.
"""

import re

from address_model.parsing.draft import ANY_MARK, Draft, marks

_BRACKET = re.compile(r"\(([^()]*)\)?|\)")
_ALIAS = re.compile(r"^(?:原|曾用名|旧|老门牌|俗称|又名|亦称)")
_PLATE = re.compile(r"[0-9]+(?:号|幢|栋|弄|室|单元)|[楼层]$|自然村")
_DOOR = re.compile("[0-9A-Za-z甲乙丙丁](?:号|#|幢|栋|座|室|弄|单元|[楼层])")
_CODE = re.compile("[0-9A-Za-z甲乙丙丁东西南北一二三四五六七八九十]")
_CODES = re.compile("[0-9A-Za-z-]+")
_ORDINAL = re.compile("[甲乙丙丁戊]")
_AROUND = re.compile("[0-9]$")
_COUNTED = frozenset("室号幢栋层楼房")
_LOCATOR = re.compile(
    r"(?:内|旁|旁边|对面|附近|后面|前面|隔壁|侧|边|楼上|楼下|门口|路口|交叉口|交汇处|处"
    r"|以[东西南北])$"
)
_NOISE = re.compile(
    r"电联|(?:务必|请|需|先)?(?:提前)?电话联系|null|NULL|谢谢|本人签收|代收点?|传达室转|[收转]$"
    r"|丰巢(?:快递)?柜?(?:丰巢)?|快递柜|菜鸟驿站|无门牌号?|(?<=[号室幢栋元层楼])(?:门牌(?:号码?)?|地址)$|连续[单双]?号|[单双]号|连号|\?+"
    rf"|(?<=[({marks('other')}])[含即]"
)

_CLAIMED = re.compile(f"[{ANY_MARK}]")
_NOISE_SIGNS = frozenset("牌址电话nN谢本代传收转丰快菜无连单双含即?")


_LABEL = re.compile(
    "^(?:(?:收货|详细|联系|家庭|通讯|单位|注册|经营|公司)?(?:地址|住址)[:是为]?|门牌(?:地址|号码?)?:|位于|坐落于?|坐落在)"
)
_PROVINCE = re.compile(f"^浙(?=[{marks('city', 'county')}])")
_LABEL_SIGNS = frozenset("址位坐浙牌")

SIGNS = _NOISE_SIGNS | _LABEL_SIGNS | {"(", ")"}


def read_asides(draft: Draft) -> None:
    """Claim aliases, bracketed locators and words that say nothing of the place."""
    text = draft.open
    if not _LABEL_SIGNS.isdisjoint(draft.signs):
        # A word before the address that says that one follows, and 浙 for the province.
        label = _LABEL.match(draft.open)
        if label:
            draft.put_aside(*label.span())
        province = _PROVINCE.match(draft.open)
        if province:
            draft.claim("province", *province.span())
    if "(" in text or ")" in text:
        _read_brackets(draft)
    if _NOISE_SIGNS.isdisjoint(draft.signs):
        return
    for match in _NOISE.finditer(draft.open):
        draft.put_aside(*match.span())


def _read_brackets(draft: Draft) -> None:
    text = draft.text
    for match in _BRACKET.finditer(draft.open):
        start, end = match.span()
        inner = match.group(1)
        if inner and _ORDINAL.fullmatch(inner) and _AROUND.search(text, 0, start):
            continue  # 12(甲)号
        outside = draft.open[:start] + draft.open[end:]
        if not inner:
            draft.claim("other", start, end)
        elif _CLAIMED.search(inner):
            draft.claim("other", start, start + 1)
        elif _ALIAS.match(inner):
            draft.claim("alias", start + 1, start + 1 + len(inner))
            draft.claim("other", start, start + 1)
            draft.reasons.append(f"{inner} is a former name or plate")
        elif _PLATE.search(inner) and not re.search(r"[0-9](?:号|室|幢)", outside):
            draft.claim("other", start, start + 1)
            draft.reasons.append("the plate stands in brackets")
        elif _LOCATOR.search(inner):
            draft.claim("locator", start + 1, start + 1 + len(inner))
            draft.claim("other", start, start + 1)
        elif _DOOR.search(text, 0, start) and not _CODE.search(inner):
            draft.put_aside(start, start + 1 + len(inner))
        else:
            draft.claim("other", start, start + 1)
            if _CODES.fullmatch(inner) and text[end : end + 1] in _COUNTED:
                continue  # (15-1)室: the number closes the bracket
        if inner and match.group().endswith(")"):
            draft.claim("other", end - 1, end)

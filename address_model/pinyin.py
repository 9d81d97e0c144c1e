"""Hanyu Pinyin of place names: specific and generic term apart, capitals, no tones.

After 《中国地名汉语拼音字母拼写规则(汉语地名部分)》, (84)中地字第17号: rules 1 (specific and
generic term apart), 3 (villages are not split), 7 (capitals), 8 (apostrophe before a, o, e).
"""

import re

from pypinyin import Style, lazy_pinyin

_GENERIC = (
    *("大道", "大街", "支路", "支弄", "公路", "新村", "小区", "花园", "公寓", "家园", "街道"),
    *("社区", "路", "街", "巷", "弄", "里", "坊", "苑", "省", "市", "区", "县", "镇", "乡"),
)
_VOWEL = re.compile(r"^[aoe]")

READINGS = {"乐清": "yue qing", "天台": "tian tai", "鲒埼": "jie qi", "台州": "tai zhou"}
"""Audited local readings that a dictionary gets wrong."""


def spell_name(name: str) -> str:
    """The name in pinyin, each term capitalised: 河坊街 is ``Hefang Jie``, 诸葛村 ``Zhugecun``."""
    specific, generic = split_name(name)
    terms = [_spell_term(term) for term in (specific, generic) if term]
    return " ".join(terms)


def split_name(name: str) -> tuple[str, str]:
    """(Specific term, generic term) of a name; a village keeps its generic term joined."""
    for generic in _GENERIC:
        if name.endswith(generic) and len(name) > len(generic):
            return name[: -len(generic)], generic
    return name, ""


def _spell_term(term: str) -> str:
    syllables: list[str] = []
    rest = term
    while rest:
        known = next((name for name in READINGS if rest.startswith(name)), "")
        if known:
            syllables += READINGS[known].split()
            rest = rest[len(known) :]
        else:
            end = next(
                (i for i in range(1, len(rest)) if rest[i:].startswith(tuple(READINGS))), None
            )
            syllables += lazy_pinyin(rest[:end], style=Style.NORMAL)
            rest = rest[end:] if end else ""
    return _join(syllables)


def _join(syllables: list[str]) -> str:
    joined = ""
    for syllable in syllables:
        joined += f"'{syllable}" if joined and _VOWEL.match(syllable) else syllable
    return joined[:1].upper() + joined[1:]

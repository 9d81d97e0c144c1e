"""The dictionary of a county's place names: finds the name meant by a misspelt one."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from heapq import nsmallest
from typing import NamedTuple

from pypinyin import lazy_pinyin
from rapidfuzz.distance import Levenshtein

from address_model.places import fold_village

_CONTRASTS = (
    frozenset("0123456789零一二三四五六七八九十百"),
    frozenset("东西南北中"),
    frozenset("上下"),
    frozenset("前后"),
    frozenset("左右"),
    frozenset("内外里"),
    frozenset("新老旧"),
    frozenset("大小"),
    frozenset("路街巷弄道里坊线"),
    frozenset("甲乙丙丁"),
)
"""Characters that distinguish names: 文二路 is not a misspelling of 文三路."""

_ADDED = frozenset("0123456789零一二三四五六七八九十东西南北中上下前后新老大小支横直")
"""Characters that make another name when added or left out (文三路 and 文三西路), or when one
replaces another (钱王南街 and 钱王大街)."""

_GENERIC = frozenset("路街巷弄道里坊线村园区苑组")
"""Characters of generic terms, which are not part of a name's specific term."""

_ROADS = frozenset("路街巷弄道")
"""Those of thoroughfares: with one more of them a name is that of a road."""

_SHAPES = """
己已巳 末未 土士 干千于 人入八 大太犬天夫 日曰目 王玉主 石右 田由甲申 午牛 贝见 乌鸟
今令 兔免 辩辨 拔拨 候侯 茶荼 戊戌戍 折拆析 淮准 沽活 毫亳 抚扶 治冶 泠冷 洒酒 渔鱼
徽微 徒徙 崇祟 宜宣 洋详祥样垟 清情晴请青 湖瑚糊潮 溪奚 浦甫蒲捕 泽择 桃挑跳 枫机 杭抗航
杨扬场 桥侨娇 凤风 龙尤 钱线残 钢钩纲 阳阴 陆际 隆降 环坏 壁璧 岩岸 峰锋蜂 城诚域
塘糖搪 堰偃 坝贝 埠阜 墩敦 圩圬 庆厌 府附 康庚 建健 延廷 振震 明朋 春舂 昌晶 材村
柏拍 柳抑 校较 根跟 正止 民氏 永水 江汇 河何 沙纱 波坡 泰秦 浙淅 浪狼 涌通 润闰 滨宾
灵炅 畈版 盐监 直真 秀季 秋秒 萍苹 拱洪 坂板 汤场 晴睛 戈弋 密蜜 幕慕暮 墓基 竟竞
冶治 历厉 兴与 芳芬 苗亩 茂荗 茅芽 蔡祭 薛蘖 裘袭 观规 谊宜 贸贺 赵起 跃妖 逸免 邵召
郭郑 酒洒 银根 锦棉 镜境 霄宵 鲁鱼 鸣呜 鹤雀 麻床 龟电 梅海 榆偷 槐愧 樟障 横黄 欣欢
沁泌 沈沉 沿没 泊伯 洞同 洪供 海每 淡谈 渡度 溢益 滩难 潭谭 澄登 灯打 灵录 烟因 焦集
玲铃 珠株 琴瑟 瓯殴 甘廿 甬角 登凳 白自 皇星 益盆 盛城 睦陆 知如 祥样 福幅 禾木 种钟
秦春 稠绸 穆移 章童 竹行 笔毛 策第 粮娘 紫柴 维准 缙晋 罗岁 美羊 翔翊 翠萃 耀跃 联耽
育肓 舜舞 舟丹 航船 芝之 苍仓 若苦 英央 莫草 菜采 萧肃 葛曷 蒋将 绍招 绿录 罗萝 胜性
良艮 莲连 蓝篮 虹红 西酉 谷各 赞替 车东 达迏 运远 迎仰 长张 闸问间闻 顺项 霞瑕 韩朝
高亮 园圆国围 合台 丽两 义又 仓仑 代伐 任仕 体休 佳住 信倍
""".split()  # noqa: SIM905
_SHAPE_PAIRS = frozenset(
    frozenset((one, other)) for group in _SHAPES for one in group for other in group if one != other
)
_SOUNDS = re.compile(r"zh|ch|sh|ng|^l|^r|hu(?=[ang]{2,3}$)")
_SOUND = {"zh": "z", "ch": "c", "sh": "s", "ng": "n", "l": "n", "r": "n", "hu": "f"}

SAFE_KINDS = frozenset({"exact", "suffix", "homophone", "shape", "transposed"})
"""Kinds of misspelling that are safe when only one name of the county fits."""

SAFE_WHEN_LONG = frozenset({"character", "near sound"})
"""Kinds that are safe in a name with three or more specific characters (凤凰山路)."""

SAFE_WHEN_CONFIRMED = SAFE_WHEN_LONG | {"sound alone"}
"""Kinds that are safe when more than the number agrees."""

_FACTORS = {
    "exact": 1.0,
    "suffix": 0.98,
    "homophone": 0.95,
    "shape": 0.94,
    "transposed": 0.93,
    "near sound": 0.92,
    "sound alone": 0.85,
    "character": 0.88,
    "contrast": 0.6,
    "distant": 0.7,
}
_POOL = 24
_LAST = "\U0010ffff"
"""Sorts behind every character: spellings that begin with a text end before it and this."""


class NameMatch(NamedTuple):
    """A name of the dictionary, how the written one differs from it, and a score (0 to 1)."""

    name: str
    kind: str
    factor: float

    @property
    def is_safe(self) -> bool:
        """Whether the match is certain by itself."""
        own = sum(c not in _ADDED and c not in _GENERIC for c in self.name)
        return self.kind in SAFE_KINDS or (self.kind in SAFE_WHEN_LONG and own >= 3)


@dataclass(frozen=True)
class NameDictionary:
    """The distinct names of streets, estates and villages of one county."""

    names: tuple[str, ...]
    known: frozenset[str]
    folded: Mapping[str, tuple[str, ...]]
    sounds: Mapping[str, tuple[str, ...]]
    near_sounds: Mapping[str, tuple[str, ...]]
    initials: Mapping[str, tuple[str, ...]]
    postings: Mapping[str, tuple[int, ...]]

    def find_pinyin(self, latin: str) -> tuple[str, ...]:
        """The names with this pinyin (``Hefang Jie``); blanks and case are ignored."""
        spelled = latin.lower().replace("ü", "v")
        return self.sounds.get(re.sub("[^a-z]", "", spelled), ())

    def find_similar(self, written: str, limit: int = 5) -> list[NameMatch]:
        """The names that a written one may mean, likeliest first; only itself if it exists.

        Equally likely ones are in the order of their characters, in every process.
        """
        if written in self.known:
            return [NameMatch(written, "exact", 1.0)]
        found: dict[str, NameMatch] = {}
        for name in self.folded.get(fold_village(written), ()):
            found[name] = _match(name, "suffix")
        syllables = _syllables_of(written)
        for name in self.sounds.get("".join(syllables).lower(), ()):
            # Homophones that differ in a contrasting character (中山路 东山路) are other names.
            kept = sum(one == other for one, other in zip(written[:-1], name[:-1], strict=False))
            kind = "homophone" if kept else "sound alone"
            is_other = kind_of_slip(written, name) == "contrast"
            found.setdefault(name, _match(name, "contrast" if is_other else kind))
        for name in self.near_sounds.get(_near(syllables), ()):
            is_other = kind_of_slip(written, name) in ("", "contrast")
            found.setdefault(name, _match(name, "contrast" if is_other else "near sound"))
        # Names that share pairs of characters.
        counts: Counter[int] = Counter()
        for bigram in _bigrams(written):
            counts.update(self.postings.get(bigram, ()))
        for at, _ in nsmallest(_POOL, counts.items(), key=lambda item: (-item[1], item[0])):
            name = self.names[at]
            if kind := kind_of_slip(written, name):
                found.setdefault(name, _match(name, kind))
        return sorted(found.values(), key=lambda match: (-match.factor, match.name))[:limit]

    def complete(self, beginning: str, limit: int = 10) -> list[str]:
        """The names that begin with or contain a text, in characters, pinyin or initials."""
        latin = re.sub("[^a-z]", "", beginning.lower())
        if latin:
            start = bisect_left(self._spellings, (latin, ""))
            end = bisect_left(self._spellings, (latin + _LAST, ""))
            return list(dict.fromkeys(name for _, name in self._spellings[start:end]))[:limit]
        start = bisect_left(self.names, beginning)
        first = [n for n in self.names[start : start + limit] if n.startswith(beginning)]
        if len(first) < limit:
            first += [n for n in self.names if beginning in n and not n.startswith(beginning)]
        return first[:limit]

    @cached_property
    def _spellings(self) -> tuple[tuple[str, str], ...]:
        """Initials and pinyin, each with its name, in order."""
        tables = (self.initials, self.sounds)
        spelled = ((s, name) for table in tables for s, names in table.items() for name in names)
        return tuple(sorted(spelled))


def build_dictionary(names: Iterable[str]) -> NameDictionary:
    """Build a dictionary (about 20 µs per name)."""
    kept = tuple(sorted({name for name in names if name}))
    postings: dict[str, list[int]] = {}
    for at, name in enumerate(kept):
        for bigram in _bigrams(name):
            postings.setdefault(bigram, []).append(at)
    syllables = {name: lazy_pinyin(name) for name in kept}
    return NameDictionary(
        kept,
        frozenset(kept),
        _group({name: fold_village(name) for name in kept}),
        _group({name: "".join(read).lower() for name, read in syllables.items()}),
        _group({name: _near(read) for name, read in syllables.items()}),
        _group({name: "".join(s[:1] for s in read).lower() for name, read in syllables.items()}),
        {bigram: tuple(places) for bigram, places in postings.items()},
    )


@lru_cache(maxsize=8192)
def _syllables_of(name: str) -> tuple[str, ...]:
    """Cached: a name is looked up in each county of a city, and the converter takes 0.1 ms."""
    return tuple(lazy_pinyin(name))


def kind_of_slip(written: str, name: str) -> str:
    """The kind of misspelling by which two names differ; empty if they differ too much."""
    if written[:-1] == name and written[-1:] in _ROADS:
        return "contrast"  # 金家桥街 is a street, 金家桥 an estate or a village
    if len(written) == len(name) and sorted(written) == sorted(name):
        return "transposed" if Levenshtein.distance(written, name) == 2 else ""
    most = 1 if len(name) < 6 else 2
    if Levenshtein.distance(written, name, score_cutoff=most) > most:
        return ""
    kinds = []
    for edit in Levenshtein.editops(written, name):
        if edit.tag == "replace":
            changed = {written[edit.src_pos], name[edit.dest_pos]}
            is_contrast = any(changed <= group for group in _CONTRASTS)
        else:
            changed = {written[edit.src_pos] if edit.tag == "delete" else name[edit.dest_pos]}
            is_contrast = False
        if is_contrast or changed <= _ADDED:
            return "contrast"
        kinds.append("shape" if changed in _SHAPE_PAIRS else "character")
    if not kinds:
        return "exact"
    return kinds[0] if len(kinds) == 1 else "distant"


def _match(name: str, kind: str) -> NameMatch:
    return NameMatch(name, kind, _FACTORS[kind])


def _near(syllables: Iterable[str]) -> str:
    return " ".join(_SOUNDS.sub(lambda m: _SOUND[m.group()], s.lower()) for s in syllables)


def _bigrams(name: str) -> set[str]:
    framed = f"^{name}$"
    return {framed[at : at + 2] for at in range(len(framed) - 1)}


def _group(by_name: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for name, value in by_name.items():
        groups.setdefault(value, []).append(name)
    return {value: tuple(names) for value, names in groups.items()}

"""Counts what a parse loses, swaps or invents on 72,747 real texts, by an independent comparison.

Run: ``.venv/bin/python -m benchmarks.conservation [--lists 200] [--shown 20] [--seed 5]``. It
shares nothing with ``address_model.parsing``'s own check: the input is cut into tokens (one
character, or one run of digits or letters) and aligned with the tokens of the standard text; every
token that is missing, new or moved must be on DESIGN's closed list of changes.
"""

import argparse
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from opencc import OpenCC

from address_model.elements import local_text, standard_text
from address_model.gazetteer import Gazetteer, load_gazetteer
from address_model.parsing import Parse, Verdict, parse
from benchmarks.accuracy.real_data import find_data, read_addresses

SOURCE = "addresses/zj_enterprise_addresses_1980_2004.csv.gz"
_SIMPLE = OpenCC("t2s")
_DIGIT = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_DASH = re.compile("[‐‑‒–—―−－─━~～〜_]+")
_FINANCIAL = str.maketrans("壹贰叁柒捌玖", "一二三七八九")
_NUMERAL = re.compile("[〇零一二三四五六七八九十百]+")
_TOKEN = re.compile(r"[0-9]+[A-Z]*[0-9]*|[A-Z]+[0-9]*|[^\W_]")
_BRACKET = re.compile(r"\([^()]*\)?")
_QUANTIFIERS = {
    "栋": "幢", "懂": "幢", "撞": "幢", "#": "号", "楼": "层", "搂": "层", "F": "层",
}  # fmt: skip
_INSERTED = frozenset("号幢单元层室组之附地下村社区")
"""Quantifiers that a reason may have read into a short form."""
_SUFFIX = re.compile(
    "([0-9])([号室])(?:-([0-9]{1,2}[A-Z]?|[甲乙丙丁戊A-Z])|([甲乙丙丁戊A-Z]))(?:号|(?![0-9A-Z幢层单室楼座区号-]))"
)
"""12号-3 is 12-3号, 12号甲 is 12甲号: the quantifier's place in the one form of suffixes."""
_LABEL = re.compile("门牌号码?|门牌|地址|住址|位于|坐落于?|座落|地处|经营场所|住所")
_FORMER = re.compile(r"^\(?(?:原|旧|曾用名|现|含|又名|俗称|自编|注)")
_ASIDE = re.compile(
    "(?:公司|集团|公社|合作社|委员会|[厂店局所站院校馆行]|超市|酒店|政府|大队|旧址)[内里旁]?$"
    "|(?:旁|对面|附近|隔壁|以[东西南北]|后面|前面|楼上|楼下|门口|传达室|收发室|内|里|[东西南北左右][侧首边面头端]?)$"
)
"""An organisation or a direction behind a door."""
_DIVISION_WORD = re.compile("省|市辖区|其他区|中国|浙|市|区|县|镇|乡|街道办事处|街道办|街道|城关")
_VILLAGE_WORD = re.compile("社区居民委员会|社区居委会|居民委员会|村民委员会|居委会|村委会|社区|村")


@dataclass
class Count:
    """Counts of results, and altered texts by kind."""

    verdicts: Counter[str] = field(default_factory=Counter)
    altered: dict[str, list[str]] = field(default_factory=dict)
    lists: list[str] = field(default_factory=list)

    def add(self, text: str, reading: Parse, fault: str) -> None:
        """Count one text; an empty fault means unaltered."""
        self.verdicts[str(reading.verdict)] += 1
        shown = " ¦ ".join(standard_text(plate) for plate in reading.plates[:6])
        if len(reading.plates) > 6:
            shown += f" ¦ … ¦ {standard_text(reading.plates[-1])} ({len(reading.plates)})"
        if reading.verdict is Verdict.LIST:
            self.lists.append(f"{text}\n      {shown}")
        if fault:
            kind, _, what = fault.partition(" ")
            self.altered.setdefault(kind, []).append(f"{text}  ⇒  {shown}  [{what}]")


def main() -> None:
    """Print the shares, then examples of every kind."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--shown", type=int, default=20, help="examples of each kind")
    options.add_argument("--lists", type=int, default=0, help="print N LIST texts")
    options.add_argument("--seed", type=int, default=5)
    chosen = options.parse_args()
    path = find_data(SOURCE)
    if path is None:
        print(f"{SOURCE} is not on this machine")
        return
    gazetteer = load_gazetteer()
    texts = read_addresses(path)
    count = count_changes(texts, gazetteer)
    good = count.verdicts["OK"] + count.verdicts["LIST"]
    altered = sum(map(len, count.altered.values()))
    for verdict, number in count.verdicts.most_common():
        print(f"{verdict:<8}{number:>7} ({100 * number / len(texts):5.2f} %)")
    print(f"OK + LIST{good:>6} ({100 * good / len(texts):5.2f} %)")
    print(
        f"altered outside the closed list {altered} ({100 * altered / max(good, 1):.2f} % of them)"
    )
    for kind, rows in sorted(count.altered.items()):
        print(f"\n{kind}: {len(rows)}")
        print(*(f"  {row}" for row in rows[: chosen.shown]), sep="\n")
    if chosen.lists:
        rows = random.Random(chosen.seed).sample(count.lists, min(chosen.lists, len(count.lists)))
        print(f"\nLIST, {len(rows)} of {len(count.lists)}")
        print(*(f"{n:>4}  {row}" for n, row in enumerate(rows, 1)), sep="\n")


def count_changes(texts: Sequence[str], gazetteer: Gazetteer) -> Count:
    """Parse every text and compare those with a plate with their standard text."""
    count = Count()
    forms = DivisionForms(gazetteer)
    for text in texts:
        reading = parse(text, gazetteer)
        judged = reading.verdict in (Verdict.OK, Verdict.LIST)
        count.add(text, reading, find_change(text, reading, forms) if judged else "")
    return count


class DivisionForms:
    """Every way to write a division, folded as the texts are, by its first two characters."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._starts: dict[str, list[str]] = {}
        for form in gazetteer.forms:
            folded = fold(form)
            self._starts.setdefault(folded[:2], []).append(folded)
        for forms in self._starts.values():
            forms.sort(key=len, reverse=True)

    def strip(self, text: str, *kept: str) -> str:
        """A stretch without the divisions and other names in it."""
        left = []
        at = 0
        while at < len(text):
            known = [name for name in kept if name and text.startswith(name, at)]
            known += [f for f in self._starts.get(text[at : at + 2], ()) if text.startswith(f, at)]
            for pattern in (_LABEL, _DIVISION_WORD, _VILLAGE_WORD):
                word = pattern.match(text, at)
                known += [word.group()] if word else []
            if known:
                at += len(max(known, key=len))
            else:
                left.append(text[at])
                at += 1
        return "".join(left)


def fold(text: str) -> str:
    """Half-width, simplified, upper case, digits for numerals, one quantifier per class."""
    text = _SIMPLE.convert(unicodedata.normalize("NFKC", text)).upper().translate(_FINANCIAL)
    text = _NUMERAL.sub(lambda match: _value(match.group()), _DASH.sub("-", text))
    for written, usual in _QUANTIFIERS.items():
        text = text.replace(written, usual)
    return text.replace("号层", "幢").replace("第", "")


def _suffixed(text: str) -> str:
    """The text with every suffix before its quantifier, letters close to the number."""
    text = _SUFFIX.sub(lambda m: f"{m[1]}-{m[3] or m[4]}{m[2]}", text)
    return re.sub("(?<=[0-9])-(?=[A-Z甲乙丙丁戊](?![A-Z0-9]))", "", text)


def _value(numeral: str) -> str:
    if not set(numeral) & set("十百"):
        return "".join(_DIGIT[c] for c in numeral)
    total, digit = 0, 0
    for c in numeral:
        if c in "十百":
            total += (digit or 1) * (10 if c == "十" else 100)
            digit = 0
        else:
            digit = int(_DIGIT[c])
    return str(total + digit)


def find_change(text: str, reading: Parse, forms: DivisionForms) -> str:
    """The kind and place of a change not on the closed list; empty without one."""
    for plate in (reading.plates[0], reading.plates[-1]):
        community = fold(plate.community)
        wanted = _suffixed(fold(local_text(plate)))
        written = _suffixed(_without_remarks(fold(text), wanted))
        others = set(_TOKEN.findall(fold("".join(map(local_text, reading.plates)))))
        deleted, inserted = _difference(_TOKEN.findall(written), _TOKEN.findall(wanted))
        reasons = fold("".join(reading.reasons))
        is_list = len(reading.plates) > 1
        wanted = wanted.replace("·", "")
        for new in inserted:
            if is_list and re.fullmatch("[0-9A-Z]+", new):
                continue
            if not (set(new) <= _INSERTED and (new in "村社区" or reasons or is_list)):
                return f"invented {new}"
        for place, lost in deleted:
            kept = [t for t in lost.split() if not (is_list and _is_member(t, others))]
            left = "".join(kept)
            if place != "behind":  # a township may follow a zone
                left = forms.strip(left, community, _bare(community), *_townships(plate.township))
            if place != "before" and _is_aside(left):
                left = ""
            if left:
                return f"lost-{place} {left}"
    return ""


def _is_aside(left: str) -> bool:
    return bool(_ASIDE.search(left)) and not re.search("[A-Z]|[0-9]{3}|[0-9][号幢层室]", left)


def _townships(name: str) -> tuple[str, str, str]:
    """A township's name whole and in parts, if the text repeats its last character."""
    folded = fold(name)
    return folded, re.sub("(街道|镇|乡)$", "", folded), "道" if folded.endswith("街道") else ""


def _bare(community: str) -> str:
    return re.sub("(社区|村)$", "", community)


def _is_member(piece: str, others: set[str]) -> bool:
    """A member, a joiner or a quantifier of a list."""
    is_code = piece.isascii() and any(one.endswith(piece) for one in others)
    return is_code or piece in "至到和及与连续单双号第室间层幢楼"


def _without_remarks(written: str, wanted: str) -> str:
    """The text without brackets that are missing from the standard text and have no plate."""

    def judge(match: re.Match[str]) -> str:
        inner = match.group().strip("()")
        tokens = _TOKEN.findall(inner)
        if tokens and "".join(tokens) in "".join(_TOKEN.findall(wanted)):
            return inner
        is_remark = _FORMER.match(inner) or not re.search("[0-9A-Z]", inner)
        return "" if is_remark else match.group()

    return _BRACKET.sub(judge, written)


def _difference(
    written: Sequence[str], wanted: Sequence[str]
) -> tuple[list[tuple[str, str]], list[str]]:
    """What the standard text leaves out (before, between or behind what it keeps), and adds.

    Compared from the end, because the divisions in front may hold the words of a road.
    """
    deleted: list[tuple[str, str]] = []
    inserted: list[str] = []
    ahead, wide = len(written), len(wanted)
    found = SequenceMatcher(None, written[::-1], wanted[::-1], autojunk=False).get_opcodes()
    blocks = [(k, ahead - i2, ahead - i1, wide - j2, wide - j1) for k, i1, i2, j1, j2 in found]
    kept = [block for block in reversed(blocks) if block[0] == "equal"]
    for kind, i1, i2, j1, j2 in reversed(blocks):
        if kind == "equal":
            continue
        if i2 > i1:
            place = "between"
            if not kept or i2 <= kept[0][1]:
                place = "before"
            elif i1 >= kept[-1][2]:
                place = "behind"
            deleted.append((place, " ".join(written[i1:i2])))
        if j2 > j1:
            inserted.append("".join(wanted[j1:j2]))
    return deleted, inserted


if __name__ == "__main__":
    main()

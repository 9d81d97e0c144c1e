"""Normalises an address text and tracks the source position of each character."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from opencc import OpenCC

MAX_CHARACTERS = 10_000
"""Longer texts are cut, to bound the response time; no address is that long."""

_NUMERAL = "零〇一二三四五六七八九十百廿卅壹贰叁柒捌玖"
_QUANTIFIED = re.compile(
    rf"(?<![{_NUMERAL}0-9])[{_NUMERAL}]+(?=号楼|幢|栋|单元|室|支弄|梯|弄(?!堂)|组(?!团)|座(?!桥)"
    r"|号(?!路|街|线|桥|公路|大道|大街|码头|井|闸|巷|弄|支)"
    r"|[楼层](?!村|镇|街|路|社|下|塔|山|乡|巷|弄|桥|岙|坑))"
)
_LISTED = re.compile(
    rf"(?<![{_NUMERAL}0-9])[{_NUMERAL}]+(?=(?:[、,，至到和及-][{_NUMERAL}0-9]+)+(?:层|楼(?![下上])|幢|栋|单元|室))"
)
_HOMOGLYPH = re.compile(r"(?<=[0-9])(?:[OoIl]+(?=[0-9号幢栋室弄])|一(?=[0-9]))")
_BEHIND_DIGIT = re.compile("[0-9][OoIl一]")
"""A cheap test for homoglyphs, three times as fast as the full pattern."""
_HOMOGLYPHS = str.maketrans("OoIl一", "0011-")
_DIGITS = {numeral: digit for digit, numeral in enumerate("〇一二三四五六七八九")} | {"零": 0}
_TENS = str.maketrans(
    {"廿": "二十", "卅": "三十", **dict(zip("壹贰叁柒捌玖", "一二三七八九", strict=True))}
)
"""Variant numerals; they are read where they count and stay in names."""
_NUMERIC = re.compile(f"[{_NUMERAL}OoIl]")
_SPACE = " "


class NormalStep(NamedTuple):
    """One step of normalising or parsing a text: the rule and its effect in words."""

    rule: str
    effect: str


class NormalText(NamedTuple):
    """A text in normal form.

    Character ``i`` came from ``raw[starts[i]:ends[i]]``; both are None when no character moved.
    """

    raw: str
    text: str
    starts: list[int] | None = None
    ends: list[int] | None = None
    steps: tuple[NormalStep, ...] = ()

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the raw text that the characters ``start`` to ``end`` came from."""
        if self.starts is None or self.ends is None or start >= end:
            return start, end
        return self.starts[start], self.ends[end - 1]


def normalise(raw: str) -> NormalText:
    """Return the normal form: half-width, simplified, digits for counted numerals, no blanks.

    A blank stays only between two letters or digits. Numerals are folded where a quantifier
    follows (三号, 二〇三室) and no name does (十一号路, 三楼村). Normalising a normal form changes
    nothing. Never raises.
    """
    return _normalise_short(raw) if len(raw) <= _SHORT else _normalise(raw)


def _normalise(raw: str) -> NormalText:
    raw = text = raw[:MAX_CHARACTERS]
    places: _Places | None = None
    steps: list[NormalStep] = []
    if not (_PLAIN.fullmatch(raw) or _KEPT.issuperset(raw)):
        text = raw.translate(_FOLDS)
        if text != raw:
            steps.append(
                NormalStep("characters", "width, variants and traditional characters folded")
            )
        if len(text) != len(raw) or _SPACE in text:
            text, places = _fold_each(raw)
    while edits := _digit_edits(text):
        text, places = _splice(text, places, edits)
        shown = "、".join(f"{was} read as {digits}" for _, _, was, digits in edits[:20])
        steps.append(NormalStep("numerals", shown))
    if places is None:
        return NormalText(raw, text, None, None, tuple(steps))
    return NormalText(raw, text, places[0], places[1], tuple(steps))


_SHORT = 160
_normalise_short = lru_cache(maxsize=4096)(_normalise)
"""Resolving a text needs its normal form some eight times, so short ones are cached."""


def read_numeral(numeral: str) -> str | None:
    """Return the digits of a Chinese numeral below 1,000 (二〇三, 十二, 一百零八), or None."""
    numeral = numeral.translate(_TENS)
    if not all(c in _DIGITS or c in "十百" for c in numeral):
        return None
    if "十" not in numeral and "百" not in numeral:
        return "".join(str(_DIGITS[c]) for c in numeral)
    match = _READING.fullmatch(numeral)
    if match is None:
        return None
    hundreds, tens, ten, ones = match.group("hundreds", "tens", "ten", "ones")
    value = 100 * _DIGITS.get(hundreds or "", 0) + _DIGITS.get(ones or "", 0)
    if ten:
        value += 10 * _DIGITS.get(tens or "一", 1)
    elif ones and hundreds and "零" not in numeral and "〇" not in numeral:
        value += 9 * _DIGITS[ones]  # 一百二 is 120
    return str(value)


_READING = re.compile(
    r"(?:(?P<hundreds>[一二三四五六七八九])百)?[零〇]?"
    r"(?:(?P<tens>[一二三四五六七八九])?(?P<ten>十))?(?P<ones>[一二三四五六七八九])?"
)


_Places = tuple[list[int], list[int]]
_Edit = tuple[int, int, str, str]


def _digit_edits(text: str) -> list[_Edit]:
    """The stretches that become digits: letters that look like digits, else counted numerals."""
    first = _NUMERIC.search(text)
    if first is None:
        return []
    edits: list[_Edit] = []
    if _BEHIND_DIGIT.search(text):
        edits = [
            (*match.span(), match.group(), match.group().translate(_HOMOGLYPHS))
            for match in _HOMOGLYPH.finditer(text)
        ]
    if edits:
        return edits
    listed = _LISTED.search(text, first.start())
    for match in (_LISTED if listed else _QUANTIFIED).finditer(text, first.start()):
        digits = read_numeral(match.group())
        if digits is not None:
            edits.append((*match.span(), match.group(), digits))
    return edits


def _splice(text: str, places: _Places | None, edits: list[_Edit]) -> tuple[str, _Places]:
    """Apply edits to a text; new characters take the positions of those they replace."""
    starts, ends = places or (list(range(len(text))), list(range(1, len(text) + 1)))
    pieces: list[str] = []
    new_starts: list[int] = []
    new_ends: list[int] = []
    done = 0
    for start, end, _, digits in edits:
        pieces += [text[done:start], digits]
        first, last = starts[start], ends[end - 1]
        new_starts += [*starts[done:start], *(min(first + i, last - 1) for i in range(len(digits)))]
        inner = (min(first + i + 1, last) for i in range(len(digits) - 1))
        new_ends += [*ends[done:start], *inner, last]
        done = end
    pieces.append(text[done:])
    return "".join(pieces), (new_starts + starts[done:], new_ends + ends[done:])


def _fold_each(raw: str) -> tuple[str, _Places]:
    """Fold character by character, for texts whose length changes."""
    pieces: list[str] = []
    starts: list[int] = []
    blank = False
    for place, character in enumerate(raw):
        for folded in _FOLDS[ord(character)]:
            if folded == _SPACE:
                blank = bool(pieces)
                continue
            if blank and _is_word(pieces[-1]) and _is_word(folded):
                pieces.append(_SPACE)
                starts.append(place - 1)
            blank = False
            pieces.append(folded)
            starts.append(place)
    return "".join(pieces), (starts, [start + 1 for start in starts])


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


_KEPT: set[str] = set()
"""Characters seen that folding leaves unchanged: a text of these alone needs no folding."""


class _Folds(dict[int, str]):
    """Replacement by character, filled on first use. An empty string deletes it."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = "".join(_fold(c) for c in _fold(character))
        self[code] = folded
        if folded == character != _SPACE:
            _KEPT.add(character)
        return folded


_DASHES = "ー‐‑‒–—―−﹣－─━﹘~～〜∼_＿﹏﹉"
_VARIANTS = {
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys("（〔［【｛〈《「『﹝﹙[{<〖", "("),
    **dict.fromkeys("）〕］】｝〉》」』﹞﹚]}>〗", ")"),
    **dict.fromkeys("，﹐", ","),
    **dict.fromkeys("。．·・•‧﹒｡∙", "."),
    **dict.fromkeys("；﹔", ";"),
    **dict.fromkeys("：﹕", ":"),
    **dict.fromkeys("＃№", "#"),
    **dict.fromkeys("／╱⁄∕\\＼", "/"),
    **dict.fromkeys("○◯", "〇"),
    **dict(zip("АВЕКМНОРСТХΑΒΕΗΙΚΜΝΟΡΤΥΧΖ", "ABEKMHOPCTXABEHIKMNOPTYXZ", strict=True)),
}  # fmt: skip
_OPENCC = OpenCC("t2s")


def _fold(character: str) -> str:
    known = _VARIANTS.get(character)
    if known is not None:
        return known
    if character.isspace():
        return _SPACE
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"):
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    folded = unicodedata.normalize("NFKC", character)
    # What belongs to GB/T 2312 is a current simplified form. OpenCC would turn 乾元镇 into 干元镇
    # and 於潜 into 于潜, which are not their names.
    is_simplified = folded.isascii() or bool(folded.encode("gb2312", "ignore"))
    if len(folded) == 1 and not is_simplified:
        folded = str(_OPENCC.convert(folded))
    return "".join(_VARIANTS.get(c, _SPACE if c.isspace() else c) for c in folded)


_FOLDS = _Folds()
_HANZI = bytes(
    byte for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF) for byte in (row, cell)
).decode("gb2312", "ignore")
_ASCII = "".join(map(chr, range(0x21, 0x7F)))
_PLAIN = re.compile(f"[{re.escape(''.join(sorted(set(_HANZI + _ASCII) - _VARIANTS.keys())))}、]*")
"""Matches nearly all texts: they need no folding."""

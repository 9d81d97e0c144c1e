"""Where a text may break into two lines: Latin at blanks, 汉字 after generic terms if possible."""

import re

_GENERIC = frozenset("省市州县区旗镇乡路街道巷弄里坊村社组苑园寨湾桥城号幢栋楼座单元")
_TOGETHER = re.compile(r"[0-9A-Za-z]")
_NOT_FIRST = frozenset(",。、;:!?)》」’”,.;:)-·号幢栋座室")


def list_breaks(text: str) -> list[tuple[str, str]]:
    """Return the ways to part a text in two, those at ends of terms and at blanks first.

    A number is never parted from its quantifier, nor a word or a number within.
    """
    blanks = [(text[:i], text[i + 1 :]) for i, c in enumerate(text) if c == " "]
    blanks = [(first, second) for first, second in blanks if first.strip() and second.strip()]
    if blanks:
        return blanks
    places = [i for i in range(2, len(text) - 1) if _may_break(text, i)]
    terms = [i for i in places if text[i - 1] in _GENERIC and text[i] not in _GENERIC]
    return [(text[:i], text[i:]) for i in terms or places]


def _may_break(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if after in _NOT_FIRST:
        return False
    return not (_TOGETHER.match(before) and _TOGETHER.match(after))

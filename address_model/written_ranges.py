"""Lists of numbers as clerks write them: ranges, and what is skipped (``1-18 跳 4,14``)."""

import re
import unicodedata
from collections.abc import Sequence

from address_model.normal_form import read_numeral

_MOST_IN_RANGE = 300
_SKIP = re.compile("跳过?|除了?|不含|不要")
_MARKS = re.compile(r"[、,;\s]+")
_QUANTIFIER = "号楼|幢|栋|座|单元|梯|层|楼|室|房"
QUANTIFIER_BEHIND = re.compile(rf"({_QUANTIFIER})$")
_SPAN = re.compile(
    rf"(?P<lead>[A-Za-z]?)(?P<first>[0-9]+)(?P<one>{_QUANTIFIER})?(?:-|~|至|到)"
    rf"(?P=lead)?(?P<last>[0-9]+)(?P<two>{_QUANTIFIER})?"
)
_LETTERS = re.compile(rf"([A-Za-z])({_QUANTIFIER})?(?:-|~|至|到)([A-Za-z])({_QUANTIFIER})?")
_NUMERALS = re.compile("[零〇一二三四五六七八九十百]+")
_STOREYS = re.compile(
    r"(?P<below>地下|负|-|[Bb])?(?P<first>[0-9]+)[层楼]?"
    r"(?:(?:-|~|至|到)(?P<under>地下|负|-|[Bb])?(?P<last>[0-9]+)[层楼]?)?"
)
_DASHES = str.maketrans("–—−～", "---~")


class UnclearRange(ValueError):
    """A field cannot be read; ``field`` is its name, the text says why."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def list_storeys(field: str, written: str) -> list[int]:
    """Storeys, each once, from the lowest; there is no storey 0."""
    found: list[set[int]] = []
    for part in _SKIP.split(half_width(written), maxsplit=1):
        found.append(set())
        for token in filter(None, _MARKS.split(part)):
            match = _STOREYS.fullmatch(token)
            if match is None:
                raise UnclearRange(field, f"“{token}”不是楼层，请写成 1-18 或 地下1-2 的样子。")
            below, under = match["below"], match["under"]
            # 地下1-2 lies below altogether, -1-18 comes up.
            first = -int(match["first"]) if below else int(match["first"])
            last = int(match["last"] or match["first"])
            if under or (below and (match["last"] is None or below == "地下")):
                last = -last
            low, high = sorted((first, last))
            if first > last and first > 0:
                raise UnclearRange(field, f"“{token}”从大到小，请从小到大写。")
            if high - low > _MOST_IN_RANGE:
                raise UnclearRange(field, f"“{token}”太多，请核对。")
            found[-1] |= {*range(low, high + 1)} - {0}
    kept = found[0] - (found[1] if len(found) > 1 else set())
    if found[0] and not kept:
        raise UnclearRange(field, "全部跳过了，没有剩下的。")
    return sorted(kept)


def half_width(written: str) -> str:
    """Half-width, with one kind of dash."""
    return unicodedata.normalize("NFKC", written).translate(_DASHES)


def list_names(field: str, written: str) -> list[str]:
    """The single names of a list with ranges and skips, each once, with their quantifiers."""
    found: list[list[str]] = []
    for part in _SKIP.split(half_width(written), maxsplit=1):
        names: list[str] = []
        for token in filter(None, _MARKS.split(part)):
            if QUANTIFIER_BEHIND.fullmatch(token):  # 东、西 单元
                names = [name if QUANTIFIER_BEHIND.search(name) else name + token for name in names]
            else:
                names += list_span(field, token)
        found.append(names)
    skipped = {QUANTIFIER_BEHIND.sub("", name) for name in found[-1]} if len(found) > 1 else set()
    kept = [n for n in dict.fromkeys(found[0]) if QUANTIFIER_BEHIND.sub("", n) not in skipped]
    if found[0] and not kept:
        raise UnclearRange(field, "全部跳过了，没有剩下的。")
    return kept


def list_span(field: str, token: str) -> Sequence[str]:
    """The names of a range, or the one name."""
    read = _NUMERALS.sub(lambda numeral: read_numeral(numeral[0]) or numeral[0], token)
    if letters := _LETTERS.fullmatch(token):
        first, one, last, two = letters.groups()
        codes = range(ord(first.upper()), ord(last.upper()) + 1)
        if codes:
            return [chr(code) + (two or one or "") for code in codes]
    match = _SPAN.fullmatch(read)
    if match is None or (field == "buildings" and int(match["last"]) < int(match["first"])):
        return [token]  # 3-1幢 is a name
    first, last = int(match["first"]), int(match["last"])
    if first > last:
        raise UnclearRange(field, f"“{token}”从大到小，请从小到大写。")
    if last - first > _MOST_IN_RANGE:
        raise UnclearRange(field, f"“{token}”太多，请核对。")
    width = len(match["first"]) if match["first"].startswith("0") else 0
    behind = match["two"] or match["one"] or ""
    return [f"{match['lead']}{n:0{width}d}{behind}" for n in range(first, last + 1)]

"""Line breaking in two: between elements, Latin at blanks, 汉字 after generic terms."""

import re
from collections.abc import Sequence
from itertools import accumulate

_GENERIC = frozenset("省市州县区旗镇乡路街道巷弄里坊村社组苑园寨湾桥城号幢栋楼座单元")
_TOGETHER = re.compile(r"[0-9A-Za-z]")
_NOT_FIRST = frozenset(",。、;:!?)》」’”,.;:)-·号幢栋座室")


Break = tuple[str, str]


def list_breaks(text: str, parts: Sequence[str] = ()) -> list[list[Break]]:
    """Return the ways to break a text in two, grouped by kind, the best first; a kind may be empty.

    ``parts`` are the elements of the text in order (江湾国际新城揽月花园, 128幢, 12单元): it breaks
    between them. A name breaks after a generic term only where nothing else fits, and elsewhere
    only if it has no such place. A text with blanks breaks at blanks. A number is never separated
    from its quantifier, and neither a word nor a number is broken.
    """
    blanks = [(text[:i], text[i + 1 :]) for i, c in enumerate(text) if c == " "]
    blanks = [(first, second) for first, second in blanks if first.strip() and second.strip()]
    if blanks:
        return [blanks]
    places = [
        i
        for i in range(2, len(text) - 1)
        if text[i] not in _NOT_FIRST
        and not (_TOGETHER.match(text[i - 1]) and _TOGETHER.match(text[i]))
    ]
    terms = [i for i in places if text[i - 1] in _GENERIC and text[i] not in _GENERIC]
    ends = [end for end in accumulate(map(len, parts)) if end < len(text)]
    kinds = [ends, terms or places] if "".join(parts) == text else [terms or places]
    return [[(text[:i], text[i:]) for i in kind] for kind in kinds]

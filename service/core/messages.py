"""Messages of errors and commands in Chinese: written in English where they arise, found in zh.po.

A message arrives as finished text, also from another process or from a row of a failed run, so it
is found by its pattern: ``no division {0}`` in the catalogue is ``no division '杭州'`` here.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from service.core.words import CATALOGUES, read_catalogue

_GAP = re.compile(r"\{(\d+)\}")
_LATIN = re.compile(r"[A-Za-z]{2}")
_QUOTED = re.compile(r"(['\"])(.*)\1", re.DOTALL)
_PROSE = re.compile(r"[a-z]{2,} [a-z]{2,}")
_SEAMS = re.compile(r"(\n *| {2,}|: |; |\. (?=[a-z`]))")
"""Where a line is put together of several messages."""
_STOPS = {": ": "：", "; ": "；", ". ": "。"}
_WEIGHTY = 12
"""Letters that a pattern has at least to be found around English that is in no catalogue."""
_DEEPEST = 3
"""How deep a message may stand in the gap of another."""


class _Pattern:
    """A message with gaps."""

    def __init__(self, source: str, chinese: str) -> None:
        parts = _GAP.split(source)
        self._first, *self._inner, self._last = parts[::2]
        self.weight = sum(map(len, parts[::2]))
        self._numbers = [int(number) for number in parts[1::2]]
        self._chinese = chinese

    def gaps_of(self, message: str) -> dict[int, str] | None:
        """What fills the gaps, if the message is of this pattern; each gap is as short as can be.

        Of two gaps side by side the first ends at a blank.
        """
        end = len(message) - len(self._last)
        if not (message.startswith(self._first) and message.endswith(self._last)):
            return None
        at, found = len(self._first), []
        for literal in self._inner:
            begins = message.find(literal or " ", at, end)
            if begins < 0 and literal:
                return None
            begins = end if begins < 0 else begins
            found.append(message[at:begins])
            at = begins + len(literal)
        if at > end:
            return None
        return dict(zip(self._numbers, [*found, message[at:end]], strict=True))

    def fill(self, gaps: Mapping[int, str]) -> str:
        """The Chinese text with the gaps filled."""
        return _GAP.sub(lambda gap: gaps[int(gap[1])], self._chinese)


class Messages:
    """Chinese texts by their English originals."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        patterns = [_Pattern(*item) for item in texts.items() if _GAP.search(item[0])]
        self._patterns = sorted(patterns, key=lambda pattern: -pattern.weight)
        """The most of a message that is literal is its pattern."""
        self.find = lru_cache(maxsize=4096)(self._find)

    def __call__(self, message: str) -> str:
        """The message in Chinese; what is not in the catalogue stays as it is."""
        found = self.find(message)
        return self._split(message) if found is None else found

    def _split(self, line: str, depth: int = 0) -> str:
        """A line of several messages, or of a message and data."""
        parts = _SEAMS.split(line)
        if len(parts) == 1:
            return line
        said = [self.find(part, depth) or self.find(f"{part}.", depth) or part for part in parts]
        for place in range(1, len(said), 2):  # a seam is Chinese where a Chinese text follows it
            if said[place + 1] != parts[place + 1]:
                said[place] = _STOPS.get(said[place], said[place])
        return "".join(said)

    def _find(self, message: str, depth: int = 0) -> str | None:
        if not _LATIN.search(message):
            return None
        if message in self._texts:
            return self._texts[message]
        for pattern in self._patterns:
            gaps = pattern.gaps_of(message)
            if gaps is None:
                continue
            filled = {number: self._fill(gap, depth + 1) for number, gap in gaps.items()}
            if pattern.weight >= _WEIGHTY or not any(map(_PROSE.search, filled.values())):
                return pattern.fill(filled)
        return None

    def _fill(self, gap: str, depth: int) -> str:
        """What stands in a gap: a message of its own, a quoted word without its quotes, or data."""
        found = self._find(gap, depth) if depth < _DEEPEST else None
        if found is not None:
            return found
        quoted = _QUOTED.fullmatch(gap)
        return quoted[2] if quoted else self._split(gap, _DEEPEST - 1)


IN_CHINESE = Messages(read_catalogue(CATALOGUES / "zh.po"))
"""The messages of this version."""

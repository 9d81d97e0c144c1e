"""The one line that a plate's page tells of its place, found in memory.

Nothing is matched by text: an address leads to place names by its links and to divisions by its
code. What is nearest to the door speaks: building, street, village, then township and county, then
what once stood there.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

_RANKS = {"building": 0, "street": 1, "village": 2, "derived": 3, "historical": 9}
_DIVISION_RANKS = ((12, 4), (9, 5), (6, 6))


@dataclass(frozen=True, slots=True)
class Story:
    """One line about a place, in Chinese and English, and the entry it comes from."""

    entry_id: str
    name: str
    zh: str
    en: str

    @property
    def path(self) -> str:
        """The page of the entry."""
        return f"/heritage/{self.entry_id}"


class StoryRegister:
    """All stories: by place name's key, and by the code of the division a place name names."""

    def __init__(
        self, stories: dict[int, Story], divisions: dict[str, Story], places: Collection[str]
    ) -> None:
        """``places`` are the numbers of the place names that the stories are told of."""
        self.places = places
        self._stories = stories
        self._divisions = divisions
        self._found: dict[tuple[str, str], Story | None] = {}

    def tell(self, key: str) -> Story | None:
        """The story by division and links in one text, as ``STORY_KEY`` gives it."""
        division, _, linked = key.partition(" ")
        return self.find(division, linked)

    def find(self, division: str, linked: str) -> Story | None:
        """The story of an address, or None.

        Args:
            division: the 12-digit code of its division.
            linked: its links as ``kind:place_name_id``, parted by commas, "" for none; so it
                comes out of one ``string_agg`` beside the plate.
        """
        key = (division, linked)
        if key not in self._found:
            if len(self._found) > 50_000:
                self._found.clear()
            self._found[key] = min(self._told(*key), default=(0, None), key=_rank)[1]
        return self._found[key]

    def _told(self, division: str, linked: str) -> Iterable[tuple[int, Story | None]]:
        for kind, place_id in _links(linked):
            story = self._stories.get(place_id)
            if story:
                yield _RANKS.get(kind, 8), story
        for code, rank in _divisions_about(division):
            story = self._divisions.get(code)
            if story:
                yield rank, story


def find_sources(keys: Iterable[str]) -> tuple[set[int], set[str]]:
    """What may tell the stories of these keys: ids of place names, codes of divisions.

    A key is a division and links in one text, as ``STORY_KEY`` gives it.
    """
    places: set[int] = set()
    divisions: set[str] = set()
    for key in keys:
        division, _, linked = key.partition(" ")
        places.update(place_id for _, place_id in _links(linked))
        divisions.update(code for code, _ in _divisions_about(division))
    return places, divisions


def _links(linked: str) -> Iterable[tuple[str, int]]:
    for link in filter(None, linked.split(",")):
        kind, _, key = link.partition(":")
        yield kind, int(key)


def _divisions_about(division: str) -> Iterable[tuple[str, int]]:
    """The divisions an address lies in, from the smallest, each with its rank."""
    for digits, rank in _DIVISION_RANKS:
        yield division[:digits].ljust(12, "0"), rank


def _rank(told: tuple[int, Story | None]) -> int:
    return told[0]

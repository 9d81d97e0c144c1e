"""The story line on a plate's page, looked up in memory.

Nothing is matched by text: the links of an address name its place names, its code the divisions.
The closest one wins: building, street, village, then township and county, then historical places.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

_RANKS = {"building": 0, "street": 1, "village": 2, "derived": 3, "historical": 9}
_DIVISION_RANKS = ((12, 4), (9, 5), (6, 6))


@dataclass(frozen=True, slots=True)
class Story:
    """One line about a place name, in Chinese and English, and its heritage entry."""

    entry_id: str
    name: str
    zh: str
    en: str

    @property
    def path(self) -> str:
        """The page of the entry."""
        return f"/heritage/{self.entry_id}"


class StoryRegister:
    """All stories, by place name id and by division code."""

    def __init__(
        self, stories: dict[int, Story], divisions: dict[str, Story], places: Collection[str]
    ) -> None:
        """``places`` are the numbers of the place names with a story."""
        self.places = places
        self._stories = stories
        self._divisions = divisions
        self._found: dict[tuple[str, str], Story | None] = {}

    def find_by_key(self, key: str) -> Story | None:
        """The story for a ``STORY_KEY``, or None."""
        division, _, linked = key.partition(" ")
        return self.find(division, linked)

    def find(self, division: str, linked: str) -> Story | None:
        """The story of an address, or None.

        Args:
            division: the 12-digit code of its division.
            linked: its links as comma-separated ``kind:place_name_id``, "" for none.
        """
        key = (division, linked)
        if key not in self._found:
            if len(self._found) > 50_000:
                self._found.clear()
            near = [(_RANKS.get(kind, 8), self._stories.get(at)) for kind, at in _links(linked)]
            near += [(rank, self._divisions.get(of)) for of, rank in _divisions_about(division)]
            told = [one for one in near if one[1] is not None]
            self._found[key] = min(told, default=(0, None), key=lambda ranked: ranked[0])[1]
        return self._found[key]


def find_sources(keys: Iterable[str]) -> tuple[set[int], set[str]]:
    """The place name ids and division codes that occur in these ``STORY_KEY``s."""
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
    """The divisions of an address, smallest first, each with its rank."""
    for digits, rank in _DIVISION_RANKS:
        yield division[:digits].ljust(12, "0"), rank

"""Scores how well an entry matches a name from a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from address_model.heritage.ages import bare_name
from address_model.pinyin import plain_pinyin
from address_model.spellings import fold_spelling

STANDARD, BARE, FORMER, BARE_FORMER, PINYIN = 100.0, 98.0, 95.0, 92.0, 85.0
CERTAIN = 90.0
"""The minimum score of a certain match; there must be exactly one."""
LEAST = 40.0
_FIRST_HANZI = "\u2e80"
_WRONG_PLACE = 0.4
_WRONG_TYPE = 0.7


@dataclass(frozen=True, slots=True)
class ReconcileCandidate:
    """An entry with all its names, its type and its location.

    ``places`` are the names and the code of its divisions.
    """

    id: str
    name: str
    others: tuple[str, ...]
    pinyin: tuple[str, ...]
    type_id: str
    type_name: str
    places: tuple[str, ...]
    description: str


@dataclass(frozen=True, slots=True)
class ReconcileQuery:
    """One query: a name, restrictions by place and type, and the number of results."""

    name: str
    places: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its score, the name that matched, and whether the match is certain."""

    candidate: ReconcileCandidate
    score: float
    by_name: str
    is_match: bool = False


class Names:
    """An index of candidates by the characters of their names."""

    def __init__(self, candidates: Iterable[ReconcileCandidate]) -> None:
        self.all = tuple(candidates)
        self._by_character: dict[str, set[int]] = {}
        for at, one in enumerate(self.all):
            for name in (one.name, *one.others):
                for character in bare_name(fold_spelling(name)):
                    self._by_character.setdefault(character, set()).add(at)

    def list_near(self, name: str) -> list[ReconcileCandidate]:
        """The candidates that share a character with a name; all for pinyin or an empty name."""
        if max(fold_spelling(name), default="") < _FIRST_HANZI:
            return list(self.all)
        found: set[int] = set()
        for character in bare_name(fold_spelling(name)):
            found |= self._by_character.get(character, set())
        return [self.all[at] for at in sorted(found)]


def reconcile(wanted: ReconcileQuery, names: Names) -> list[Scored]:
    """The candidates for a query, best first.

    A match is certain if exactly one candidate scores at least ``CERTAIN``; there is no guessing
    between two candidates of the same name.
    """
    near = names.list_near(wanted.name)
    name, found = fold_spelling(wanted.name), []
    for one in near:
        score, by_name = _score_name(name, one)
        if wanted.places and not all(_lies_in(place, one.places) for place in wanted.places):
            score *= _WRONG_PLACE
        if wanted.types and one.type_id not in wanted.types:
            score *= _WRONG_TYPE
        if (score := round(score, 1)) >= LEAST:
            found.append(Scored(one, score, by_name))
    found.sort(key=lambda one: (-one.score, one.candidate.id))
    sure = [one for one in found if one.score >= CERTAIN]
    if len(sure) == 1:
        best = sure[0]
        found[0] = Scored(best.candidate, best.score, best.by_name, is_match=True)
    return found[: wanted.limit]


def _score_name(name: str, one: ReconcileCandidate) -> tuple[float, str]:
    """The best score of a folded name, and the name that matched."""
    if not name:
        return (STANDARD, one.name)
    if max(name) < _FIRST_HANZI:
        plain, best = plain_pinyin(name), (0.0, one.name)
        for text, read in zip((one.name, *one.others), one.pinyin, strict=True):
            if plain and plain == read:
                best = max(best, (PINYIN, text))
            elif plain and read.startswith(plain):
                best = max(best, (50.0 + 25.0 * len(plain) / len(read), text))
        return best
    best = _score_text(name, one.name, STANDARD, BARE)
    for other in one.others:
        best = max(best, _score_text(name, other, FORMER, BARE_FORMER))
    return best


def _score_text(name: str, text: str, same: float, same_bare: float) -> tuple[float, str]:
    folded = fold_spelling(text)
    if name == folded:
        return same, text
    if bare_name(name) == bare_name(folded):
        return same_bare, text
    longer = max(len(name), len(folded))
    if name in folded or folded in name:
        return 55.0 + 25.0 * min(len(name), len(folded)) / longer, text
    likeness = Levenshtein.normalized_similarity(name, folded)
    return (70.0 * likeness if likeness >= 0.5 else 0.0), text


def _lies_in(place: str, places: Sequence[str]) -> bool:
    """Whether a division code or name, with or without its generic term, is among these."""
    asked = fold_spelling(place)
    if asked.isdigit():
        code = asked if len(asked) < 12 else asked.rstrip("0")
        return any(one.startswith(code) for one in places if one.isdigit())
    return any(bare_name(asked) == bare_name(fold_spelling(one)) for one in places)

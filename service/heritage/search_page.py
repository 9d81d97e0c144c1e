"""The catalogue's three ways of looking: a list with facets, a sketch, and the ages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from address_model.heritage.years import DYNASTIES as AGES
from address_model.heritage.years import dynasty_of
from service.core.web import StandbySession
from service.core.words import Words, mark
from service.heritage.catalogue_filter import CatalogueFilter, Show
from service.heritage.labels import (
    CLASSES,
    DYNASTIES,
    RECOGNISED,
    STATUSES,
    family_of,
    say_class,
    say_year,
)
from service.heritage.queries.search import (
    EntrySummary,
    Facet,
    count_facets,
    list_summaries,
)
from service.heritage.sketch import EntrySketch, draw_sketch

PER_PAGE = 24
MOST = 1000
"""Entries that a sketch or the ages show at most."""

SMALLER = 2.8
"""How many times smaller a phone shows the drawing."""

MOST_VALUES = 14


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """One value of a facet: its words, how many entries, where it leads, whether it is chosen."""

    label: str
    count: int
    link: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """A facet with its values; those past the first few stand behind "more"."""

    title: str
    first: list[FacetChoice]
    more: list[FacetChoice]
    is_chinese: bool = False
    """Whether its values are names that no page translates."""


@dataclass(frozen=True, slots=True)
class Card:
    """An entry as the list shows it."""

    entry: EntrySummary
    link: str
    class_name: str
    family: str
    story: str
    ages: str
    seals: list[tuple[str, str]]
    """(words, ``seal`` where recognised or ``seal no`` where not)"""


@dataclass(frozen=True, slots=True)
class Age:
    """A dynasty with the entries whose first year lies in it."""

    word: str
    cards: list[tuple[str, Card]]
    """(year in words, card)"""


def list_cards(
    session: StandbySession, asked: CatalogueFilter, words: Words
) -> tuple[list[Card], str]:
    """One page of entries and the link to the next page, empty at the end."""
    found = list_summaries(session, asked.wanted, after=asked.after, limit=PER_PAGE + 1)
    shown = found[:PER_PAGE]
    further = ""
    if len(found) > PER_PAGE:
        further = asked.link() + ("&" if asked.link() != "/heritage" else "?")
        further += f"after={shown[-1].id}"
    return [make_card(one, asked, words) for one in shown], further


def make_card(entry: EntrySummary, asked: CatalogueFilter, words: Words) -> Card:
    """The card of an entry in the page's language."""
    english = asked.lang == "en"
    ages = []
    if entry.settlement_since is not None:
        ages.append(words(mark("聚落 {year}"), year=say_year(entry.settlement_since, words)))
    if entry.name_since is not None:
        ages.append(words(mark("地名 {year}"), year=say_year(entry.name_since, words)))
    return Card(
        entry,
        f"/heritage/{entry.id}{asked.carried}",
        say_class(entry.heritage_class, entry.class_name, words),
        family_of(entry.heritage_class),
        (entry.story_en if english and entry.story_en else entry.story_zh),
        " · ".join(ages),
        list_seals(entry, words),
    )


def list_seals(entry: EntrySummary, words: Words) -> list[tuple[str, str]]:
    """Where the entry stands on lists, recognitions first; 未见认定 where on none."""
    seals = [
        (_seal(badge.list_name, badge.status, badge.year, words), badge.status in RECOGNISED)
        for badge in entry.badges
    ]
    seals.sort(key=lambda seal: not seal[1])
    told = [(text, "seal" if is_seal else "seal no") for text, is_seal in dict(seals).items()]
    return told or [(words(STATUSES["not_found"]), "seal no")]


def _seal(list_name: str, status: str, year: int | None, words: Words) -> str:
    name = list_name.removeprefix("中国地名文化遗产·").removesuffix("地名文化遗产")
    state = "" if status == "recognized" else words(STATUSES.get(status, status))
    return " · ".join(filter(None, (name, state, str(year or ""))))


def list_choices(session: StandbySession, asked: CatalogueFilter, words: Words) -> list[Choices]:
    """The facets of what is found, each value with its link; a chosen one leads back out."""
    facets = count_facets(session, asked.wanted)
    county = facets["county"] if asked.place or not facets["city"] else facets["city"]
    order = {age: at for at, age in enumerate(AGES)}
    ages = sorted(facets["dynasty"], key=lambda facet: order.get(facet.value, 99))
    ranks = {kind: at for at, kind in enumerate(CLASSES)}
    kinds = sorted(facets["heritage_class"], key=lambda facet: ranks.get(facet.value, 99))
    choose = _Chooser(asked, words)
    return [
        Choices(words(mark("类别")), *choose("kind", kinds, CLASSES)),
        Choices(
            words(mark("县市区")) if asked.place else words(mark("地区")),
            *choose("place", county, {}),
            True,
        ),
        Choices(words(mark("始见朝代")), *choose("dynasty", ages, DYNASTIES)),
        Choices(words(mark("名录")), *choose("scheme", facets["scheme"], {}), True),
    ]


@dataclass(frozen=True, slots=True)
class _Chooser:
    """Makes the choices of one field of an inquiry: those shown at once, and the rest."""

    asked: CatalogueFilter
    words: Words

    def __call__(
        self, field: str, facets: Sequence[Facet], labels: Mapping[str, str]
    ) -> tuple[list[FacetChoice], list[FacetChoice]]:
        now, counts = getattr(self.asked, field), Counter[str]()
        names: dict[str, str] = {}
        for facet in facets:
            counts[facet.value] += facet.count
            names.setdefault(facet.value, labels.get(facet.value, facet.label))
        choices = [
            FacetChoice(
                self.words(name),
                counts[value],
                self.asked.link(**{field: "" if value == now else value}),
                value == now,
            )
            for value, name in names.items()
        ]
        return choices[:MOST_VALUES], choices[MOST_VALUES:]


def list_all(session: StandbySession, asked: CatalogueFilter) -> list[EntrySummary]:
    """Everything that fits, for the sketch and the ages."""
    return list_summaries(session, asked.wanted, limit=MOST)


def draw(entries: Sequence[EntrySummary], asked: CatalogueFilter) -> EntrySketch:
    """The sketch of what is found: the whole province, or its part when a place is chosen."""
    return draw_sketch(entries, zoomed=bool(asked.place))


def draw_small(entries: Sequence[EntrySummary], asked: CatalogueFilter) -> EntrySketch:
    """The same for a phone: seen whole at a third of the size, with fewer and larger marks."""
    return draw_sketch(entries, zoomed=bool(asked.place), enlarged=SMALLER)


def draw_peek(session: StandbySession, asked: CatalogueFilter) -> EntrySketch:
    """The small sketch at the entrance: every entry a mark of its own."""
    return draw_sketch(list_all(session, asked), apart=3.0)


def narrower(entries: Sequence[EntrySummary], asked: CatalogueFilter) -> str:
    """Where a mark of several entries leads: to their city or county, or to their list."""
    cities = {one.division[:4] for one in entries}
    counties = {one.division[:6] for one in entries}
    if len(counties) == 1 and asked.place not in counties:
        return asked.link(place=counties.pop())
    if len(cities) == 1 and asked.place not in {*cities, *counties}:
        return asked.link(place=cities.pop())
    return asked.link(place=next(iter(counties)), show=Show.LIST)


def list_ages(entries: Sequence[EntrySummary], asked: CatalogueFilter, words: Words) -> list[Age]:
    """The entries by the dynasty of their first year, in order; undated ones last."""
    ages: dict[str, list[tuple[int, EntrySummary]]] = {age: [] for age in (*AGES, "")}
    for entry in entries:
        year = first_year(entry)
        ages[dynasty_of(year) if year else entry.dynasty].append((year or 9999, entry))
    return [
        Age(
            words(DYNASTIES[word]) if word else words(mark("年代未考")),
            [
                (say_year(year, words) if year != 9999 else "", make_card(entry, asked, words))
                for year, entry in sorted(found, key=lambda one: (one[0], one[1].id))
            ],
        )
        for word, found in ages.items()
        if found
    ]


def first_year(entry: EntrySummary) -> int | None:
    """The earlier of the settlement's and the name's first year."""
    years = [year for year in (entry.settlement_since, entry.name_since) if year is not None]
    return min(years, default=None)


@dataclass(frozen=True, slots=True)
class CountBar:
    """A century with its number of entries; left and width in hundredths of the whole."""

    label: str
    total: int
    left: float
    width: float
    height: float


def list_bars(entries: Sequence[EntrySummary], today: int, words: Words) -> list[CountBar]:
    """How many places begin in each century from the first to this one."""
    years = [year for year in map(first_year, entries) if year is not None]
    if not years:
        return []
    counts = dict.fromkeys(range(min(years) // 100, today // 100 + 1), 0)
    for year in years:
        counts[year // 100] += 1
    step, most = 100 / len(counts), max(counts.values())
    return [
        CountBar(
            _century(century, words, is_first=not at),
            total,
            round(at * step, 2),
            round(step * 0.78, 2),
            round(100 * total / most, 1),
        )
        for at, (century, total) in enumerate(counts.items())
    ]


def _century(century: int, words: Words, *, is_first: bool) -> str:
    """The words under a bar: the first one, and every fifth hundred years up to 1500."""
    if is_first:
        return say_year(century * 100 or 1, words)
    return str(century * 100) if century in (5, 10, 15) else ""

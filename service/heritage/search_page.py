"""The catalogue's three views: list with facets, map sketch, timeline."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from address_model.heritage.years import DYNASTIES as AGES
from address_model.heritage.years import dynasty_of
from service.core.paging import page_of
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
"""At most this many entries on the sketch or the timeline."""

SMALLER = 2.8
"""How many times smaller the drawing appears on a phone."""

MOST_VALUES = 14


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """A value of a facet: label, number of entries, link, whether it is selected."""

    label: str
    count: int
    link: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """A facet with its values; those after the first ``MOST_VALUES`` are in ``more``."""

    title: str
    first: list[FacetChoice]
    more: list[FacetChoice]
    is_chinese: bool = False
    """Whether its values are Chinese names in every language."""


@dataclass(frozen=True, slots=True)
class Card:
    """An entry in the list."""

    entry: EntrySummary
    link: str
    class_name: str
    family: str
    story: str
    ages: str
    seals: list[tuple[str, str]]
    """(text, CSS class: ``seal`` if recognised, else ``seal no``)"""


@dataclass(frozen=True, slots=True)
class Age:
    """A dynasty with the entries that begin in it."""

    word: str
    cards: list[tuple[str, Card]]
    """(year in words, card)"""


def list_cards(
    session: StandbySession, filters: CatalogueFilter, words: Words
) -> tuple[list[Card], str]:
    """One page of entries, and the link to the next page or ""."""
    found = list_summaries(session, filters.wanted, after=filters.after, limit=PER_PAGE + 1)
    shown, following = page_of(found, PER_PAGE, attrgetter("id"))
    further = ""
    if following:
        joint = "&" if filters.link() != "/heritage" else "?"
        further = f"{filters.link()}{joint}after={following}"
    return [make_card(one, filters, words) for one in shown], further


def make_card(entry: EntrySummary, filters: CatalogueFilter, words: Words) -> Card:
    """The card of an entry in the page's language."""
    english = filters.lang == "en"
    ages = []
    if entry.settlement_since is not None:
        ages.append(words(mark("聚落始于{year}"), year=say_year(entry.settlement_since, words)))
    if entry.name_since is not None:
        ages.append(words(mark("地名始见于{year}"), year=say_year(entry.name_since, words)))
    return Card(
        entry,
        f"/heritage/{entry.id}{filters.carried}",
        say_class(entry.heritage_class, entry.class_name, words),
        family_of(entry.heritage_class),
        (entry.story_en if english and entry.story_en else entry.story_zh),
        " · ".join(ages),
        list_seals(entry, words),
    )


def list_seals(entry: EntrySummary, words: Words) -> list[tuple[str, str]]:
    """The listings of an entry, recognitions first; 暂未列入名录 if there are none."""
    seals: dict[str, str] = {}
    for badge in sorted(entry.badges, key=lambda badge: badge.status not in RECOGNISED):
        status = badge.status
        name = badge.list_name.removeprefix("中国地名文化遗产·").removesuffix("地名文化遗产")
        state = "" if status == "recognized" else words(STATUSES.get(status, status))
        text = " · ".join(filter(None, (name, state, str(badge.year or ""))))
        seals[text] = "seal" if status in RECOGNISED else "seal no"
    return list(seals.items()) or [(words(STATUSES["not_found"]), "seal no")]


def list_choices(session: StandbySession, filters: CatalogueFilter, words: Words) -> list[Choices]:
    """The facets of the entries found; the link of a selected value removes it."""
    facets = count_facets(session, filters.wanted)
    county = facets["county"] if filters.place or not facets["city"] else facets["city"]
    order = {age: at for at, age in enumerate(AGES)}
    ages = sorted(facets["dynasty"], key=lambda facet: order.get(facet.value, 99))
    ranks = {kind: at for at, kind in enumerate(CLASSES)}
    kinds = sorted(facets["heritage_class"], key=lambda facet: ranks.get(facet.value, 99))
    choose = _Chooser(filters, words)
    return [
        Choices(words(mark("类别")), *choose("kind", kinds, CLASSES)),
        Choices(
            words(mark("县市区")) if filters.place else words(mark("地区")),
            *choose("place", county, {}),
            True,
        ),
        Choices(words(mark("始见朝代")), *choose("dynasty", ages, DYNASTIES)),
        Choices(words(mark("入选名录")), *choose("scheme", facets["scheme"], {}), True),
    ]


@dataclass(frozen=True, slots=True)
class _Chooser:
    """Makes the choices of one field: those shown at once, and the rest."""

    filters: CatalogueFilter
    words: Words

    def __call__(
        self, field: str, facets: Sequence[Facet], labels: Mapping[str, str]
    ) -> tuple[list[FacetChoice], list[FacetChoice]]:
        now, counts = getattr(self.filters, field), Counter[str]()
        names: dict[str, str] = {}
        for facet in facets:
            counts[facet.value] += facet.count
            names.setdefault(facet.value, labels.get(facet.value, facet.label))
        choices = [
            FacetChoice(
                self.words(name),
                counts[value],
                self.filters.link(**{field: "" if value == now else value}),
                value == now,
            )
            for value, name in names.items()
        ]
        return choices[:MOST_VALUES], choices[MOST_VALUES:]


def list_all(session: StandbySession, filters: CatalogueFilter) -> list[EntrySummary]:
    """All matching entries, at most ``MOST``, for sketch and timeline."""
    return list_summaries(session, filters.wanted, limit=MOST)


def draw(entries: Sequence[EntrySummary], filters: CatalogueFilter) -> EntrySketch:
    """The sketch of entries: the whole province, or the part of a selected place."""
    return draw_sketch(entries, zoomed=bool(filters.place))


def draw_small(entries: Sequence[EntrySummary], filters: CatalogueFilter) -> EntrySketch:
    """The same for a phone, which shows it smaller: with fewer and larger marks."""
    return draw_sketch(entries, zoomed=bool(filters.place), enlarged=SMALLER)


def draw_overview(session: StandbySession, filters: CatalogueFilter) -> EntrySketch:
    """The small sketch of the start page: one mark per entry."""
    return draw_sketch(list_all(session, filters), apart=3.0)


def narrow_link(entries: Sequence[EntrySummary], filters: CatalogueFilter) -> str:
    """The link of a mark with several entries: their county, their city, or their list."""
    cities = {one.division[:4] for one in entries}
    counties = {one.division[:6] for one in entries}
    if len(counties) == 1 and filters.place not in counties:
        return filters.link(place=counties.pop())
    if len(cities) == 1 and filters.place not in {*cities, *counties}:
        return filters.link(place=cities.pop())
    return filters.link(place=next(iter(counties)), show=Show.LIST)


def list_ages(entries: Sequence[EntrySummary], filters: CatalogueFilter, words: Words) -> list[Age]:
    """The entries by the dynasty of their first year; undated ones last."""
    ages: dict[str, list[tuple[int, EntrySummary]]] = {age: [] for age in (*AGES, "")}
    for entry in entries:
        year = first_year(entry)
        ages[dynasty_of(year) if year else entry.dynasty].append((year or 9999, entry))
    return [
        Age(
            words(DYNASTIES[word]) if word else words(mark("年代未考")),
            [
                (say_year(year, words) if year != 9999 else "", make_card(entry, filters, words))
                for year, entry in sorted(found, key=lambda one: (one[0], one[1].id))
            ],
        )
        for word, found in ages.items()
        if found
    ]


def first_year(entry: EntrySummary) -> int | None:
    """The earlier of the first years of settlement and name, or None."""
    years = [year for year in (entry.settlement_since, entry.name_since) if year is not None]
    return min(years, default=None)


@dataclass(frozen=True, slots=True)
class CountBar:
    """A century with its number of entries; positions and sizes in percent."""

    label: str
    total: int
    left: float
    width: float
    height: float


def list_bars(entries: Sequence[EntrySummary], today: int, words: Words) -> list[CountBar]:
    """The number of places that begin in each century, up to the present one."""
    years = [year for year in map(first_year, entries) if year is not None]
    if not years:
        return []
    counts = dict.fromkeys(range(min(years) // 100, today // 100 + 1), 0)
    for year in years:
        counts[year // 100] += 1
    step, most = 100 / len(counts), max(counts.values())
    labels = {century: str(century * 100) for century in (5, 10, 15)}
    first = next(iter(counts))
    labels[first] = say_year(first * 100 or 1, words)
    return [
        CountBar(
            labels.get(century, ""),
            total,
            round(at * step, 2),
            round(step * 0.78, 2),
            round(100 * total / most, 1),
        )
        for at, (century, total) in enumerate(counts.items())
    ]

"""The timeline of a place's names, as strips on an axis from its first year to today."""

from dataclasses import dataclass

from address_model.heritage.catalogue import CatalogueEntry
from address_model.heritage.years import dynasty_of, years_between
from service.core.words import Words, mark
from service.heritage.labels import DYNASTIES, FORMS, say_year

_EDGE = 100
"""Years drawn beyond the known end of a span whose other end is unknown."""

_FADED, _WHOLE = "faded", ""


@dataclass(frozen=True, slots=True)
class Strip:
    """A period of a name, in percent of the axis; ``look`` is the CSS class of its uncertainty."""

    left: float
    width: float
    look: str


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A name with its kind, years in words, strips and source."""

    name: str
    kind: str
    years: str
    strips: tuple[Strip, ...]
    citation: str = ""
    is_present: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis where a dynasty begins, in percent."""

    at: float
    word: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The first and last year drawn."""

    first: int
    last: int

    def at(self, year: int) -> float:
        """The position of a year, in percent of the axis."""
        whole = years_between(self.first, self.last) or 1
        gone = years_between(self.first, year) if year > self.first else 0
        return round(100 * min(gone / whole, 1), 2)

    def strip(self, first: int, last: int, look: str) -> Strip:
        """The strip of a span, at least 0.8 % wide."""
        left = self.at(first)
        return Strip(left, round(max(self.at(last) - left, 0.8), 2), look)


def list_spans(entry: CatalogueEntry, today: int, words: Words) -> tuple[Axis, list[NameSpan]]:
    """The axis and the names of an entry on it, earliest first, those without years last."""
    known = [one.year for one in entry.attestations]
    known += [year for form in entry.place.forms for year in (form.year_from, form.year_to)]
    years = [year for year in (*known, entry.name_since, entry.settlement_since) if year]
    first = min(years, default=today - 1000)
    axis = Axis(min(first - 20 if abs(first) > 20 else first, today - 200), today)
    spans = [_present_span(entry, axis, words)]
    for form in entry.place.forms:
        begins, last = form.year_from, form.year_to
        strips: tuple[Strip, ...] = ()
        if begins is not None and last is not None:
            said = f"{say_year(begins, words)}—{say_year(last, words)}"
            strips = (axis.strip(begins, last, _WHOLE),)
        elif last is not None:
            said = words(mark("止于{year}"), year=say_year(last, words))
            strips = (axis.strip(max(axis.first, last - _EDGE), last, _FADED),)
        elif begins is not None:
            said = words(mark("始于{year}"), year=say_year(begins, words))
            strips = (axis.strip(begins, min(begins + _EDGE, axis.last), _FADED),)
        else:
            said = words(mark("年代未考"))
        kind = words(FORMS.get(form.kind, form.kind))
        spans.append(NameSpan(form.text, kind, form.calendar_text or said, strips, form.citation))
    spans.sort(key=lambda span: min((strip.left for strip in span.strips), default=101))
    return axis, spans


def list_ticks(axis: Axis, words: Words) -> list[Tick]:
    """The dynasties that begin on the axis, without those whose labels would overlap."""
    ticks: list[Tick] = [Tick(0, words(DYNASTIES[dynasty_of(axis.first)]))]
    for dynasty, year in _BEGINNINGS.items():
        at, word = axis.at(year), words(DYNASTIES[dynasty])
        free = ticks[-1].at + _wide(ticks[-1].word) + 2
        if year > axis.first and free <= at <= 92 - _wide(word):
            ticks.append(Tick(at, word))
    return ticks


def _wide(word: str) -> float:
    """The width of a word in percent of the axis, on a small phone with large text."""
    return sum(2.6 if letter.isascii() else 5.5 for letter in word)


_BEGINNINGS = {
    "秦": -221,
    "汉": -206,
    "三国": 220,
    "晋": 266,
    "南北朝": 420,
    "隋": 581,
    "唐": 618,
    "五代": 907,
    "宋": 960,
    "元": 1271,
    "明": 1368,
    "清": 1644,
    "民国": 1912,
}


def _present_span(entry: CatalogueEntry, axis: Axis, words: Words) -> NameSpan:
    name, since = entry.place.standard_name, entry.name_since
    if since is None:
        return NameSpan(name, words(mark("现名")), words(mark("始见年代未考")), (), is_present=True)
    is_limit = entry.name_precision == "not_after"
    look = "circa" if is_limit or entry.name_precision == "circa" else _WHOLE
    strips, start = [], since
    breaks = [
        (form.year_from, form.year_to)
        for form in entry.place.forms
        if form.kind == "former" and form.year_from and form.year_to and form.year_from > since
    ]
    for first, last in sorted(breaks, key=lambda years: years[0]):
        if first >= start:
            strips.append(axis.strip(start, first, look))
            start = last
    strips.append(axis.strip(start, axis.last, look))
    said = mark("至迟{first}已有，至今") if is_limit else mark("{first}至今")
    years = words(said, first=say_year(since, words))
    return NameSpan(name, words(mark("现名")), years, tuple(strips), is_present=True)

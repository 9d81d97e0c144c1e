"""Draws the town and the scans that ``scan_simulator`` describes; nothing here is tuned."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from address_model.tokens import ALPHABET

DAYS, PLATES, TOWNSHIPS = 90, 10_000, 20
FIRST_DAY = date(2026, 3, 2)
"""A Monday; days 60 to 66 are the first week of May."""
JUDGED_FROM = 30
HOLIDAY = range(60, 67)
KINDS = {"shop": (600, 8.0), "office": (200, 3.0), "door": (9200, 0.02)}
WEEK = {
    "shop": (0.9, 0.9, 0.9, 0.9, 1.0, 1.3, 1.1),
    "office": (1.3, 1.3, 1.3, 1.3, 1.3, 0.4, 0.1),
    "door": (1.0,) * 7,
}
ON_HOLIDAY = {"shop": 0.5, "office": 0.1, "door": 1.5}
HOURS = {"shop": (9, 21), "office": (8, 17), "door": (8, 22)}
ALL_HOURS = (0, 24)
CREW_HOURS = (8, 17)


@dataclass(frozen=True)
class Scans:
    """Scans of one plate in one hour."""

    token: str
    day: int
    hour: int
    count: int
    outcome: str = "current"


@dataclass
class SimulatedTown:
    """One seed's town: kinds and means of plates, what was planted, and all scans."""

    seed: int
    tokens: list[str] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    means: dict[str, float] = field(default_factory=dict)
    hung: dict[str, int] = field(default_factory=dict)
    taken_down: set[str] = field(default_factory=set)
    copies: dict[str, int] = field(default_factory=dict)
    silent: dict[str, int] = field(default_factory=dict)
    forgeries: dict[str, int] = field(default_factory=dict)
    """The shared beginning of each series, and its first day."""
    counts: Counter[tuple[str, int, int, str]] = field(default_factory=Counter)
    unknown: Counter[tuple[int, str]] = field(default_factory=Counter)
    """Scans of unknown tokens by day and whole token; what is kept of them is the counter's."""

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(self.seed)
        self._settle()
        self._plant()
        self._scan()

    def rows(self) -> Iterator[Scans]:
        """All scans of plates."""
        for (token, day, hour, outcome), count in self.counts.items():
            yield Scans(token, day, hour, count, outcome)

    def _settle(self) -> None:
        self.tokens = self._draw_tokens(PLATES + 40)
        kinds = [kind for kind, (count, _) in KINDS.items() for _ in range(count)]
        for token, kind in zip(self.tokens, [*kinds, *["door"] * 40], strict=True):
            factor = float(np.exp(self.random.normal(-0.08, 0.4)))  # mean 1 with sigma 0.4
            self.kinds[token], self.means[token] = kind, KINDS[kind][1] * factor
        self.taken_down = set(self.tokens[PLATES:])
        shops = [token for token in self.tokens if self.kinds[token] == "shop"]
        self.open_all_night = set(shops[:20])
        self.free = {
            kind: [t for t in self.tokens[:PLATES] if self.kinds[t] == kind] for kind in KINDS
        }
        self.free["shop"] = shops[20:]
        for some in self.free.values():
            self.random.shuffle(some)

    def _plant(self) -> None:
        for kind in KINDS:
            for token in self._take(kind, 10):
                self.copies[token] = self._begin()
        busy = [t for kind in ("shop", "office") for t in self.free[kind] if self.means[t] >= 1]
        for at in self.random.choice(len(busy), 50, replace=False):
            self.silent[busy[at]] = self._begin()
            self.free[self.kinds[busy[at]]].remove(busy[at])
        self.new_shops = self._take("shop", 40)
        self.turned = {token: int(self.random.integers(0, DAYS)) for token in self._take("door", 6)}
        for token in self.new_shops:
            self.hung[token] = int(self.random.integers(5, 81))

    def _scan(self) -> None:
        closed: dict[str, range] = {}
        promoted: dict[str, range] = {}
        for token in self._take("shop", 60):
            day = int(self.random.integers(0, DAYS))
            closed[token] = range(day, day + int(self.random.integers(3, 10)))
        for token in self._take("shop", 60):
            day = int(self.random.integers(0, DAYS))
            promoted[token] = range(day, day + int(self.random.integers(1, 4)))
        for token in self.tokens[:PLATES]:
            self._scan_plate(token, closed.get(token, range(0)), promoted.get(token, range(0)))
        for at, (token, since) in enumerate(self.copies.items()):
            hours = ALL_HOURS if at % 2 else (16, 24)
            for day in range(since, DAYS):
                self._add(token, day, int(self.random.poisson(20)), hours)
        self._visit()
        self._mistype()
        self._forge()

    def _scan_plate(self, token: str, closed: range, promoted: range) -> None:
        kind = self.kinds[token]
        days = np.arange(DAYS)
        turned, end = self.turned.get(token, DAYS), self.silent.get(token, DAYS)
        first = self.hung.get(token, -1) + 1
        means = np.where(days >= turned, self.means[token] / 0.02 * 8, self.means[token])
        season = 1 + 0.2 * np.sin(2 * np.pi * days / DAYS)
        week = np.array(WEEK[kind])[days % 7]
        holiday = np.where((days >= HOLIDAY.start) & (days < HOLIDAY.stop), ON_HOLIDAY[kind], 1.0)
        means = means * season * week * holiday * self.random.gamma(8, 1 / 8, DAYS)
        for day in promoted:
            if day < DAYS:
                means[day] *= 3
        counts = self.random.poisson(means)
        counts[:first] = 0
        counts[end:] = 0
        for day in closed:
            if day < DAYS:
                counts[day] = 0
        hours = ALL_HOURS if token in self.open_all_night else HOURS[kind]
        for day, count in enumerate(counts):
            self._add(token, day, int(count), hours)

    def _visit(self) -> None:
        for token in self._take("door", 40):
            day = int(self.random.integers(0, DAYS))
            self._add(token, day, int(self.random.integers(5, 26)), (12, 22))
        for _ in range(20):
            day, start = int(self.random.integers(0, DAYS)), int(self.random.integers(0, 9900))
            for token in self.tokens[start : start + 100]:
                self._add(token, day, int(self.random.integers(1, 3)), CREW_HOURS)
        for token, day in self.hung.items():
            self._add(token, day, int(self.random.integers(1, 4)), CREW_HOURS)
        for token in sorted(self.taken_down):
            day = int(self.random.integers(0, DAYS))
            self._add(token, day, int(self.random.integers(1, 4)), CREW_HOURS, "void")

    def _mistype(self) -> None:
        worn = self._draw_tokens(5)
        for day in range(DAYS):
            for _ in range(60):
                real = self.tokens[int(self.random.integers(0, PLATES))]
                at, to = int(self.random.integers(0, 10)), self._draw(1)
                wrong = real[:at] + to + real[at + 1 :]
                self.unknown[day, wrong] += 2 if self.random.random() < 0.2 else 1
            for token in self._draw_tokens(15):
                self.unknown[day, token] += 1
            self.unknown[day, "1234567890"] += 1
            for token in worn:
                self.unknown[day, token] += int(self.random.poisson(1))

    def _forge(self) -> None:
        for begins, series in self._series():
            since = self._begin()
            self.forgeries[begins] = since
            for day in range(since, DAYS):
                for _ in range(int(self.random.poisson(10))):
                    self.unknown[day, series[int(self.random.integers(0, len(series)))]] += 1

    def _series(self) -> Iterator[tuple[str, list[str]]]:
        head = self._draw(6)
        yield head, [f"{head}{self._digits(n, 4)}" for n in range(700, 900)]
        one = self._draw(10)
        yield one, [one]
        head = self._draw(8)
        yield head, [f"{head}{self._digits(n, 2)}" for n in range(32)]
        head = self._draw(4)
        yield head, [head + self._draw(6) for _ in range(5000)]
        head = self._draw(6)
        yield head, [head + self._draw(4) for _ in range(3)]

    def _add(
        self, token: str, day: int, count: int, hours: tuple[int, int], outcome: str = "current"
    ) -> None:
        for hour in self.random.integers(*hours, count):
            self.counts[token, day, int(hour), outcome] += 1

    def _begin(self) -> int:
        return int(self.random.integers(35, 75))

    def _take(self, kind: str, count: int) -> list[str]:
        taken, self.free[kind] = self.free[kind][:count], self.free[kind][count:]
        return taken

    def _draw(self, length: int) -> str:
        return "".join(ALPHABET[n] for n in self.random.integers(0, 32, length))

    def _draw_tokens(self, count: int) -> list[str]:
        drawn = self.random.integers(0, 32, (count, 10))
        return ["".join(ALPHABET[n] for n in row) for row in drawn]

    @staticmethod
    def _digits(number: int, length: int) -> str:
        return "".join(ALPHABET[(number >> 5 * at) & 31] for at in reversed(range(length)))


def day_of_town(day: int) -> date:
    """The date of a day by its number."""
    return FIRST_DAY + timedelta(days=day)


def townships_of(tokens: list[str]) -> dict[int, list[str]]:
    """The plates of each township: every twentieth."""
    found: dict[int, list[str]] = defaultdict(list)
    for at, token in enumerate(tokens):
        found[at % TOWNSHIPS].append(token)
    return found

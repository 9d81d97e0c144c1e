"""What one writer has at hand: the town, the records that all writers share, its own chance."""

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from service.core.database import Database
from tests.town import Town

T = TypeVar("T")
DOORS, OTHERS = 8, 6


@dataclass
class Pool:
    """Records that all writers share; new ones take the places of old ones, which may have ended.

    ``streets`` are numbers of places; batches, decisions and work items have their own.
    """

    codes: list[str]
    tokens: list[str]
    streets: list[str] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    decisions: list[int] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    services: list[int] = field(default_factory=list)
    facilities: list[int] = field(default_factory=list)
    datasets: list[int] = field(default_factory=list)
    webhooks: list[int] = field(default_factory=list)

    @classmethod
    def make(cls, town: Town) -> "Pool":
        """A few doors, each with a plate in use."""
        codes = town.enter(DOORS)
        return cls(codes, [town.hang(code) for code in codes])


@dataclass
class Hand:
    """One writer: what it draws from is shared, its chance and its folder are its own."""

    town: Town
    pool: Pool
    drawn: random.Random
    folder: Path

    @property
    def database(self) -> Database:
        """Where all write."""
        return self.town.database

    def number(self) -> int:
        """A number that nobody has had."""
        return next(self.town.numbers)

    def code(self) -> str:
        """The code of a door that others work with too."""
        return self.drawn.choice(self.pool.codes)

    def codes(self, count: int) -> list[str]:
        """Several of them, in no order."""
        return self.drawn.sample(self.pool.codes, count)

    def token(self) -> str:
        """A plate that others work with too."""
        return self.drawn.choice(self.pool.tokens)

    def renew(self) -> None:
        """Put a fresh door with a plate in the place of one that may have ended."""
        (code,) = self.town.enter()
        at = self.drawn.randrange(len(self.pool.codes))
        self.pool.codes[at], self.pool.tokens[at] = code, self.town.hang(code)

    def share(self, records: list[T], made: T) -> T:
        """Let others work with a record too, in the place of one of those there are; return it."""
        if len(records) < OTHERS:
            records.append(made)
        else:
            records[self.drawn.randrange(len(records))] = made
        return made

"""A record that somebody is about to change, as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a register as it stands, locked by whoever changes it.

    ``resource`` and ``subject`` are those of its entries in the audit chain; ``title`` names it to
    people, and ``facts`` say what stands in it, by their Chinese names.
    """

    resource: str
    subject: str
    title: str
    version: int
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """The facts in one line; what is empty is left out."""
        return "，".join(f"{name}：{value}" for name, value in self.facts.items() if value)

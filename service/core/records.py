"""The current state of a record that is about to be changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Record:
    """The current row of a register, locked by its editor.

    ``resource`` and ``subject`` identify its audit entries; ``title`` names it to people, and
    ``facts`` are its values by their Chinese labels.
    """

    resource: str
    subject: str
    title: str
    version: int
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """The non-empty facts in one line."""
        return "，".join(f"{name}：{value}" for name, value in self.facts.items() if value)

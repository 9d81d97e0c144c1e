"""Who does something: a person, a department's program, or the system itself."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Actor:
    """A plain value, so that the audit chain needs to know nothing of accounts."""

    kind: str
    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """The actor that ``str`` wrote."""
        kind, _, name = text.partition(":")
        return cls(kind, name)

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


COMMAND_LINE = Actor("system", "command line")
"""Whoever holds a shell on the server."""

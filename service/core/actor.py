"""Who performs an action: a person, a department's program, or the system itself."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor as a plain value, so that the audit chain does not depend on accounts."""

    kind: str
    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse the result of ``str``."""
        kind, _, name = text.partition(":")
        return cls(kind, name)

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


COMMAND_LINE = Actor("system", "command line")
"""Anybody with a shell on the server."""

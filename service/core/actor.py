"""Who performs an action: a person, a department's program, or the system itself."""

from typing import NamedTuple, Self


class Actor(NamedTuple):
    """An actor as a plain value, so that the audit chain does not depend on accounts.

    A tuple, because every call of a program is counted under it.
    """

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

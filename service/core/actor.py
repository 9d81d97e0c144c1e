"""Who performs an action: a person, a department's program, or the system itself."""

from collections.abc import Mapping
from types import MappingProxyType
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

_NOBODY_KNOWN: Mapping[str, str] = MappingProxyType({})


def name_actor(text: str, people: Mapping[str, str] = _NOBODY_KNOWN) -> str:
    """Who acted, in the words of pages; ``text`` is an actor as stored, or empty for nobody.

    ``people`` has the names of persons by account; without one the account stands for its owner.
    """
    if not text:
        return ""
    actor = Actor.parse(text)
    if actor.kind in ("staff", "shell"):
        name = people.get(actor.name, actor.name)
        return f"{name}（命令行）" if actor.kind == "shell" else name
    if actor.kind == "client":
        return f"接口 {actor.name}"
    if actor.kind == "resident":
        return "居民"
    return "命令行" if actor == COMMAND_LINE else "系统"

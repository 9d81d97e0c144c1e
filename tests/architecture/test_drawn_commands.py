"""Whatever command a page, a call, a run or the command line gives, writers at once draw it too.

A command is a public function of a room's ``commands`` that a module beside them refers to, and
that writes to a register of the feed or to the audit chain. The drill of eight writers
(``tests/writer_steps``, ``tests/command_pairs.py``) gives each of them, or it stands here with why
not.
"""

from functools import cache

from tests.architecture.references import References
from tests.architecture.source_tree import modules_of_tests, source_modules

NOTED = {
    "service.audit.commands.record",
    "service.changes.commands.announce",
    "service.changes.commands.record",
}
"""What each write is told by, in the end."""

DRAWN_FROM = ("tests.command_pairs", "tests.writer_steps.")

NOT_DRAWN = {
    "service.audit.commands.begin_heads": "after a restore; its file has drills of its own",
    "service.addresses.commands.entry.raise_counters": "after a restore, with nobody beside it",
}
"""Commands that no writer gives, with the reason."""


@cache
def references() -> References:
    made = [module for module in modules_of_tests() if not module.path.name.startswith("test_")]
    return References.read([*source_modules(), *made])


def is_command(name: str) -> bool:
    """Whether a definition stands in a room's commands and may be called from beside them."""
    parts = name.split(".")
    return parts[0] == "service" and parts[2:3] == ["commands"] and references().is_function(name)


def is_beside_commands(module: str) -> bool:
    parts = module.split(".")
    return parts[0] == "tests" or (parts[0] == "service" and parts[2:3] != ["commands"])


@cache
def given_commands() -> frozenset[str]:
    """The commands that are given from somewhere in the service, and write."""
    known = references()
    writing = NOTED | known.leading_to(NOTED)
    beside = [name for name, where in known.module_of.items() if is_beside_commands(where)]
    given = {one for name in beside if name.startswith("service.") for one in known.of(name)}
    return frozenset(one for one in given & writing if is_command(one))


@cache
def drawn_commands() -> frozenset[str]:
    """The commands that writers give, themselves or by a run's handler."""
    known = references()
    starts = [name for name in known.nodes if name.startswith(DRAWN_FROM)]
    return frozenset(known.reached(starts, is_beside_commands))


def test_writers_draw_every_command_there_is() -> None:
    assert len(given_commands()) > 100
    forgotten = given_commands() - drawn_commands() - NOT_DRAWN.keys()
    assert sorted(forgotten) == []


def test_exceptions_are_commands_that_nobody_draws() -> None:
    assert sorted(NOT_DRAWN.keys() - given_commands()) == []
    assert sorted(NOT_DRAWN.keys() & drawn_commands()) == []

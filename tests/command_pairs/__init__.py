"""Pairs of commands that share a lock, each over records of its own."""

from collections.abc import Callable
from inspect import getmembers, isfunction

from tests.command_pairs import borders, doors_and_plates, places, registers
from tests.interleaving import Step
from tests.town import Town

PAIRS: dict[str, Callable[[Town], tuple[Step, Step]]] = {
    name: pair
    for module in (borders, doors_and_plates, places, registers)
    for name, pair in getmembers(module, isfunction)
    if pair.__module__ == module.__name__ and not name.startswith("_")
}
"""Each gives two steps over fresh records; at least one of them must succeed."""

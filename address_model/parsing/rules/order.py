"""The order in which the rules read, and the characters without which each finds nothing."""

from collections.abc import Callable
from functools import cache

from address_model.parsing.draft import Draft
from address_model.parsing.rules import (
    asides,
    compounds,
    lanes,
    locators,
    names,
    personal,
    rooms,
    suffixes,
    thoroughfares,
)
from address_model.parsing.rules.divisions import read_divisions
from address_model.parsing.rules.tails import read_tails
from address_model.parsing.rules.villages import read_villages

Rule = Callable[[Draft], None]
RULES: tuple[tuple[str, Rule, frozenset[str]], ...] = (
    ("divisions", read_divisions, frozenset()),
    ("personal", personal.read_personal_numbers, personal.SIGNS),
    ("asides", asides.read_asides, asides.SIGNS),
    ("suffixes", suffixes.read_suffixes, suffixes.SIGNS),
    ("compounds", compounds.read_compounds, compounds.SIGNS),
    ("mileposts", locators.read_mileposts, locators.MILE_SIGNS),
    ("thoroughfares", thoroughfares.read_thoroughfares, thoroughfares.SIGNS),
    ("zones", names.read_zones, names.ZONE_SIGNS),
    ("lanes", lanes.read_lanes, lanes.SIGNS),
    ("villages", read_villages, frozenset()),
    ("estates", names.read_estates, names.ESTATE_SIGNS),
    ("rooms", rooms.read_rooms, rooms.SIGNS),
    ("tails", read_tails, frozenset()),
    ("locators", locators.read_locators, locators.LOCATOR_SIGNS),
    ("rest", names.read_rest, frozenset()),
)
"""The name of a rule is what ``--explain`` shows; a rule without signs always looks."""

FIRST = (RULES[0][:2],)
"""What closes the divisions, so that few characters and rules are left."""
_SIGNS = frozenset().union(*(signs for _, _, signs in RULES))
_RULES_OF = {
    sign: sum(1 << index for index, (_, _, signs) in enumerate(RULES) if sign in signs)
    for sign in _SIGNS
}


def rules_for(signs: set[str]) -> tuple[tuple[str, Rule], ...]:
    """Return the rules behind the first that must look at a text with these characters."""
    wanted = 0
    for sign in signs & _SIGNS:
        wanted |= _RULES_OF[sign]
    return _chosen(wanted)


@cache
def _chosen(wanted: int) -> tuple[tuple[str, Rule], ...]:
    return tuple(
        (name, rule)
        for index, (name, rule, signs) in enumerate(RULES)
        if index and (not signs or wanted >> index & 1)
    )

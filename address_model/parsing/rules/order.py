"""The order in which the rules read; the name of a rule is what ``--explain`` shows."""

from collections.abc import Callable

from address_model.parsing.draft import Draft
from address_model.parsing.rules.asides import read_asides
from address_model.parsing.rules.divisions import read_divisions
from address_model.parsing.rules.lanes import read_lanes
from address_model.parsing.rules.locators import read_locators, read_mileposts
from address_model.parsing.rules.names import read_estates, read_rest, read_zones
from address_model.parsing.rules.suffixes import read_suffixes
from address_model.parsing.rules.tails import read_tails
from address_model.parsing.rules.thoroughfares import read_thoroughfares
from address_model.parsing.rules.villages import read_villages

RULES: tuple[tuple[str, Callable[[Draft], None]], ...] = (
    ("divisions", read_divisions),
    ("asides", read_asides),
    ("suffixes", read_suffixes),
    ("mileposts", read_mileposts),
    ("thoroughfares", read_thoroughfares),
    ("zones", read_zones),
    ("lanes", read_lanes),
    ("villages", read_villages),
    ("estates", read_estates),
    ("tails", read_tails),
    ("locators", read_locators),
    ("rest", read_rest),
)

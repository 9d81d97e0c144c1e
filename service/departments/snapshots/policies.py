"""What of a register somebody may copy: their reaches, as far as they lie in a division."""

from collections.abc import Sequence
from dataclasses import replace

from address_model.division_codes import division_prefix
from address_model.sensitivity import Reach


def narrow(reaches: Sequence[Reach], division: str) -> tuple[Reach, ...]:
    """The reaches that lie in a division (code or beginning), or the division as part of them."""
    prefix, found = division_prefix(division), dict[Reach, None]()
    for one in reaches:
        if one.division.startswith(prefix):
            found[one] = None
        elif prefix.startswith(one.division):
            found[replace(one, division=prefix)] = None
    return tuple(found)

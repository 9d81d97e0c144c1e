"""Decisions about divisions (更名, 并入) made after the shipped lists."""

from collections.abc import Sequence
from typing import NamedTuple

from address_model.division_codes import division_prefix
from address_model.divisions import CITY, COMMUNITY, COUNTY, PROVINCE, TOWNSHIP

Row = dict[str, str]
_LEVELS = {2: PROVINCE, 4: CITY, 6: COUNTY, 9: TOWNSHIP, 12: COMMUNITY}
_ORDER = {"province": 0, "city": 1, "county": 2, "town": 3, "village": 4}


class DivisionDecision(NamedTuple):
    """A division (12 digits) renamed under the same code, or merged into another."""

    old_code: str
    old_name: str
    new_code: str
    new_name: str
    year: int

    @property
    def is_merger(self) -> bool:
        """Whether the division was merged into another rather than renamed."""
        return self.old_code != self.new_code


def level_of_code(code: str) -> str:
    """The level of a division by its 12 digits: province, city, county, township, community."""
    return _LEVELS[len(division_prefix(code))]


def decided(register: Sequence[Row], decisions: Sequence[DivisionDecision]) -> list[Row]:
    """The rows of a register (code12, name, level, parent_code12) after applying decisions.

    The children of a merged division move to the one it was merged into.
    """
    rows = {row["code12"]: row for row in register}
    for one in decisions:
        if not one.is_merger and one.new_code in rows:
            rows[one.new_code] = rows[one.new_code] | {"name": one.new_name}
        elif one.is_merger and one.new_code in rows:
            rows.pop(one.old_code, None)
            for code, row in rows.items():
                if row["parent_code12"] == one.old_code:
                    rows[code] = row | {"parent_code12": one.new_code}
    return sorted(rows.values(), key=lambda row: _ORDER[row["level"]])


def former_rows(decisions: Sequence[DivisionDecision]) -> list[Row]:
    """The names ended by decisions, as rows of former names (name, level, successors …)."""
    return [
        {
            "name": one.old_name,
            "level": level_of_code(one.old_code),
            "city": "",
            "successors": final_code(one.new_code, decisions),
            "until": str(one.year),
            "note": f"{'并入' if one.is_merger else '更名为'}{one.new_name}",
        }
        for one in decisions
    ]


def final_code(code: str, decisions: Sequence[DivisionDecision]) -> str:
    """The code of the division that a code belongs to after all mergers."""
    for one in decisions:
        if one.is_merger and one.old_code == code:
            code = one.new_code
    return code

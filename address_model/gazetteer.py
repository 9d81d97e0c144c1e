"""The gazetteer: divisions by code and by every form of their names that people write."""

import csv
import gc
import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from address_model.division_decisions import DivisionDecision, decided, former_rows
from address_model.division_forms import Forms
from address_model.divisions import (
    COMMUNITY,
    PROVINCE,
    TOWNSHIP,
    Division,
    DivisionMeaning,
    community_name,
    fold_community_name,
)
from address_model.shipped import data_folder
from address_model.township_moves import TownshipMove


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Divisions by code and by every form of their names. Build it with :func:`build_gazetteer`."""

    divisions: Mapping[str, Division]
    forms: Mapping[str, tuple[DivisionMeaning, ...]]
    communities: Mapping[str, Mapping[str, Division]]
    automaton: Any = field(repr=False)
    beginnings: Mapping[str, tuple[tuple[str, int, tuple[DivisionMeaning, ...]], ...]] = field(
        repr=False
    )
    """Forms by their first two characters, shorter ones first, each with its length and
    readings."""
    counties: Mapping[str, tuple[DivisionMeaning, ...]] = field(repr=False)
    """Full names of counties, current or former, of three characters."""
    moves: tuple[TownshipMove, ...] = ()
    """Townships that used to lie in another county."""

    @cached_property
    def provinces(self) -> frozenset[str]:
        """The names of the provinces that it holds."""
        held = self.divisions.values()
        return frozenset(division.name for division in held if division.level == PROVINCE)

    def find_division(self, code: str) -> Division | None:
        """Return a division by its 12 digits, or by the first 2, 4, 6 or 9 of them."""
        return self.divisions.get(code.ljust(12, "0"))

    def find_community(self, township: Division, name: str) -> Division | None:
        """Return the community of a township by name, whatever its suffix."""
        return self.communities.get(township.code, {}).get(fold_community_name(name))

    def find_forms_at(self, text: str, start: int) -> list[tuple[int, tuple[DivisionMeaning, ...]]]:
        """The forms that begin at one place of a text: (end, readings), shorter forms first."""
        forms = self.beginnings.get(text[start : start + 2])
        if forms is None:
            return []
        return [
            (start + length, readings)
            for form, length, readings in forms
            if text.startswith(form, start)
        ]

    def find_forms(self, text: str) -> dict[int, list[tuple[int, tuple[DivisionMeaning, ...]]]]:
        """Every form in a text: (end, readings) by start, shorter forms first."""
        found: dict[int, list[tuple[int, tuple[DivisionMeaning, ...]]]] = {}
        for last, (less, readings) in self.automaton.iter(text):
            start = last - less
            if start in found:
                found[start].append((last + 1, readings))
            else:
                found[start] = [(last + 1, readings)]
        return found


_RENAMINGS = ("更名", "撤县设市", "撤县设区", "撤市设区")
_KEPT = 4
"""Cached gazetteers per process, 15 MB each; every decision about a division makes a new one."""


@lru_cache(maxsize=_KEPT)
def load_gazetteer(decisions: tuple[DivisionDecision, ...] = ()) -> Gazetteer:
    """Return the gazetteer of the shipped data, built once per process (about 0.3 s).

    Decisions, in order, add new names and turn the old ones into former names; those about
    divisions missing from the shipped lists are ignored.
    """
    folder = data_folder() / "divisions"
    register = _read_csv(folder / "zj_divisions_2023.csv.gz")
    # Counties that were renamed or changed rank. 码位改派 assigns a code to another county and is
    # not a renaming; events before 1984 are noisy.
    history = folder / "zj_history_changes_1980_2026.json"
    events = json.loads(history.read_text(encoding="utf-8"))["events"] if history.exists() else []
    renamings = [
        (event["old"]["name"], event["new"]["code"][:6])
        for event in events
        if event["type"] in _RENAMINGS and event["level"] == 3 and event["year"] >= 1984
        if event["old"]["name"] not in (event["new"]["name"], "城区", "郊区")
    ]
    gazetteer = build_gazetteer(
        register=decided(register, decisions),
        civil_affairs=_read_csv(folder / "zj_mca_2026_to_town.csv.gz"),
        former=_read_csv(folder / "zj_former_names.csv"),
        ended=former_rows(decisions),
        renamings=renamings,
        abroad=_read_csv(folder / "china_prefectures.csv"),
        moved=_read_csv(folder / "zj_moved_townships.csv"),
    )
    gc.freeze()  # else every garbage collection walks its 100,000 objects
    return gazetteer


def build_gazetteer(
    *,
    register: Iterable[dict[str, str]],
    civil_affairs: Iterable[dict[str, str]] = (),
    former: Iterable[dict[str, str]] = (),
    ended: Iterable[dict[str, str]] = (),
    renamings: Iterable[tuple[str, str]] = (),
    abroad: Iterable[dict[str, str]] = (),
    moved: Iterable[dict[str, str]] = (),
) -> Gazetteer:
    """Build a gazetteer from rows.

    Args:
        register: code12, name, level (province city county town village), parent_code12,
            parents before children.
        civil_affairs: the same columns in the civil-affairs edition; only names matter, because
            its township codes are another system.
        former: name, level, city, successors (codes separated by spaces), until, note.
        ended: the same columns, for names that ended since the lists were published.
        renamings: (old name, code of the county today).
        abroad: province, city: divisions outside the register, which have no code here.
        moved: name, county_then, code_now, year: townships that changed county.
    """
    divisions, communities = _read_register(register)
    ended = [row for row in ended if row["successors"] in divisions]
    for row in ended:
        held = divisions[row["successors"]]
        if row["level"] == COMMUNITY and held.parent is not None:
            # A former name leads to its community, unless another one has it now.
            names = communities.setdefault(held.parent.code, {})
            names.setdefault(fold_community_name(row["name"]), held)
    forms = Forms()
    for division in divisions.values():
        forms.add_division(division)
    forms.add_former((row for row in ended if row["level"] != COMMUNITY), divisions)
    forms.add_civil_affairs(civil_affairs, divisions)
    forms.add_former(former, divisions)
    forms.add_renamings(renamings, divisions)
    forms.add_abroad(abroad)
    return Gazetteer(
        MappingProxyType(divisions),
        MappingProxyType({form: tuple(readings) for form, readings in forms.readings.items()}),
        MappingProxyType(communities),
        forms.automaton(),
        MappingProxyType(forms.beginnings()),
        MappingProxyType(forms.counties()),
        tuple(
            TownshipMove(m["name"], m["county_then"], m["code_now"].ljust(12, "0"), int(m["year"]))
            for m in moved
        ),
    )


def _read_register(
    register: Iterable[dict[str, str]],
) -> tuple[dict[str, Division], dict[str, dict[str, Division]]]:
    """The divisions by code, and the communities by township and folded name."""
    divisions: dict[str, Division] = {}
    communities: dict[str, dict[str, Division]] = {}
    for row in register:
        parent = divisions.get(row["parent_code12"])
        level = {"town": TOWNSHIP, "village": COMMUNITY}.get(row["level"], row["level"])
        name = community_name(row["name"]) if level == COMMUNITY else row["name"]
        division = Division(row["code12"], name, level, parent)
        if level == COMMUNITY and parent is not None:
            names = communities.setdefault(parent.code, {})
            names.setdefault(fold_community_name(row["name"]), division)
        divisions[division.code] = division
    return divisions, communities


def _read_csv(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    read = gzip.open if path.suffix == ".gz" else open
    with read(path, "rt", encoding="utf-8", newline="") as lines:
        headings, *rows = csv.reader(lines)
    return [dict(zip(headings, row, strict=True)) for row in rows]

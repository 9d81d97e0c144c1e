"""The gazetteer: the divisions that addresses name, under every form people write, as a value."""

import csv
import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import ahocorasick

from address_model.shipped import data_folder

PROVINCE, CITY, COUNTY, TOWNSHIP, COMMUNITY = "province", "city", "county", "township", "community"
DEPTH = {PROVINCE: 0, CITY: 1, COUNTY: 2, TOWNSHIP: 3, COMMUNITY: 4}

FULL, RETYPED, SHORT, FORMER = "full", "retyped", "short", "former"
"""How a form stands to the current name: itself, with another suffix (崇贤镇 for 崇贤街道),
without suffix (崇贤), or a name that is no longer in force (江干区)."""

_SUFFIX = {
    PROVINCE: re.compile(r"(壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|省|市)$"),
    CITY: re.compile(r"(市|地区|盟|[一-龥]族自治州|自治州)$"),
    COUNTY: re.compile(r"(畲族自治县|自治县|市|区|县)$"),
    TOWNSHIP: re.compile(r"(畲族乡|畲族镇|街道|镇|乡)$"),
}
_COMMUNITY_SUFFIX = re.compile(
    r"(村民委员会|居民委员会|村委会|居委会|社区居民委员会|社区居委会|经济合作社|社区|村)$"
)
_ABOLISHED = re.compile(r"（[^）]*撤销[^）]*）$")


@dataclass(frozen=True, slots=True)
class Division:
    """One division of the register: 12-digit code (NBS 2023; empty outside it), name, level."""

    code: str
    name: str
    level: str
    parent: "Division | None"

    @property
    def depth(self) -> int:
        """0 for a province, 4 for a community."""
        return DEPTH[self.level]

    def at(self, level: str) -> "Division | None":
        """Return this division or its ancestor of a level."""
        division: Division | None = self
        while division is not None and division.level != level:
            division = division.parent
        return division

    def lies_in(self, other: "Division") -> bool:
        """Tell whether this division is the other or lies in it."""
        return self.at(other.level) is other


@dataclass(frozen=True, slots=True)
class Reading:
    """One meaning of a form: the division it names today and how the form stands to its name.

    A county that was divided has several readings, one for each successor.
    """

    division: Division
    kind: str
    level: str
    note: str = ""


@dataclass(frozen=True)
class Gazetteer:
    """Divisions by code and by every form of their names. Build it with :func:`build_gazetteer`."""

    divisions: Mapping[str, Division]
    forms: Mapping[str, tuple[Reading, ...]]
    communities: Mapping[str, Mapping[str, Division]]
    automaton: Any = field(repr=False, compare=False)
    counties: Mapping[str, tuple[Reading, ...]] = field(repr=False, compare=False)
    """The forms that are full names of counties, current or former, three characters long."""

    def find_division(self, code: str) -> Division | None:
        """Return a division by its 12 digits, or by the first 2, 4, 6 or 9 of them."""
        return self.divisions.get(code.ljust(12, "0"))

    def find_community(self, township: Division, name: str) -> Division | None:
        """Return the community of a township that a name means, whatever its suffix."""
        return self.communities.get(township.code, {}).get(fold_community_name(name))

    def find_forms(self, text: str) -> Iterator[tuple[int, int, tuple[Reading, ...]]]:
        """Every form in a text as (start, end, readings); forms may overlap."""
        for last, form in self.automaton.iter(text):
            yield last - len(form) + 1, last + 1, self.forms[form]


@cache
def load_gazetteer() -> Gazetteer:
    """Return the gazetteer of the shipped data, built once in a process (about 0.3 s)."""
    folder = data_folder() / "divisions"
    return build_gazetteer(
        register=_read_csv(folder / "zj_divisions_2023.csv.gz"),
        civil_affairs=_read_csv(folder / "zj_mca_2026_to_town.csv.gz"),
        former=_read_csv(folder / "zj_former_names.csv"),
        renamings=_read_renamings(folder / "zj_history_changes_1980_2026.json"),
        abroad=_read_csv(folder / "china_prefectures.csv"),
    )


def build_gazetteer(
    *,
    register: Iterable[dict[str, str]],
    civil_affairs: Iterable[dict[str, str]] = (),
    former: Iterable[dict[str, str]] = (),
    renamings: Iterable[tuple[str, str]] = (),
    abroad: Iterable[dict[str, str]] = (),
) -> Gazetteer:
    """Build a gazetteer from rows.

    Args:
        register: code12, name, level (province city county town village), parent_code12,
            parents before children.
        civil_affairs: the same columns in the civil-affairs edition; only names matter, because
            its township codes are another system.
        former: name, level, city, successors (codes parted by spaces), until, note.
        renamings: (old name, code of the county today).
        abroad: province, city: divisions outside the register, which have no code here.
    """
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
    forms = _Forms()
    for division in divisions.values():
        forms.add_division(division)
    forms.add_civil_affairs(civil_affairs, divisions)
    forms.add_former(former, divisions)
    forms.add_renamings(renamings, divisions)
    forms.add_abroad(abroad)
    return Gazetteer(
        MappingProxyType(divisions),
        MappingProxyType({form: tuple(readings) for form, readings in forms.readings.items()}),
        MappingProxyType(communities),
        forms.automaton(),
        MappingProxyType(
            {
                form: tuple(readings)
                for form, readings in forms.readings.items()
                if len(form) == 3 and readings and readings[0].level == COUNTY
            }
        ),
    )


class _Forms:
    """Collects the readings of every form while the gazetteer is built."""

    def __init__(self) -> None:
        self.readings: dict[str, list[Reading]] = {}

    def add(self, form: str, reading: Reading) -> None:
        known = self.readings.setdefault(form, [])
        if len(form) >= 2 and not any(
            other.division is reading.division and other.level == reading.level for other in known
        ):
            known.append(reading)

    def add_division(self, division: Division) -> None:
        if division.level == COMMUNITY:
            return
        suffix = _SUFFIX[division.level].search(division.name)
        if division.level == TOWNSHIP and not suffix:
            return  # development zones and state farms that only the statistics count as towns
        self.add(division.name, Reading(division, FULL, division.level))
        short = division.name[: suffix.start()] if suffix else ""
        if short.endswith("族"):
            short = ""
        if division.level == TOWNSHIP:
            for other in ("镇", "街道", "乡"):
                self.add(short + other, Reading(division, RETYPED, TOWNSHIP))
        if len(short) >= 2:
            self.add(short, Reading(division, SHORT, division.level))

    def add_civil_affairs(
        self, rows: Iterable[dict[str, str]], divisions: Mapping[str, Division]
    ) -> None:
        for row in rows:
            county = divisions.get(row["parent_code12"])
            if row["level"] != "town" or county is None:
                continue
            name = _ABOLISHED.sub("", row["name"])
            same = [r for r in self.readings.get(name, ()) if r.division.at(COUNTY) is county]
            if not same:
                self.add_division(Division("", name, TOWNSHIP, county))

    def add_former(self, rows: Iterable[dict[str, str]], divisions: Mapping[str, Division]) -> None:
        for row in rows:
            for code in row["successors"].split():
                division = divisions[code.ljust(12, "0")]
                note = (
                    f"{row['name']}{row['until']}年{row['note']}" if row["until"] else row["note"]
                )
                self.add(row["name"], Reading(division, FORMER, row["level"], note))
                short = _SUFFIX[row["level"]].sub("", row["name"])
                if len(short) >= 2:
                    self.add(short, Reading(division, SHORT, row["level"], note))

    def add_renamings(
        self, renamings: Iterable[tuple[str, str]], divisions: Mapping[str, Division]
    ) -> None:
        for old, code in renamings:
            division = divisions.get(code.ljust(12, "0"))
            if division is not None and old not in self.readings:
                self.add(old, Reading(division, FORMER, COUNTY, f"{old}今为{division.name}"))

    def add_abroad(self, rows: Iterable[dict[str, str]]) -> None:
        provinces: dict[str, Division] = {}
        for row in rows:
            province = provinces.get(row["province"])
            if province is None:
                province = provinces[row["province"]] = Division(
                    "", row["province"], PROVINCE, None
                )
                self.add_division(province)
            if row["city"]:
                self.add_division(Division("", row["city"], CITY, province))

    def automaton(self) -> Any:
        automaton = ahocorasick.Automaton()
        for form, readings in self.readings.items():
            if readings:
                automaton.add_word(form, form)
        automaton.make_automaton()
        return automaton


def fold_community_name(name: str) -> str:
    """A community's own name without its suffix: 高翔村村委会 and 高翔社区 are both 高翔."""
    return _COMMUNITY_SUFFIX.sub("", _COMMUNITY_SUFFIX.sub("", name)) or name


def community_name(registered: str) -> str:
    """The place name of a community: 高翔村村委会 is 高翔村, 松鹤社区居委会 is 松鹤社区."""
    name = re.sub(r"(村民委员会|村委会)$", "村", registered)
    name = re.sub(r"(居民委员会|居委会)$", "社区", name)
    return re.sub(r"(村村|社区社区|村社区)$", lambda m: m.group()[: len(m.group()) // 2], name)


def _read_csv(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _read_renamings(path: Path) -> list[tuple[str, str]]:
    """Names of counties that were renamed or raised in rank, after the published changes.

    码位改派 gives a code to another county and is no renaming; events before 1984 are noisy.
    """
    if not path.exists():
        return []
    kinds = {"更名", "撤县设市", "撤县设区", "撤市设区"}
    events = json.loads(path.read_text(encoding="utf-8"))["events"]
    return [
        (event["old"]["name"], event["new"]["code"][:6])
        for event in events
        if event["type"] in kinds and event["level"] == 3 and event["year"] >= 1984
        if event["old"]["name"] not in (event["new"]["name"], "城区", "郊区")
    ]

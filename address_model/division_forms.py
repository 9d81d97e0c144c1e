"""Collects the forms of all division names while a gazetteer is built."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import ahocorasick

from address_model.divisions import (
    ABOLISHED,
    CITY,
    COMMUNITY,
    COUNTY,
    FORMER,
    FULL,
    PROVINCE,
    RETYPED,
    SHORT,
    SUFFIX,
    TOWNSHIP,
    Division,
    DivisionMeaning,
    is_bare,
)


class Forms:
    """The readings of every form, collected while the gazetteer is built."""

    def __init__(self) -> None:
        self.readings: dict[str, list[DivisionMeaning]] = {}

    def add(self, form: str, reading: DivisionMeaning) -> None:
        """Add a reading of a form, unless it is known or the form is a single character."""
        known = self.readings.setdefault(form, [])
        if len(form) >= 2 and not any(
            other.division is reading.division and other.level == reading.level for other in known
        ):
            known.append(replace(reading, bare=is_bare(form, reading)))

    def add_division(self, division: Division) -> None:
        """Add the full name, other suffixes and the short form of a division."""
        if division.level == COMMUNITY:
            return
        suffix = SUFFIX[division.level].search(division.name)
        if division.level == TOWNSHIP and not suffix:
            return  # development zones and state farms, townships only in statistics
        self.add(division.name, DivisionMeaning(division, FULL, division.level))
        short = division.name[: suffix.start()] if suffix else ""
        if short.endswith("族"):
            short = ""
        if division.level == TOWNSHIP:
            for other in ("镇", "街道", "乡"):
                self.add(short + other, DivisionMeaning(division, RETYPED, TOWNSHIP))
        if len(short) >= 2:
            self.add(short, DivisionMeaning(division, SHORT, division.level))

    def add_civil_affairs(
        self, rows: Iterable[dict[str, str]], divisions: Mapping[str, Division]
    ) -> None:
        """Add the townships that only the civil-affairs edition knows."""
        for row in rows:
            county = divisions.get(row["parent_code12"])
            if row["level"] != "town" or county is None:
                continue
            name = ABOLISHED.sub("", row["name"])
            same = [r for r in self.readings.get(name, ()) if r.division.at(COUNTY) is county]
            if not same:
                self.add_division(Division("", name, TOWNSHIP, county))

    def add_former(self, rows: Iterable[dict[str, str]], divisions: Mapping[str, Division]) -> None:
        """Add former names, abolished counties and common misspellings."""
        for row in rows:
            for code in row["successors"].split():
                division = divisions[code.ljust(12, "0")]
                note = (
                    f"{row['name']}{row['until']}年{row['note']}" if row["until"] else row["note"]
                )
                self.add(row["name"], DivisionMeaning(division, FORMER, row["level"], note))
                short = SUFFIX[row["level"]].sub("", row["name"])
                if len(short) >= 2:
                    self.add(short, DivisionMeaning(division, SHORT, row["level"], note))

    def add_renamings(
        self, renamings: Iterable[tuple[str, str]], divisions: Mapping[str, Division]
    ) -> None:
        """Add old names of counties from the published changes."""
        for old, code in renamings:
            division = divisions.get(code.ljust(12, "0"))
            if division is not None and old not in self.readings:
                self.add(
                    old, DivisionMeaning(division, FORMER, COUNTY, f"{old}今为{division.name}")
                )

    def add_abroad(self, rows: Iterable[dict[str, str]]) -> None:
        """Add provinces and cities outside the register."""
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
        """Return the automaton that finds every form; its values are (length - 1, readings)."""
        automaton = ahocorasick.Automaton()
        for form, readings in self.readings.items():
            if readings:
                automaton.add_word(form, (len(form) - 1, tuple(readings)))
        automaton.make_automaton()
        return automaton

    def beginnings(self) -> dict[str, tuple[tuple[str, int, tuple[DivisionMeaning, ...]], ...]]:
        """Return the forms by their first two characters, shorter ones first."""
        found: dict[str, list[tuple[str, int, tuple[DivisionMeaning, ...]]]] = {}
        for form, readings in sorted(self.readings.items(), key=lambda item: len(item[0])):
            if readings:
                found.setdefault(form[:2], []).append((form, len(form), tuple(readings)))
        return {beginning: tuple(forms) for beginning, forms in found.items()}

    def counties(self) -> dict[str, tuple[DivisionMeaning, ...]]:
        """Return the full names of counties, current or former, of three characters."""
        return {
            form: tuple(readings)
            for form, readings in self.readings.items()
            if len(form) == 3 and readings and readings[0].level == COUNTY
        }

"""Reads the shipped catalogue: entries, claims, lists, schemes, and curated additions."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from address_model.heritage.catalogue import CatalogueEntry, Scheme
from service.heritage.seed_claims import claims_by_entry
from service.heritage.seed_entries import entry_of_list, entry_of_row, with_ages, with_summary
from service.heritage.seed_lists import Lists

Row = dict[str, str]
VERSION = "2026-11"
_SAME = "同上"
_CLASS_LEVELS = {
    "CN-QNGX": ["county"],
    "CN-QNGZ": ["town"],
    "CN-QNGCL": ["village"],
    "ZJ-QNGZ": ["town", "subdistrict"],
    "ZJ-QNGCL": ["village"],
}


@dataclass(frozen=True, slots=True)
class Seed:
    """The shipped entries by id, and schemes."""

    entries: list[CatalogueEntry]
    schemes: list[Scheme]


def read_seed(folder: Path) -> Seed:
    """Read the shipped catalogue.

    Args:
        folder: ``data/heritage``.
    """
    lists = Lists(_read(folder, "zhejiang_list_memberships"), _read(folder, "heritage_zj_codes"))
    claims = claims_by_entry(_read(folder, "claims"), _read(folder, "citations"))
    entries = [
        entry_of_row(row, lists, claims.get(row["id"], ()))
        for row in _read(folder, "zhejiang_heritage")
    ]
    entries += [
        entry_of_list(row, lists, claims.get(row["id"], ())) for row in _read(folder, "listed_only")
    ]
    added = _Additions(folder)
    entries = [with_ages(with_summary(added.apply_to(entry))) for entry in entries]
    ids: dict[str, list[str]] = {}
    for entry in entries:
        ids.setdefault(entry.place.standard_name, []).append(entry.id)
    only = {name: found[0] for name, found in ids.items() if len(found) == 1}
    for at, entry in enumerate(entries):  # a relation is linked where one entry has its name
        to = [replace(one, to_entry=only.get(one.to_name, one.to_entry)) for one in entry.relations]
        entries[at] = replace(entry, relations=tuple(to))
    return Seed(entries, schemes_of(_read(folder, "heritage_classes"), lists, entries))


class _Additions:
    """Curated additions to the compiled catalogue: stories, and codes of before."""

    def __init__(self, folder: Path) -> None:
        self.stories = {row["id"]: row for row in _read(folder, "stories")}
        self.codes = _by_id(_read(folder, "former_codes"))

    def apply_to(self, entry: CatalogueEntry) -> CatalogueEntry:
        """Add to an entry."""
        story = self.stories.get(entry.id)
        codes = self.codes.get(entry.id, [])
        return replace(
            entry,
            story_zh=story["story_zh"] if story else entry.story_zh,
            story_en=story["story_en"] if story else entry.story_en,
            links=entry.links + tuple(f"division:{one['code']}" for one in codes),
        )


def _by_id(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["id"], []).append(row)
    return found


def _read(folder: Path, name: str) -> list[Row]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def schemes_of(classes: list[Row], lists: Lists, entries: Iterable[CatalogueEntry]) -> list[Scheme]:
    """The shipped classes and all other lists that name an entry, by code."""
    made: dict[str, Scheme] = {}
    above: Row = {}
    for row in classes:
        row = {k: above.get(k, "") if v == _SAME else v for k, v in row.items()}  # noqa: PLW2901
        above = row
        made[row["code"]] = _scheme(row, lists)
    named = {
        one.scheme_code: (one.list_name, "") for entry in entries for one in entry.recognitions
    }
    for code, (name, authority) in (named | lists.names()).items():
        if code not in made:
            gaps = lists.gaps_of(code)
            made[code] = Scheme(code, VERSION, name, {"criteria": []}, authority, gaps=gaps)
    return [made[code] for code in sorted(made)]


def _scheme(row: Row, lists: Lists) -> Scheme:
    criteria: list[dict[str, object]] = []
    if row["min_settlement_years"]:
        years = int(row["min_settlement_years"])
        criteria.append({"id": "settlement_age", "kind": "settlement_years", "min": years})
    if row["min_name_years"]:
        years = int(row["min_name_years"])
        criteria.append(
            {"id": "name_age", "kind": "name_years", "min": years, "max_break_years": 100}
        )
    if row["must_currently_be"]:
        levels = _CLASS_LEVELS[row["code"]]
        words = row["must_currently_be"]
        criteria.append({"id": "present_level", "kind": "level", "in": levels, "text": words})
    if row["other_criteria_zh"]:
        text = row["other_criteria_zh"]
        criteria.append({"id": "judged", "kind": "judgement", "text": text})
    return Scheme(
        code=row["code"],
        version=VERSION,
        name=row["name_zh"],
        criteria={"criteria": criteria},
        authority=row["scheme"],
        evidence=row["evidence_zh"],
        source=row["source"],
        confidence=row["confidence"],
        gaps=lists.gaps_of(row["code"]),
    )

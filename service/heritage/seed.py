"""Reads the catalogue that Menpai ships: entries, lists, criteria, and what was added by hand."""

import csv
from dataclasses import dataclass, replace
from pathlib import Path

from address_model.heritage.catalogue import (
    Account,
    CatalogueEntry,
    Citation,
    Evidence,
    Relation,
    Scheme,
)
from service.heritage.seed_entries import entry_of_list, entry_of_row, with_ages
from service.heritage.seed_lists import Lists
from service.heritage.seed_schemes import schemes_of

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Seed:
    """What is shipped: entries in order of id, and schemes."""

    entries: list[CatalogueEntry]
    schemes: list[Scheme]


def read_seed(folder: Path) -> Seed:
    """Read the shipped catalogue.

    Args:
        folder: ``data/heritage``.
    """
    lists = Lists(_read(folder, "zhejiang_list_memberships"), _read(folder, "heritage_zj_codes"))
    entries = [entry_of_row(row, lists) for row in _read(folder, "zhejiang_heritage")]
    entries += [entry_of_list(row, lists) for row in _read(folder, "listed_only")]
    added = _Added(folder)
    entries = [with_ages(added.put_on(entry)) for entry in entries]
    return Seed(_related(entries), schemes_of(_read(folder, "heritage_classes"), lists, entries))


class _Added:
    """What was added to the compiled catalogue by hand: stories, accounts, evidence, codes."""

    def __init__(self, folder: Path) -> None:
        self.stories = {row["id"]: row for row in _read(folder, "stories")}
        self.accounts = _by_id(_read(folder, "accounts"))
        self.evidence = _by_id(_read(folder, "evidence"))
        self.codes = _by_id(_read(folder, "former_codes"))

    def put_on(self, entry: CatalogueEntry) -> CatalogueEntry:
        """The entry with what was added; accounts take the place of the unsorted ones."""
        story = self.stories.get(entry.id)
        accounts = tuple(_account(row) for row in self.accounts.get(entry.id, []))
        codes = self.codes.get(entry.id, [])
        more = tuple(_evidence(row) for row in self.evidence.get(entry.id, []))
        return replace(
            entry,
            story_zh=story["story_zh"] if story else entry.story_zh,
            story_en=story["story_en"] if story else entry.story_en,
            accounts=accounts or entry.accounts,
            attestations=entry.attestations + more,
            links=entry.links + tuple(f"division:{one['code']}" for one in codes),
        )


def _account(row: Row) -> Account:
    return Account(row["kind"], row["text"], source=_cited(row))


def _evidence(row: Row) -> Evidence:
    return Evidence(
        subject=row["subject"],
        year=int(row["year"]),
        precision=row["precision"],
        calendar_text=row["calendar_text"],
        source=_cited(row),
        kind=row["kind"],
        grade=row["grade"],
        note=row["note"],
    )


def _cited(row: Row) -> Citation | None:
    return Citation(row["source"]) if row["source"] else None


def _related(entries: list[CatalogueEntry]) -> list[CatalogueEntry]:
    """Relations by id, where exactly one entry bears the name that a relation gives."""
    ids: dict[str, list[str]] = {}
    for entry in entries:
        ids.setdefault(entry.place.standard_name, []).append(entry.id)

    def bound(one: Relation) -> Relation:
        found = ids.get(one.to_name, [])
        return replace(one, to_entry=found[0]) if len(found) == 1 else one

    return [replace(e, relations=tuple(bound(one) for one in e.relations)) for e in entries]


def _by_id(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["id"], []).append(row)
    return found


def _read(folder: Path, name: str) -> list[Row]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

"""Reads the shipped heritage catalogue and the research it was corrected by."""

import csv
from pathlib import Path

from address_model.heritage.claims import DATED
from benchmarks.accuracy.real_data import find_data

Row = dict[str, str]
ROOT = Path(__file__).resolve().parents[2]
HERITAGE = ROOT / "data" / "heritage"
SUBJECTS = {
    "first_attested_year": DATED,
    "first_attested_label": DATED,
    "first_attested_of": DATED,
    "first_attested_precision": DATED,
    "attestation_source": (*DATED, "origin"),
    "source_urls": (*DATED, "origin"),
    "note": (*DATED, "origin"),
    "former_names": ("former_name", *DATED),
    "origin_meaning_zh": ("origin", "former_name", *DATED),
    "alternative_accounts_zh": ("origin", "former_name", *DATED),
    "list_memberships": ("list_status",),
    "missing_list": ("list_status",),
    "missing_entry": ("list_status", "former_name", "origin", *DATED),
}
NEW_IDS = {
    "NEW-01": ("ZJH-0183",),
    "NEW-02": ("ZJH-0117",),
    "NEW-03": ("ZJH-0118",),
    "NEW-04": ("ZJH-0122",),
    "NEW-05": ("ZJH-0121",),
    "NEW-06": ("ZJH-0119",),
    "NEW-07": ("ZJH-0120",),
    "NEW-08": ("ZJH-0123",),
    "NEW-09": ("ZJH-0184", "ZJH-0185", "ZJH-0186", "ZJH-0187"),
}
"""What the missing entries of the research were entered as."""


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shipped(name: str) -> list[Row]:
    """Return the rows of a shipped heritage file."""
    return read_rows(HERITAGE / f"{name}.csv")


def researched() -> list[Row] | None:
    """Return the researched citations, or None where they are not on this machine."""
    path = find_data("heritage/citations/citations.csv")
    return read_rows(path) if path else None


def exceptions() -> dict[tuple[str, str, str], str]:
    """Return the reasons for researched rows that are not in the catalogue."""
    rows = read_rows(Path(__file__).parent / "citation_exceptions.csv")
    return {(row["entry_id"], row["field"], row["our_value"]): row["reason"] for row in rows}


def cited(row: Row, entry: str) -> list[Row]:
    """Return the shipped citations of the source of a researched row, under the right subject."""
    subject = {(one["id"], one["number"]): one["subject"] for one in shipped("claims")}
    return [
        one
        for one in shipped("citations")
        if one["id"] == entry
        and one["url"] == row["url"]
        and (one["title"] == row["title"] or row["title"] in one["locator"])
        and row["locator"] in one["locator"]
        and subject[one["id"], one["claim"]] in SUBJECTS[row["field"]]
    ]

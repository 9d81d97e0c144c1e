"""Locates the real data beside the repository; it is never part of it."""

import csv
import gzip
from pathlib import Path

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def find_data(name: str) -> Path | None:
    """Return a file of the real data, or None when it is not on this machine."""
    path = DATA / name
    return path if path.exists() else None


def read_addresses(path: Path) -> list[str]:
    """Return the column ``address`` of a gzipped CSV file."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        return [row["address"] for row in csv.DictReader(lines)]

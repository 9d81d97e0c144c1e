"""The high-water file beside a database: the highest counter each county has ever given out.

A database that was put back to an earlier state (a backup, a snapshot of the machine) does not
know the codes it gave out since. This file does, because it lies outside the database.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.core.faults import EnvironmentFault
from service.core.folder_lock import hold_lock
from service.core.homes import DATABASE

MARGIN = 1_000_000
"""How far every counter is raised when a database may be older than the plates on the walls."""


@dataclass(frozen=True, slots=True)
class CodeSpaceState:
    """What a database that is being replaced knew of a county: its secret key and its counter."""

    county: str
    key: bytes
    counter: int


def path_for(home: Path, database: str = DATABASE) -> Path:
    """Return the high-water file of one database of a home."""
    return home / f"high-water-{database}.json"


def read(file: Path) -> dict[str, int]:
    """Return the highest counter of each county; empty when nothing was recorded yet.

    Raises:
        EnvironmentFault: the file is damaged; it is never taken for an empty one.
    """
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return {str(county): int(counter) for county, counter in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise EnvironmentFault(
            f"the high-water file {file} cannot be read: {error}",
            hint=f"put it back from a copy; without one delete it and raise every counter by "
            f"{MARGIN:,} with `menpai db restore` of a new backup",
        ) from None


def record(file: Path, counters: Mapping[str, int]) -> None:
    """Keep counters that are higher than those known; on disk when this returns.

    Call it after the commit that gave the codes out, never before: a number that was rolled
    back would make the database look old.

    Raises:
        EnvironmentFault: the file is damaged or cannot be written.
    """
    if _is_known(read(file), counters):
        return
    try:
        with hold_lock(file.with_suffix(".lock")):
            known = read(file)
            if not _is_known(known, counters):
                _write(file, _highest(known, counters))
    except OSError as error:
        raise EnvironmentFault(
            f"the high-water file {file} cannot be written: {error.strerror or error}",
            hint="make room on the disk, or let Menpai's user write to that folder",
        ) from None


def find_older(file: Path, counters: Mapping[str, int]) -> dict[str, int]:
    """Return the counties whose counter in the database is behind, with the counter once seen.

    Args:
        file: the high-water file of the database.
        counters: what the database says now; a county it does not know stands at 0.
    """
    return {county: seen for county, seen in read(file).items() if counters.get(county, 0) < seen}


def read_counters(session: Session) -> dict[str, int]:
    """Return every county's counter as the database has it."""
    rows = session.execute(text("select county, counter from code_space")).all()
    return {row.county: row.counter for row in rows}


def lift_counters(session: Session, seen: Mapping[str, int]) -> None:
    """Raise the database's counters to those once seen; the margin comes on top, separately."""
    statement = text(
        "update code_space set counter = :seen where county = :county and counter < :seen"
    )
    for county, counter in sorted(seen.items()):
        session.execute(statement, {"county": county, "seen": counter})


def adopt_code_spaces(session: Session, former: Sequence[CodeSpaceState]) -> None:
    """Take over the code spaces of a replaced database, and its counters where they are higher.

    A county that began to issue after the backup has a key that only the replaced database knows;
    with another key its new codes could meet those already given out.
    """
    statement = text(
        "insert into code_space (county, key, counter) values (:county, :key, :counter) "
        "on conflict (county) do update "
        "set counter = greatest(code_space.counter, excluded.counter)"
    )
    for space in sorted(former, key=lambda known: known.county):
        values = {"county": space.county, "key": space.key, "counter": space.counter}
        session.execute(statement, values)


def _is_known(known: Mapping[str, int], counters: Mapping[str, int]) -> bool:
    return all(known.get(county, 0) >= counter for county, counter in counters.items())


def _highest(known: Mapping[str, int], counters: Mapping[str, int]) -> dict[str, int]:
    return {c: max(known.get(c, 0), counters.get(c, 0)) for c in sorted({*known, *counters})}


def _write(file: Path, counters: Mapping[str, int]) -> None:
    """Write beside, force to disk, rename, force the rename to disk."""
    fresh = file.with_suffix(".fresh")
    with fresh.open("w", encoding="utf-8") as out:
        json.dump(counters, out, indent=0)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

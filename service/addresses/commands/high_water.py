"""The high-water file of a database: the highest counter that each county has ever reached.

A database that was reset to an earlier state (a backup, a snapshot of the machine) has lost the
codes issued since. This file has not, because it lies outside the database.
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
    """The secret key and the counter of a county in a database that is being replaced."""

    county: str
    key: bytes
    counter: int


def path_for(home: Path, database: str = DATABASE) -> Path:
    """Return the path of a database's high-water file in the home folder."""
    return home / f"high-water-{database}.json"


def read(file: Path) -> dict[str, int]:
    """Return the highest counter of each county; empty if nothing was recorded yet.

    Raises:
        EnvironmentFault: the file is damaged; it is never treated as empty.
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
    """Record counters that are higher than the known ones; they are on disk on return.

    Call this only after the commit that issued the codes: a counter that was rolled back would
    make the database look outdated.

    Raises:
        EnvironmentFault: the file is damaged or cannot be written.
    """
    if _is_known(read(file), counters):
        return
    try:
        with hold_lock(file.with_suffix(".lock")):
            known = read(file)
            if _is_known(known, counters):
                return
            merged = {c: max(known.get(c, 0), n) for c, n in counters.items()}
            # atomic and durable: write, sync, rename, sync the folder
            fresh = file.with_suffix(".fresh")
            with fresh.open("w", encoding="utf-8") as out:
                json.dump(dict(sorted((known | merged).items())), out, indent=0)
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(file)
            folder = os.open(file.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as error:
        raise EnvironmentFault(
            f"the high-water file {file} cannot be written: {error.strerror or error}",
            hint="make room on the disk, or let Menpai's user write to that folder",
        ) from None


def find_older(file: Path, counters: Mapping[str, int]) -> dict[str, int]:
    """Return the counties whose database counter is behind, with the recorded counter.

    Args:
        file: the high-water file of the database.
        counters: the counters in the database; missing counties count as 0.
    """
    return {county: seen for county, seen in read(file).items() if counters.get(county, 0) < seen}


def read_counters(session: Session) -> dict[str, int]:
    """Return the counters of all counties in the database."""
    rows = session.execute(text("select county, counter from code_space")).all()
    return {row.county: row.counter for row in rows}


def lift_counters(session: Session, seen: Mapping[str, int]) -> None:
    """Raise the database's counters to the recorded ones, without the margin."""
    statement = text(
        "update code_space set counter = :seen where county = :county and counter < :seen"
    )
    for county, counter in sorted(seen.items()):
        session.execute(statement, {"county": county, "seen": counter})


def adopt_code_spaces(session: Session, former: Sequence[CodeSpaceState]) -> None:
    """Adopt the code spaces of a replaced database, and its counters where they are higher.

    A county that started issuing after the backup has its key only in the replaced database; with
    another key its new codes could collide with issued ones.
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

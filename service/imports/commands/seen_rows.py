"""Rows of lists that were stored as they are: unchanged, they are not read again.

A row is known by a digest of its cells, of how it was declared, of the divisions and of the code
that reads rows. It counts as seen while each address it became is as it was then, and so are the
places of the county; anything else is read, judged and compared anew.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.shipped import data_folder
from service.core.bulk_copy import copy_rows
from service.core.database import Database
from service.core.sheets import Row
from service.imports.decisions import PlacedRow
from service.imports.headings import Columns
from service.imports.row_placement import RowPlacer

_ROOT = Path(__file__).resolve().parents[3]
_READERS = ("address_model", "service/core/sheets", "service/imports", "service/addresses")
"""The code that reads, places and judges a row: another version of it reads all rows again."""

_FIND = text(
    "select s.digest, s.code, s.parts, s.places from import_seen s "
    "join address a on a.code = s.code and a.version = s.version "
    "where s.digest = any(cast(:digests as bytea[])) and s.reading = :reading"
)
_FORGET = text(
    "delete from import_seen s using address a where s.code = any(:codes) and a.code = s.code "
    "and (s.version <> a.version or s.reading <> :reading)"
)
_KEEP = text(
    "insert into import_seen (digest, code, parts, places, reading, version) "
    "select v.digest, a.code, v.parts, v.places, :reading, a.version from unnest("
    "cast(:digests as bytea[]), cast(:codes as text[]), cast(:parts as int[]), "
    "cast(:places as bytea[])) as v(digest, code, parts, places) join address a on a.code = v.code "
    "on conflict (digest, code) do update set parts = excluded.parts, places = excluded.places, "
    "reading = excluded.reading, version = excluded.version"
)
_COLUMNS = ("digest", "code", "parts", "places", "reading", "version")
_PLACES = text(
    "select c.county, decode(md5(concat_ws('|', "
    "(select string_agg(md5(cast(p as text)), '' order by p.id) "
    "from place_name p where p.county = c.county), "
    "(select string_agg(md5(cast(t as text)), '' order by t.id) "
    "from place_township t where t.county = c.county), "
    "(select string_agg(md5(cast(f as text)), '' order by f.id) from place_name_form f "
    "join place_name p on p.id = f.place_name_id where p.county = c.county), "
    "(select string_agg(md5(cast(d as text)), '' order by d.id) "
    "from place_decision d where d.county = c.county))), 'hex') "
    "from unnest(cast(:counties as text[])) as c(county)"
)


@dataclass
class SeenRows:
    """Knows the rows of one list again; ``context`` is all that is the same for each of them."""

    database: Database
    columns: Columns
    context: bytes
    places: dict[str, bytes] = field(default_factory=dict)
    """The state of the places of a county, so far as it was asked for."""

    def digest_rows(self, rows: Sequence[Row]) -> list[bytes]:
        """Sixteen bytes for each row; rows that cannot be read whole have none (empty)."""
        wanted = tuple(self.columns.by_field.values())
        make, context = hashlib.blake2b, self.context
        return [
            b""
            if row.fault
            else make(
                "\x1f".join([row.values[name] for name in wanted]).encode(errors="replace"),
                digest_size=16,
                key=context,
            ).digest()
            for row in rows
        ]

    def find_seen(self, digests: Sequence[bytes]) -> dict[bytes, int]:
        """The rows that need not be read, with the number of addresses each stands for."""
        codes: dict[bytes, list[str]] = {}
        parts: dict[bytes, int] = {}
        with self.database.reading() as session:
            found = session.execute(
                _FIND, {"digests": list(digests), "reading": reading_version()}
            ).all()
            self._ask(session, {row.code[:6] for row in found} - self.places.keys())
        for digest, code, part, places in found:
            if bytes(places) == self.places[code[:6]]:
                codes.setdefault(bytes(digest), []).append(code)
                parts[bytes(digest)] = part
        return {one: len(held) for one, held in codes.items() if len(held) == parts[one]}

    def forget_places(self, session: Session, counties: Iterable[str]) -> None:
        """Ask for the state of places anew, once those of a list have been entered."""
        self.places.clear()
        self._ask(session, set(counties))

    def keep(
        self, session: Session, led: Sequence[tuple[str, PlacedRow]], new: Collection[str]
    ) -> None:
        """Keep rows that stand in the register, each with the code it led to.

        ``new`` are the codes that were given just now: nothing can be known of them yet.
        """
        kept = list({(row.digest, code): (row, code) for code, row in led if row.digest}.values())
        if not kept:
            return
        self._ask(session, {code[:6] for _, code in kept} - self.places.keys())
        fresh = set(new)
        reading = reading_version()
        copy_rows(
            session,
            "import_seen",
            _COLUMNS,
            (
                (row.digest, code, row.parts, self.places[code[:6]], reading, 1)
                for row, code in kept
                if code in fresh
            ),
        )
        known = [(row, code) for row, code in kept if code not in fresh]
        if not known:
            return
        values = {
            "digests": [row.digest for row, _ in known],
            "codes": [code for _, code in known],
            "parts": [row.parts for row, _ in known],
            "places": [self.places[code[:6]] for _, code in known],
            "reading": reading,
        }
        session.execute(_FORGET, values)
        session.execute(_KEEP, values)

    def _ask(self, session: Session, counties: set[str]) -> None:
        if counties:
            found = session.execute(_PLACES, {"counties": sorted(counties)})
            self.places |= {county: bytes(state) for county, state in found}


def open_seen_rows(
    database: Database, placer: RowPlacer, columns: Columns, declared: object
) -> SeenRows:
    """Open what is known of a list; ``declared`` are the options that may change what a row is."""
    divisions = placer.divisions
    rows = sorted(
        (row.id, row.code, row.name, row.parent_id or 0) for row in divisions.by_id.values()
    )
    context = hashlib.blake2b(digest_size=32)
    for part in (rows, divisions.decisions, tuple(columns.by_field), declared):
        context.update(repr(part).encode())
    context.update(placer.borders.digest)
    return SeenRows(database, columns, context.digest())


@cache
def reading_version() -> int:
    """Another number where the code, or the shipped names of divisions, are others that rows are
    read, placed and judged by.
    """
    digest = hashlib.blake2b(digest_size=4)
    files = [file for folder in _READERS for file in sorted((_ROOT / folder).rglob("*.py"))]
    files += sorted((data_folder() / "divisions").glob("*.*"))
    for file in files:
        digest.update(file.read_bytes())
    return int.from_bytes(digest.digest(), signed=True)

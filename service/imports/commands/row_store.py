"""Stores placed rows of a list: new addresses, changes, identifiers and source texts.

Rows that were stored before, and have not changed since, are known by what was seen of them.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.shipped import data_folder
from service.addresses import commands as addresses
from service.addresses.commands import PlaceGrowth, SourceText
from service.addresses.queries import AddressRow, lock_addresses
from service.core.actor import Actor
from service.core.bulk_copy import copy_rows
from service.core.database import Database
from service.core.errors import Conflict
from service.core.sheets import Row
from service.imports.decisions import Decisions, PlacedRow, RowRefusal
from service.imports.headings import Columns
from service.imports.queries import find_known
from service.imports.register_comparison import decide
from service.imports.row_placement import RowPlacer
from service.imports.rules import Rule
from service.linking.commands import link_addresses, link_mentions
from service.plates.commands import follow_addresses

_ROOT = Path(__file__).resolve().parents[3]
_READERS = ("address_model", "service/core/sheets", "service/imports", "service/addresses")
"""The program code that reads, places and judges rows: if it changes, all rows are read again."""

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
    """The seen rows of one list; ``context`` is a digest of what its rows have in common."""

    database: Database
    columns: Columns
    context: bytes
    places: dict[str, bytes] = field(default_factory=dict)
    """A digest of the places of each county, as far as loaded."""

    def digest_rows(self, rows: Sequence[Row]) -> list[bytes]:
        """A digest of 16 bytes for each row; empty for rows with a fault."""
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
        """The digests of rows that need not be read, with the number of their addresses."""
        codes: dict[bytes, list[str]] = {}
        parts: dict[bytes, int] = {}
        with self.database.reading() as session:
            found = session.execute(
                _FIND, {"digests": list(digests), "reading": reading_version()}
            ).all()
            self._load_places(session, {row.code[:6] for row in found} - self.places.keys())
        for digest, code, part, places in found:
            if bytes(places) == self.places[code[:6]]:
                codes.setdefault(bytes(digest), []).append(code)
                parts[bytes(digest)] = part
        return {one: len(held) for one, held in codes.items() if len(held) == parts[one]}

    def forget_places(self, session: Session, counties: Iterable[str]) -> None:
        """Load the state of places again, after those of a list have been registered."""
        self.places.clear()
        self._load_places(session, set(counties))

    def keep(
        self, session: Session, stored: Sequence[tuple[str, PlacedRow]], new: Collection[str]
    ) -> None:
        """Record stored rows, each with the code of its address.

        ``new`` are codes issued just now, which cannot have records yet.
        """
        kept = list(
            {(row.digest, code): (row, code) for code, row in stored if row.digest}.values()
        )
        if not kept:
            return
        self._load_places(session, {code[:6] for _, code in kept} - self.places.keys())
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

    def _load_places(self, session: Session, counties: set[str]) -> None:
        if counties:
            found = session.execute(_PLACES, {"counties": sorted(counties)})
            self.places |= {county: bytes(state) for county, state in found}


def open_seen_rows(
    database: Database, placer: RowPlacer, columns: Columns, declared: object
) -> SeenRows:
    """Open the seen rows of a list; ``declared`` are the options that affect its rows."""
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
    """A digest of the program code and the shipped divisions by which rows are read and judged."""
    digest = hashlib.blake2b(digest_size=4)
    files = [file for folder in _READERS for file in sorted((_ROOT / folder).rglob("*.py"))]
    files += sorted((data_folder() / "divisions").glob("*.*"))
    for file in files:
        digest.update(file.read_bytes())
    return int.from_bytes(digest.digest(), signed=True)


def store_rows(
    session: Session,
    rows: Sequence[PlacedRow],
    actor: Actor,
    *,
    reuse_texts: bool = False,
    reach: str = "",
    growth: PlaceGrowth | None = None,
    seen: SeenRows | None = None,
) -> Decisions:
    """Store what is new or changed, in the caller's transaction; return the decisions.

    The caller holds the counties of the rows. ``reach`` is the beginning of the codes of divisions
    whose addresses may be changed; ``growth`` is as in ``enter_addresses``; ``seen`` records the
    rows that are now registered.
    """
    decisions = decide(find_known(session, rows, reuse_texts=reuse_texts), rows, reach=reach)
    known = (*decisions.changed, *decisions.identified, *decisions.gated)
    lock_addresses(session, [held.code for held, _ in known])
    codes: list[str] = []
    if decisions.new:
        drafts = [
            replace(row.draft, code=row.code) if row.code else row.draft for row in decisions.new
        ]
        given = addresses.enter_addresses(session, drafts, actor, growth=growth)
        codes = [code.digits for code in given]
        decisions.codes = codes
    before = _change_known(session, decisions, actor)
    entered = list(zip(codes, decisions.new, strict=True))
    known = (*decisions.changed, *decisions.identified, *decisions.gated)
    stored = [*entered, *((held.code, row) for held, row in known)]
    stored += [(one.code or codes[one.first], one.row) for one in decisions.same]
    source_texts = [
        SourceText(row.draft.key, code, row.text, row.draft.source, row.draft.source_id)
        for code, row in stored
        if row.text and row.text != row.draft.text
    ]
    addresses.keep_source_texts(session, source_texts)
    link_addresses(session, [code for code, row in entered if row.draft.point])
    mentioning = [code for code, row in entered if row.draft.elements.natural_village]
    link_mentions(session, [*mentioning, *(held.code for held in before)])
    if seen is not None:
        seen.keep(session, stored, codes)
    return decisions


def _change_known(session: Session, decisions: Decisions, actor: Actor) -> list[AddressRow]:
    """Change registered addresses and update their plates; return the addresses as they were.

    A change that the register refuses becomes a conflict of its row.
    """
    before: list[AddressRow] = []
    for held, row in decisions.changed.copy():
        try:
            with session.begin_nested():
                before += addresses.correct_address(
                    session, held, row.draft, actor, holds_places=True
                )
        except Conflict as refused:
            why = {"why": refused.detail, "how": refused.hint}
            fault = Rule.NOT_STORED.fault(row.number, "address", **why)
            decisions.changed.remove((held, row))
            decisions.conflicts.append(RowRefusal(row, fault))
    for held, row in (*decisions.changed, *decisions.identified):
        given = ((held.code, identifier) for identifier in row.draft.identifiers)
        addresses.add_identifiers(session, given, actor)
    gated = {held.code: row.draft for held, row in decisions.gated}
    addresses.add_gates(session, gated, actor)
    first = {row.code: row for row in reversed(before)}
    follow_addresses(session, list(first.values()), actor)
    return list(first.values())

"""Registers addresses: code, names and identifiers in one transaction."""

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.codes import SERIALS, AddressCode, make_codes, parse_code
from address_model.elements import elements_to_plain
from service.addresses.commands import high_water
from service.addresses.commands.identifiers import SOURCE_SCHEME
from service.addresses.commands.names import NAME_COLUMNS, name_rows
from service.addresses.commands.places import place_addresses
from service.addresses.commands.tree import PlaceGrowth, find_parents, set_parents
from service.addresses.drafts import AddressDraft
from service.audit import commands as audit
from service.changes import commands as changes
from service.changes.commands import Action, ChangeNote, Subject
from service.core.actor import Actor
from service.core.bulk_copy import copy_rows, point_ewkb
from service.core.clock import today
from service.core.database import HIGH_WATER, after_commit
from service.core.errors import CodeSpaceExhausted
from service.placenames.commands import raise_place_serials

_ADDRESS_COLUMNS = (
    "code",
    "county",
    "division_id",
    "standard_text",
    "elements",
    "street",
    "number_order",
    "place_id",
    "second_place_id",
    "street_order",
    "level",
    "parent_code",
    "geom",
    "point_note",
    "source",
    "is_sample",
)
_IDENTIFIER_COLUMNS = ("scheme", "value", "code", "valid_from")

_LOCK_SPACES = text(
    "select county, counter, key from code_space where county = any(:counties) "
    "order by county for update"
)
_OPEN_SPACE = text("insert into code_space (county, key) values (:c, :k) on conflict do nothing")
_ADVANCE = text(
    "update code_space s set counter = s.counter + v.number, updated_at = clock_timestamp() "
    "from unnest(cast(:counties as text[]), cast(:counts as int[])) as v(county, number) "
    "where s.county = v.county"
)


def issue_codes(session: Session, county: str, count: int) -> list[AddressCode]:
    """Issue the next codes of a county; they become valid when the transaction commits.

    The county's row is locked until then, so that no code is issued twice.

    Raises:
        CodeSpaceExhausted: the county has fewer codes left.
    """
    return _issue(session, {county: count})[county]


def enter_addresses(
    session: Session,
    drafts: Sequence[AddressDraft],
    actor: Actor,
    *,
    growth: PlaceGrowth | None = None,
) -> list[AddressCode]:
    """Give each draft its place and code, and store it with its standard name.

    The codes are in the order of the drafts. ``growth`` describes places that were empty when the
    caller, who holds their counties, began: on these, fewer parents must be looked up.

    Raises:
        Conflict: the place of an address cannot be distinguished from a namesake.
    """
    drafts = place_addresses(session, drafts, actor)
    wanted = Counter(draft.county for draft in drafts if not draft.code)
    issued = {county: iter(fresh) for county, fresh in _issue(session, wanted).items()}
    codes = [
        parse_code(draft.code) if draft.code else next(issued[draft.county]) for draft in drafts
    ]
    pairs = list(zip(codes, drafts, strict=True))
    coded = {code.digits: draft for code, draft in pairs}
    parents = find_parents(session, coded, growth or PlaceGrowth())
    copy_rows(session, "address", _ADDRESS_COLUMNS, _address_rows(pairs, parents))
    copy_rows(session, "address_name", NAME_COLUMNS, name_rows(coded.items()))
    copy_rows(session, "address_identifier", _IDENTIFIER_COLUMNS, _identifier_rows(pairs))
    set_parents(session, {code: one for code, one in parents.items() if code not in coded})
    changes.record(
        session,
        [
            ChangeNote(Subject.ADDRESS, code.digits, Action.NEW, draft.division_code, 1)
            for code, draft in pairs
        ],
    )
    audit.record_codes(session, actor=actor, action="addresses:enter", codes=codes)
    return codes


def open_code_spaces(session: Session) -> int:
    """Create the missing code space and key of each county; return how many are new.

    Keys are created early so that every backup contains them: a key created with the first code
    would be missing from older backups, and a restore would create a different one.
    """
    counties = session.execute(
        text(
            "select distinct left(code, 6) as county from division d where level = 3 "
            "and not exists (select 1 from code_space s where s.county = left(d.code, 6))"
        )
    ).scalars()
    rows = [{"c": county, "k": secrets.token_bytes(32)} for county in counties]
    if rows:
        session.execute(_OPEN_SPACE, rows)
    return len(rows)


def raise_counters(session: Session, by: int, actor: Actor) -> int:
    """Advance the counters of all counties after a restore; return the number of counties."""
    statement = text("update code_space set counter = least(counter + :by, :most) returning county")
    raise_place_serials(session)
    moved = session.execute(statement, {"by": by, "most": SERIALS}).all()
    audit.record(session, actor=actor, action="codes:raise_counters", subject="all", by=by)
    return len(moved)


def _issue(session: Session, wanted: Mapping[str, int]) -> dict[str, list[AddressCode]]:
    """Issue the next codes of counties, locked in a fixed order to avoid deadlocks.

    After the commit the new counters are also recorded in the high-water file.

    Raises:
        CodeSpaceExhausted: a county has fewer codes left.
    """
    counties = sorted(wanted)
    if not counties:
        return {}
    held = {row.county: row for row in session.execute(_LOCK_SPACES, {"counties": counties})}
    if len(held) < len(counties):
        fresh = [{"c": c, "k": secrets.token_bytes(32)} for c in counties if c not in held]
        session.execute(_OPEN_SPACE, fresh)
        held = {row.county: row for row in session.execute(_LOCK_SPACES, {"counties": counties})}
    for county, count in wanted.items():
        if held[county].counter + count > SERIALS:
            raise CodeSpaceExhausted(
                f"county {county} has fewer than {count} codes left",
                hint="give the county a second issuing number with your provincial authority",
            )
    values = {"counties": counties, "counts": [wanted[county] for county in counties]}
    session.execute(_ADVANCE, values)
    file = session.info.get(HIGH_WATER)
    if file is not None:
        reached = {county: held[county].counter + wanted[county] for county in counties}
        after_commit(session, partial(high_water.record, file, reached))
    codes: dict[str, list[AddressCode]] = {}
    for county in counties:
        start = held[county].counter
        serials = range(start, start + wanted[county])
        codes[county] = make_codes(county, serials, bytes(held[county].key))
    return codes


def _address_rows(
    pairs: list[tuple[AddressCode, AddressDraft]], parents: Mapping[str, str | None]
) -> Iterator[Sequence[object]]:
    for code, draft in pairs:
        yield (
            code.digits,
            draft.county,
            draft.division_id,
            draft.text,
            orjson.dumps(elements_to_plain(draft.elements)).decode(),
            draft.elements.street,
            draft.number_order,
            draft.place_id,
            draft.second_place_id,
            draft.street_order,
            draft.level,
            parents.get(code.digits, draft.parent_code),
            point_ewkb(draft.point.lon, draft.point.lat) if draft.point else None,
            draft.point_note,
            draft.source,
            draft.is_sample,
        )


def _identifier_rows(pairs: list[tuple[AddressCode, AddressDraft]]) -> Iterator[Sequence[object]]:
    day = today()
    for code, draft in pairs:
        if draft.source_id:
            yield SOURCE_SCHEME + draft.source, draft.source_id, code.digits, day
        for scheme, value in draft.identifiers:
            yield scheme, value, code.digits, day

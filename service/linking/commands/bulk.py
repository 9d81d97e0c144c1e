"""Links addresses to areas: the whole register, some codes, or after border edits.

One advisory lock keeps links correct while areas and addresses change concurrently: linking some
addresses holds it shared, relinking many for changed areas holds it exclusively. So an importer
either sees the new areas, or its addresses are seen by the relinking.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from service.areas.commands.areas import BorderEdit
from service.areas.queries import find_last_change, list_held_areas
from service.audit import commands as audit
from service.changes import commands as changes
from service.changes.commands import LinkChanges, Subject
from service.core.actor import Actor
from service.core.bulk_copy import raw_connection
from service.core.clock import today as present_day
from service.core.database import Database
from service.linking import queries
from service.linking.area_index import AreaIndex, AreaIndexKey
from service.linking.binary_copy import Booleans, Codes, Points, write_links
from service.linking.differences import LinkDifference, compare

LINK_LOCK = 0x6D656E73
CHUNK = 50_000
FEW = 200
"""Up to this number of addresses the database finds the areas; more are worth a cell cover."""

FEW_MOVED = 5000
"""As ``FEW`` after a border edit, when the cell cover would have to be built anew."""

LAST = "9" * 16
_PAD = 1e-9
_kept: dict[str, AreaIndex] = {}
"""The latest area index by database; older ones are obsolete."""


@dataclass
class LinkCounts:
    """Counts of links added, removed and unchanged, and of addresses changed (``touched``).

    ``difference`` are the links that the last relinking after border edits has written.
    """

    addresses: int = 0
    added: int = 0
    removed: int = 0
    same: int = 0
    touched: int = 0
    difference: LinkDifference | None = field(default=None, compare=False, repr=False)


def link_register(
    database: Database,
    actor: Actor,
    *,
    today: date | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> LinkCounts:
    """Update the links of the whole register from points and links by hand.

    Works in order of code with one transaction per chunk; an interrupted run is simply repeated,
    and a run over correct links writes nothing.
    """
    counts, after = LinkCounts(), ""
    while after != LAST:
        with database.session() as session:
            lock_links(session)
            points = queries.read_points_after(session, after, CHUNK)
            full = len(points) == CHUNK
            last = points.codes[-1].decode() if full else LAST
            held = queries.read_links_between(session, after, last)
            covers = _open_covers(session, today or present_day())
            difference = compare(covers.locate(points), held, covers.kinds)
            _write(session, difference)
            _tell(session, difference, points, actor, "areas:link")
        _count(counts, difference, len(points))
        advance(len(points))
        after = last
    return counts


def hold_links(session: Session) -> None:
    """Let no load of areas begin before the transaction ends; others that link go on beside it."""
    session.execute(select(func.pg_advisory_xact_lock_shared(LINK_LOCK)))


def link_addresses(
    session: Session, codes: Sequence[str], *, today: date | None = None
) -> LinkCounts:
    """Link addresses that were just entered or moved, in the caller's own transaction.

    The caller has announced the change, so nothing is announced here.
    """
    counts = LinkCounts()
    if not codes:
        return counts
    session.flush()
    hold_links(session)
    day = today or present_day()
    if len(codes) <= FEW:
        wanted, kinds = queries.locate_by_database(session, codes, day)
        difference = compare(wanted, queries.read_links_of(session, codes), kinds)
    else:
        covers = _open_covers(session, day)
        wanted = covers.locate(queries.read_points_of(session, codes))
        difference = compare(wanted, queries.read_links_of(session, codes), covers.kinds)
    _write(session, difference)
    _count(counts, difference, len(codes))
    return counts


def relink_edits(
    session: Session, edits: Sequence[BorderEdit], actor: Actor, *, today: date | None = None
) -> LinkCounts:
    """Relink the addresses that changed borders have moved into or out of an area.

    Only addresses in the difference of old and new border are checked, and those that were put by
    hand into an area that has ended; no other row is written.
    """
    counts = LinkCounts()
    if not edits:
        return counts
    session.flush()
    lock_links(session)
    boxes = [_difference_boxes(edit) for edit in edits]
    found = queries.read_points_in(session, [box for some in boxes for box in some])
    tree = shapely.STRtree(shapely.points(found.lon, found.lat))
    touched = np.zeros(len(found), bool)
    for edit, some in zip(edits, boxes, strict=True):
        near = found.take(at := np.unique(tree.query(np.array(some, dtype=object))[1]))
        touched[at[_covers(edit.before, near) != _covers(edit.after, near)]] = True
    points, day = found.take(touched), today or present_day()
    ended = [edit.area_id for edit in edits if edit.after is None]
    codes = sorted({*_texts(points.codes), *queries.list_set_by_hand(session, ended)})
    if len(codes) > len(points):
        points = queries.read_points_of(session, codes)
    kinds: Mapping[int, str]
    if len(points) <= FEW_MOVED:
        wanted, kinds = queries.locate_by_database(session, _texts(points.codes), day)
    else:
        covers = _open_covers(session, day)
        wanted, kinds = covers.locate(points), covers.kinds
    difference = compare(wanted, queries.read_links_of(session, codes), kinds)
    _write(session, difference)
    _tell(session, difference, points, actor, "areas:relink")
    _count(counts, difference, len(codes))
    counts.difference = difference
    return counts


def forget_covers() -> None:
    """Free the memory of the area indexes; they are rebuilt when needed."""
    _kept.clear()


def _difference_boxes(edit: BorderEdit) -> list[BaseGeometry]:
    """Boxes around the ground that changes area, slightly enlarged against rounding."""
    if edit.before is None or edit.after is None:
        whole = edit.before if edit.after is None else edit.after
        return [] if whole is None else [_box(whole)]
    try:
        changed = shapely.symmetric_difference(edit.before, edit.after)
    except shapely.errors.GEOSException:
        changed = shapely.geometrycollections([edit.before, edit.after])
    return [_box(part) for part in shapely.get_parts(changed) if not part.is_empty]


def _box(shape: BaseGeometry) -> BaseGeometry:
    west, south, east, north = shape.bounds
    box: BaseGeometry = shapely.box(west - _PAD, south - _PAD, east + _PAD, north + _PAD)
    return box


def _covers(shape: BaseGeometry | None, points: Points) -> Booleans:
    if shape is None:
        return np.zeros(len(points), bool)
    shapely.prepare(shape)
    inside: Booleans = shapely.intersects_xy(shape, points.lon, points.lat)
    return inside


def _open_covers(session: Session, day: date) -> AreaIndex:
    """The area index as this transaction sees it; rebuilt only after a change."""
    database = str(session.connection().engine.url)
    key = AreaIndexKey(database, find_last_change(session), day)
    covers = _kept.get(database)
    if covers is None or covers.key != key:
        covers = AreaIndex.of(key, list_held_areas(session, living_on=day))
        _kept[database] = covers
    return covers


def _write(session: Session, difference: LinkDifference) -> None:
    if len(difference.gone.codes):
        session.execute(
            text(
                "delete from address_area l using unnest(cast(:codes as varchar[]), "
                "cast(:areas as integer[])) as gone(code, area_id) "
                "where l.code = gone.code and l.area_id = gone.area_id"
            ),
            {"codes": _texts(difference.gone.codes), "areas": difference.gone.areas.tolist()},
        )
    for kind, pairs in difference.new.items():
        statement = "copy address_area (code, area_id, kind, how) from stdin (format binary)"
        with raw_connection(session).cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(write_links(pairs.codes, pairs.areas, kind))


def _tell(
    session: Session, difference: LinkDifference, points: Points, actor: Actor, action: str
) -> None:
    """Announce and audit the addresses whose links changed, among them those of the points."""
    if not len(difference.codes):
        return
    versions = queries.group_versions(session, points.take(difference.wanted), difference.others)
    changes.record_links(session, LinkChanges(Subject.ADDRESS_AREA, versions, points.seen))
    codes = sorted(code for codes, _ in versions.values() for code in codes)
    audit.record_codes(session, actor=actor, action=action, codes=codes)


def _count(counts: LinkCounts, difference: LinkDifference, addresses: int) -> None:
    counts.addresses += addresses
    counts.added += sum(len(pairs.codes) for pairs in difference.new.values())
    counts.removed += len(difference.gone.codes)
    counts.same += difference.same
    counts.touched += len(difference.codes)


def _texts(codes: Codes) -> list[str]:
    texts: list[str] = codes.astype(str).tolist()
    return texts


def lock_links(session: Session) -> None:
    """Take the link lock exclusively until the transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(LINK_LOCK)))

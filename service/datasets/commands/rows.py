"""Stores pushed rows of a dataset: in bulk, once each, at the address that holds now."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from address_model.tables import DatasetPush
from service.audit import commands as audit
from service.changes.commands import Action, Subject, announce
from service.core.actor import Actor
from service.datasets.commands.hold import hold_dataset
from service.datasets.commands.placement import place_rows
from service.datasets.pushed_rows import PushedRows
from service.datasets.queries import PushFault

KEPT_PUSHES = 20
KEPT_FAULTS = 5_000
"""Of one push; the counts go on."""

_MOVED = text(
    "select distinct held.code from dataset_row held join pushed_row p using (source_id) "
    "where held.dataset_id = :dataset and held.code <> p.target"
)
_STORE = text(
    "insert into dataset_row as held (dataset_id, source_id, code, county, data) "
    "select :dataset, source_id, target, left(target, 6), data from pushed_row "
    "where target is not null order by source_id "
    "on conflict (dataset_id, source_id) do update set code = excluded.code, "
    "county = excluded.county, data = excluded.data, updated_at = clock_timestamp() "
    "where held.code <> excluded.code or held.data <> excluded.data "
    "returning code, (xmax = 0) as is_new"
)


@dataclass(frozen=True, slots=True)
class PushReport:
    """What became of a push: its number, counts of rows, and the faults of the refused."""

    push: int
    new: int
    changed: int
    same: int
    refused: int
    faults: tuple[PushFault, ...]


def push_rows(
    session: Session,
    number: int,
    pushed: PushedRows,
    actor: Actor,
    *,
    scopes: Sequence[str] = ("",),
) -> PushReport:
    """Store the rows of a dataset; the same rows again change nothing.

    A row is known by its source id. One whose address has ended goes to the address that took its
    place, if that is one; the others are refused one by one. A draft may be filled before it is
    approved.

    Args:
        scopes: the beginnings of division codes within which addresses may lie.

    Raises:
        DatasetNotFound, Conflict: there is no such dataset, or it was withdrawn.
    """
    held = hold_dataset(session, number, None)
    refused = place_rows(session, pushed.rows, held.prefix, scopes)
    moved = list(session.scalars(_MOVED, {"dataset": number}))
    stored = session.execute(_STORE, {"dataset": number}).all()
    codes = sorted({row.code for row in stored} | set(moved))
    announce(session, Subject.DATASET_ROW, Action.CHANGED, codes)
    faults = tuple(sorted([*pushed.faults, *refused]))
    new = sum(row.is_new for row in stored)
    counts = {
        "new": new,
        "changed": len(stored) - new,
        "same": len(pushed.rows) - len(refused) - len(stored),
        "refused": len({one.row for one in faults}),
    }
    kept = [list(one) for one in faults[:KEPT_FAULTS]]
    values = {"dataset_id": number, "actor": str(actor), "faults": kept}
    made = insert(DatasetPush).values(values | counts).returning(DatasetPush.id)
    push = session.execute(made).scalar_one()
    older = select(DatasetPush.id).where(DatasetPush.dataset_id == number)
    older = older.order_by(DatasetPush.id.desc()).offset(KEPT_PUSHES)
    session.execute(delete(DatasetPush).where(DatasetPush.id.in_(older)))
    about = {"dataset": number, "push": push} | counts
    audit.record_codes(session, actor=actor, action="datasets:push", codes=codes, **about)
    return PushReport(push, faults=faults, **counts)

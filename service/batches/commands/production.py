"""Production of a batch: plates issued for its list, files planned, positions recorded."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from address_model.elements import elements_from_plain
from address_model.tables import Address, Plate, PlateBatch, PlateBatchItem
from service.batches.commands.batches import RENDER
from service.batches.commands.unmade_plates import void_unmade
from service.batches.queries.batches import get_batch
from service.batches.queries.print_rows import count_by_design, list_places
from service.batches.request import PrintOptions
from service.changes.events import Action
from service.core.actor import Actor
from service.plates.commands.issue import hold_doors, issue_plates
from service.plates.commands.notices import announce_batch, announce_plates
from service.plates.faces import design_name
from service.plates.print_content import AUTO
from service.plates.queries import is_living
from service.runs.commands import Chunk, ChunkOrder, add_chunks

_SET_ITEMS = text(
    "update plate_batch_item i set token = n.token, design = n.design from unnest("
    "cast(:places as int[]), cast(:tokens as text[]), cast(:designs as text[])) "
    "as n(place, token, design) where i.batch_id = :batch and i.place = n.place"
)
_LEAD_ON = text(
    "update plate p set replaced_by = i.token from plate_batch_item i where i.batch_id = :batch "
    "and i.place = any(:places) and i.replaces = p.token returning p.token"
)
_SET_SPOTS = text(
    "update plate_batch_item i set file = :file, page = n.page, spot = n.spot from unnest("
    "cast(:tokens as text[]), cast(:pages as int[]), cast(:spots as int[])) "
    "as n(token, page, spot) where i.batch_id = :batch and i.token = n.token"
)
_HOLD_REPLACED = text(
    "select token from plate where token = any(:tokens) order by token for no key update"
)
_HOLD_PLATES = text(
    "select p.token from plate p where p.token in (select token from plate_batch_item "
    "where batch_id = :batch and design = :design and place between :first and :last "
    "and left_out = '') order by p.token for no key update"
)
_GONE = text(
    "select i.place, i.token, a.status from plate_batch_item i "
    "join address a on a.code = i.code join plate p on p.token = i.token "
    "where i.batch_id = :batch and i.design = :design and i.place between :first and :last "
    "and i.left_out = '' and (a.status in ('replaced', 'retired', 'invalid') "
    "or p.status = 'void') order by i.place for no key update of i"
)


def issue_listed(session: Session, batch_id: int, first: int, last: int, actor: Actor) -> int:
    """Issue the plates for these places of the list; return how many.

    An address that has ended, or got a plate otherwise since it was chosen, is left out.
    """
    batch = session.get_one(PlateBatch, batch_id)
    rows = _hold_listed(session, batch_id, first, last, for_trial=batch.is_trial)
    reasons = {
        row.place: _obstacle(row.status, has_plate=row.has_plate and not row.replaces)
        for row in rows
    }
    kept = [row for row in rows if not reasons[row.place]]
    # plates first: they lock work on trial plates, which comes before the list in order of locks
    tokens = issue_plates(session, batch, [row.code for row in kept], actor) if kept else []
    for place, reason in reasons.items():
        if reason:
            _leave_out(session, batch_id, [place], reason)
    if not kept:
        return 0
    designs = [
        design_name(elements_from_plain(row.elements)) if batch.design == AUTO else batch.design
        for row in kept
    ]
    places = [row.place for row in kept]
    values = {"batch": batch_id, "places": places, "tokens": tokens, "designs": designs}
    session.execute(_SET_ITEMS, values)
    announce_batch(session, batch_id)
    led_on = session.scalars(_LEAD_ON, {"batch": batch_id, "places": places})
    announce_plates(session, led_on, Action.LED_ON)
    return len(kept)


def plan_volumes(session: Session, chunk: Chunk, batch_id: int) -> int:
    """Divide the plates into files, by design and in plate order; return how many files."""
    make = PrintOptions(**get_batch(session, batch_id).print_options)  # type: ignore[arg-type]
    orders: list[ChunkOrder] = []
    for design, _ in count_by_design(session, batch_id):
        places = list_places(session, batch_id, design)
        size = make.plates_in_file(design)
        for start in range(0, len(places), size):
            some = places[start : start + size]
            parameters: dict[str, object] = {
                "design": design,
                "file": f"{design}-{start // size + 1:04d}.pdf",
                "first": some[0],
                "last": some[-1],
            }
            orders.append(ChunkOrder(RENDER, len(some), parameters))
    add_chunks(session, chunk.run.id, orders, out_of=chunk)
    return len(orders)


def leave_out_gone(session: Session, batch_id: int, design: str, first: int, last: int) -> int:
    """Leave out plates whose address has ended, or that were voided; return how many."""
    values = {"batch": batch_id, "design": design, "first": first, "last": last}
    session.execute(_HOLD_PLATES, values)
    rows = session.execute(_GONE, values).all()
    for row in rows:
        reason = _obstacle(row.status, has_plate=False) or "the plate was voided"
        _leave_out(session, batch_id, [row.place], reason)
        void_unmade(session, [row.token], reason)
    return len(rows)


def note_spots(
    session: Session,
    batch_id: int,
    file: str,
    tokens: Sequence[str],
    spots: Sequence[tuple[int, int]],
) -> None:
    """Record the file, page and place on the page of each plate."""
    session.execute(
        _SET_SPOTS,
        {
            "batch": batch_id,
            "file": file,
            "tokens": list(tokens),
            "pages": [page for page, _ in spots],
            "spots": [place for _, place in spots],
        },
    )
    announce_batch(session, batch_id)


def _hold_listed(
    session: Session, batch_id: int, first: int, last: int, *, for_trial: bool
) -> Sequence[Any]:
    """The addresses of the list that have no token yet, locked.

    They are locked in order of code and read afterwards, so that plates that were issued while
    this transaction waited for the locks are seen.
    """
    open_items = (
        PlateBatchItem.batch_id == batch_id,
        PlateBatchItem.place.between(first, last),
        PlateBatchItem.left_out == "",
        PlateBatchItem.token.is_(None),
    )
    codes = session.scalars(select(PlateBatchItem.code).where(*open_items))
    hold_doors(session, list(codes))
    replaced = session.scalars(select(PlateBatchItem.replaces).where(*open_items))
    session.execute(_HOLD_REPLACED, {"tokens": [token for token in replaced if token]})
    living = (
        select(Plate.token)
        .where(Plate.code == Address.code, is_living(with_trials=for_trial))
        .exists()
    )
    statement = (
        select(
            PlateBatchItem.place,
            PlateBatchItem.code,
            PlateBatchItem.replaces,
            Address.status,
            Address.elements,
            living.label("has_plate"),
        )
        .join(Address, Address.code == PlateBatchItem.code)
        .where(*open_items)
        .order_by(PlateBatchItem.place)
    )
    return session.execute(statement).all()


def _obstacle(status: str, *, has_plate: bool) -> str:
    """Why no plate is made for an address; "" if nothing prevents it."""
    if status in ("replaced", "retired", "invalid"):
        return f"the address was {status} after it was chosen"
    return "the address got another plate after it was chosen" if has_plate else ""


def _leave_out(session: Session, batch_id: int, places: list[int], reason: str) -> None:
    session.execute(
        update(PlateBatchItem)
        .where(PlateBatchItem.batch_id == batch_id, PlateBatchItem.place.in_(places))
        .values(left_out=reason, left_out_at=func.clock_timestamp(), file="")
    )
    announce_batch(session, batch_id)

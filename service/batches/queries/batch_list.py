"""Reads the list of a batch as plates before they are issued."""

from collections.abc import Collection

from sqlalchemy import select, text, tuple_
from sqlalchemy.orm import Session

from address_model.elements import Elements, elements_from_plain
from address_model.tables import Address, PlateBatchItem
from address_model.tokens import SAMPLE
from service.batches.queries.batches import BatchRow
from service.plates.queries.plates import PlateRow

_KINDS = text(
    "select min(i.place) as place from plate_batch_item i join address a on a.code = i.code "
    "where i.batch_id = :batch and i.left_out = '' group by a.level, "
    "a.elements -> 'number' ->> 'prefix', a.elements ? 'thoroughfare', a.elements ? 'lanes', "
    "a.elements ? 'number', a.elements ?| array['natural_village', 'community'] order by 1"
)
_LISTED = text(
    "select i.place, a.code, a.division_id, a.standard_text, a.elements, a.is_sample, a.created_at "
    "from plate_batch_item i join address a on a.code = i.code "
    "where i.batch_id = :batch and i.place = any(:places) order by i.place"
)


def list_first_places(session: Session, batch_id: int) -> list[int]:
    """The first place of each kind of address that could take a design of its own."""
    return list(session.scalars(_KINDS, {"batch": batch_id}))


def find_listed(session: Session, batch: BatchRow, places: list[int]) -> dict[int, PlateRow]:
    """The plates at places of the list as they would be made, by place, with a sample token."""
    rows = session.execute(_LISTED, {"batch": batch.id, "places": places})
    return {
        row.place: PlateRow(
            token=SAMPLE,
            code=row.code,
            generation=1,
            status="to_make",
            status_reason="",
            replaced_by=None,
            design=batch.design,
            payload_prefix=batch.payload_prefix,
            division_id=row.division_id,
            standard_text=row.standard_text,
            elements=elements_from_plain(row.elements),
            is_sample=row.is_sample,
            created_at=row.created_at,
            is_trial=batch.is_trial,
        )
        for row in rows
    }


def list_elements_beside(
    session: Session, batch_id: int, design: str, codes: Collection[str]
) -> list[Elements]:
    """The addresses with a plate of this design in a batch, on the streets of these addresses."""
    street = (Address.county, Address.street)
    streets = session.execute(select(*street).where(Address.code.in_(codes)).distinct()).all()
    statement = (
        select(Address.elements)
        .join(PlateBatchItem, PlateBatchItem.code == Address.code)
        .where(
            tuple_(*street).in_([tuple(one) for one in streets]),
            PlateBatchItem.batch_id == batch_id,
            PlateBatchItem.design == design,
        )
    )
    return [elements_from_plain(plain) for plain in session.scalars(statement)]

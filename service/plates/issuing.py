"""Issues the plates that doors lack, as one batch, chunk by chunk."""

from dataclasses import dataclass

from service.core.actor import Actor
from service.core.database import Database
from service.plates import commands, queries

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """What an officer orders: name, design, what the QR codes begin with, where, how many."""

    name: str
    design: str
    payload_prefix: str
    division: str = ""
    limit: int | None = None
    status: str = "to_make"
    is_trial: bool = False


def issue_missing(database: Database, order: BatchOrder, actor: Actor) -> tuple[int, int | None]:
    """Issue a plate for every door without one; return how many, and the batch if there is one.

    Each chunk is one transaction; broken off and run again, it goes on where it stopped. Several at
    once give each door one plate between them.

    Raises:
        DeadHost: what the QR codes begin with is no public address, and the order not for trial.
    """
    count, batch, after = 0, None, ""
    while order.limit is None or count < order.limit:
        size = CHUNK if order.limit is None else min(CHUNK, order.limit - count)
        with database.session() as session:
            codes = queries.list_doors_without_plate(
                session,
                division=order.division,
                after=after,
                for_trial=order.is_trial,
                limit=size,
            )
            if not codes:
                break
            after = codes[-1]
            codes = commands.hold_doors_without_plate(session, codes, for_trial=order.is_trial)
            if not codes:
                continue
            batch = batch or commands.open_batch(
                session,
                name=order.name,
                design=order.design,
                payload_prefix=order.payload_prefix,
                actor=actor,
                is_trial=order.is_trial,
            )
            commands.issue_plates(session, batch, codes, actor, status=order.status)
        count += len(codes)
    return count, batch.id if batch else None

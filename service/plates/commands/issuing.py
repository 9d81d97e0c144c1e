"""Issues plates: one row with a fresh random token for every physical plate."""

import secrets
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.tables import PlateBatch
from address_model.tokens import token_from_bytes
from service.audit import commands as audit
from service.changes import commands as changes
from service.core.actor import Actor
from service.core.copying import raw_connection
from service.plates.commands.trials import end_trial_plates
from service.plates.imprint import require_public_host

_COUNT = text("update plate_batch set plates = plates + :n where id = :id and status = 'issued'")


def open_batch(
    session: Session,
    *,
    name: str,
    design: str,
    payload_prefix: str,
    actor: Actor,
    is_trial: bool = False,
) -> PlateBatch:
    """Open a batch; what its QR codes begin with is fixed here, so that a reprint is identical."""
    batch = PlateBatch(
        name=name,
        design=design,
        payload_prefix=payload_prefix,
        is_trial=is_trial,
        created_by=str(actor),
    )
    session.add(batch)
    session.flush()
    audit.record(
        session, actor=actor, action="batches:open", subject=str(batch.id), name=name, design=design
    )
    return batch


def issue_plates(
    session: Session,
    batch: PlateBatch,
    codes: Sequence[str],
    actor: Actor,
    *,
    status: str = "to_make",
) -> list[str]:
    """Give each address a plate in the batch; return the tokens in the order of the codes.

    A token that is taken already is drawn again for its row and fails nothing. The trial plates of
    addresses that get a real one end with it.

    Raises:
        DeadHost: nobody could open their QR codes, and the batch is not for trial.
    """
    require_public_host(batch.payload_prefix, is_trial=batch.is_trial)
    if not batch.is_trial:
        end_trial_plates(session, codes, actor)
    count_issued(session, batch.id, len(codes))
    tokens: list[str] = [""] * len(codes)
    open_rows = list(range(len(codes)))
    while open_rows:
        drawn = {_draw(): row for row in open_rows}
        placed = _insert(session, batch, [(t, codes[row]) for t, row in drawn.items()], status)
        for token in placed:
            tokens[drawn[token]] = token
        open_rows = [row for row in open_rows if not tokens[row]]
    changes.record(session, [changes.ChangeNote("plate", token, "issued") for token in tokens])
    audit.record_codes(session, actor=actor, action="plates:issue", codes=tokens)
    return tokens


def count_issued(session: Session, batch_id: int, count: int) -> None:
    """Count plates that a batch gets beyond a list; a batch with a list has its number already."""
    session.execute(_COUNT, {"id": batch_id, "n": count})


def _draw() -> str:
    return token_from_bytes(secrets.token_bytes(7))


def _insert(
    session: Session, batch: PlateBatch, rows: Sequence[tuple[str, str]], status: str
) -> list[str]:
    """Insert what can be inserted; return the tokens that were free."""
    session.execute(
        text(
            "create temporary table if not exists plate_drawn (token text, code text) "
            "on commit drop"
        )
    )
    session.execute(text("truncate plate_drawn"))
    with (
        raw_connection(session).cursor() as cursor,
        cursor.copy("copy plate_drawn (token, code) from stdin") as copy,
    ):
        for row in rows:
            copy.write_row(row)
    placed = session.execute(
        text(
            "insert into plate (token, code, batch_id, status, generation) "
            "select token, code, :batch, :status, "
            "(select case when :trial then least(min(p.generation), 0) - 1 "
            "else greatest(max(p.generation), 0) + 1 end from plate p where p.code = d.code) "
            "from plate_drawn d on conflict (token) do nothing returning token"
        ),
        {"batch": batch.id, "status": status, "trial": batch.is_trial},
    )
    return list(placed.scalars())

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
from service.plates.host_length import require_host_fits

_COUNT = text("update plate_batch set plates = plates + :n where id = :id and status = 'issued'")


def open_batch(
    session: Session, *, name: str, design: str, payload_prefix: str, actor: Actor
) -> PlateBatch:
    """Open a batch; what its QR codes begin with is fixed here, so that a reprint is identical.

    Raises:
        BadRequest: the host is too long for the design.
    """
    require_host_fits(payload_prefix, design)
    batch = PlateBatch(
        name=name, design=design, payload_prefix=payload_prefix, created_by=str(actor)
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

    A token that is taken already is drawn again for its row and fails nothing.
    """
    count_issued(session, batch.id, len(codes))
    tokens: list[str] = [""] * len(codes)
    open_rows = list(range(len(codes)))
    while open_rows:
        drawn = {_draw(): row for row in open_rows}
        placed = _insert(session, batch.id, [(t, codes[row]) for t, row in drawn.items()], status)
        for token in placed:
            tokens[drawn[token]] = token
        open_rows = [row for row in open_rows if not tokens[row]]
    changes.record(session, [changes.ChangeNote("plate", token, "issued") for token in tokens])
    audit.record_codes(session, actor=actor, action="plates:issue", codes=tokens)
    return tokens


def count_issued(session: Session, batch_id: int, count: int) -> None:
    """Count plates that a batch gets beyond a list; a batch with a list has its number already."""
    session.execute(_COUNT, {"id": batch_id, "n": count})


def move_sample_batches(session: Session, payload_prefix: str, actor: Actor) -> int:
    """Let the QR codes of example plates begin differently, for a demo that moved.

    Batches of real plates never move: what hangs on a wall cannot be changed from here.
    """
    moved = session.execute(
        text(
            "update plate_batch b set payload_prefix = :prefix where payload_prefix <> :prefix "
            "and exists (select 1 from plate p where p.batch_id = b.id) and not exists ("
            "select 1 from plate p join address a on a.code = p.code "
            "where p.batch_id = b.id and not a.is_sample) returning id"
        ),
        {"prefix": payload_prefix},
    ).all()
    if moved:
        audit.record(session, actor=actor, action="batches:move_sample", subject=payload_prefix)
    return len(moved)


def _draw() -> str:
    return token_from_bytes(secrets.token_bytes(7))


def _insert(
    session: Session, batch_id: int, rows: Sequence[tuple[str, str]], status: str
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
            "1 + coalesce((select max(generation) from plate p where p.code = d.code), 0) "
            "from plate_drawn d on conflict (token) do nothing returning token"
        ),
        {"batch": batch_id, "status": status},
    )
    return list(placed.scalars())

"""Issues plates: one row with a fresh random token for every physical plate."""

import secrets
from collections.abc import Callable, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.division_codes import shared_prefix
from address_model.tables import PlateBatch
from address_model.tokens import SAMPLE, token_from_bytes
from service.audit import commands as audit
from service.changes import commands as changes
from service.core.actor import Actor
from service.plates.host_length import require_host_fits

_LOCK_ADDRESSES = text(
    "select code from address where code = any(:codes) order by code for no key update"
)
_LOCK_BATCH = text(
    "select plates, division from plate_batch where id = :id and status = 'issued' "
    "for no key update"
)
_COUNT = text("update plate_batch set plates = plates + :n, division = :division where id = :id")
_DIVISIONS = text(
    "select min(code), max(code) from division where id in "
    "(select division_id from address where code = any(:codes))"
)
_TAKEN = text(
    "select code from plate where code = any(:codes) and status not in ('replaced', 'void') "
    "union all select code from address where code = any(:codes) and status <> 'active'"
)
_INSERT = text(
    "insert into plate (token, code, batch_id, status, generation) "
    "select d.token, d.code, :batch, :status, "
    "1 + coalesce((select max(generation) from plate p where p.code = d.code), 0) "
    "from unnest(cast(:tokens as varchar[]), cast(:codes as varchar[])) as d(token, code) "
    "on conflict (token) do nothing returning token"
)


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

    Whoever calls holds the addresses, so that each generation of an address is given out once. A
    token that is taken already is drawn again for its row and fails nothing.
    """
    count_issued(session, batch.id, len(codes), lambda: _divisions_of(session, codes))
    tokens: list[str] = [""] * len(codes)
    open_rows = list(range(len(codes)))
    while open_rows:
        drawn = {draw_token(): row for row in open_rows}
        placed = _insert(session, batch.id, [(t, codes[row]) for t, row in drawn.items()], status)
        for token in placed:
            tokens[drawn[token]] = token
        open_rows = [row for row in open_rows if not tokens[row]]
    changes.record(session, [changes.ChangeNote("plate", token, "issued") for token in tokens])
    audit.record_codes(session, actor=actor, action="plates:issue", codes=tokens)
    return tokens


def hold_doors_without_plate(session: Session, codes: Sequence[str]) -> list[str]:
    """Lock addresses, and return those of them that still have no living plate, in their order.

    Of several who issue at once one goes first; the others see its plates once they have the lock.
    """
    session.execute(_LOCK_ADDRESSES, {"codes": list(codes)})
    taken = set(session.scalars(_TAKEN, {"codes": list(codes)}))
    return [code for code in codes if code not in taken]


def count_issued(
    session: Session, batch_id: int, count: int, divisions: Callable[[], Sequence[str]]
) -> None:
    """Count plates that a batch gets beyond a list, and widen its division to theirs.

    A batch with a list has its number and its division already. ``divisions`` gives codes of
    divisions that the new plates lie in: the lowest and the highest are enough.
    """
    batch = session.execute(_LOCK_BATCH, {"id": batch_id}).first()
    if batch is None or not count:
        return
    before = [batch.division] if batch.plates else []
    division = shared_prefix(*before, *divisions())
    session.execute(_COUNT, {"id": batch_id, "n": count, "division": division})


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


def _divisions_of(session: Session, codes: Sequence[str]) -> Sequence[str]:
    return list(session.execute(_DIVISIONS, {"codes": list(codes)}).one())


def draw_token() -> str:
    """A fresh token for a plate: never that of samples."""
    while (token := token_from_bytes(secrets.token_bytes(7))) == SAMPLE:
        pass
    return token


def _insert(
    session: Session, batch_id: int, rows: Sequence[tuple[str, str]], status: str
) -> list[str]:
    """Insert what can be inserted; return the tokens that were free."""
    tokens, codes = zip(*rows, strict=True)
    values = {"tokens": list(tokens), "codes": list(codes), "batch": batch_id, "status": status}
    return list(session.scalars(_INSERT, values))

"""Issues plates: one row with a fresh random token for every physical plate."""

import secrets
from collections.abc import Callable, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.division_codes import shared_prefix
from address_model.tables import PlateBatch
from address_model.tokens import SAMPLE, token_from_bytes
from service.audit import commands as audit
from service.changes.events import Action
from service.core.actor import Actor
from service.plates.commands.notices import announce_batch, announce_plates
from service.plates.commands.trial_plates import end_trial_plates, hold_trial_plates
from service.plates.host_length import require_host_fits
from service.plates.payload_host import require_public_host

NEXT_GENERATION = (
    "case when :trial then least(min(p.generation), 0) - 1 "
    "else greatest(max(p.generation), 0) + 1 end"
)
"""SQL for the next generation after the plates ``p``; trial plates count from -1 downwards."""

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
    "and (:trial or generation > 0) "
    "union all select code from address where code = any(:codes) and status <> 'active'"
)
_INSERT = text(
    "insert into plate (token, code, batch_id, status, generation) "  # noqa: S608 - our own
    "select d.token, d.code, :batch, :status, "
    f"(select {NEXT_GENERATION} from plate p where p.code = d.code) "
    "from unnest(cast(:tokens as varchar[]), cast(:codes as varchar[])) as d(token, code) "
    "on conflict (token) do nothing returning token"
)


def open_batch(
    session: Session,
    *,
    name: str,
    design: str,
    payload_prefix: str,
    actor: Actor,
    is_trial: bool = False,
) -> PlateBatch:
    """Open a batch; its payload prefix is fixed here, so that a reprint is identical.

    Raises:
        BadRequest: the host is too long for the design.
    """
    require_host_fits(payload_prefix, design)
    batch = PlateBatch(
        name=name,
        design=design,
        payload_prefix=payload_prefix,
        is_trial=is_trial,
        created_by=str(actor),
    )
    session.add(batch)
    session.flush()
    announce_batch(session, batch.id, Action.NEW)
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
    """Issue a plate in the batch for each address; return the tokens in the order of the codes.

    The caller has locked the addresses, so that each generation is issued once. A token that is
    taken is drawn again. Trial plates of addresses that get a real one end.

    Raises:
        DeadHost: the public could not open their QR codes, and the batch is not for trial.
    """
    require_public_host(batch.payload_prefix, is_trial=batch.is_trial)
    trials = [] if batch.is_trial else hold_trial_plates(session, codes)
    divisions = {"codes": list(codes)}
    count_issued(
        session, batch.id, len(codes), lambda: list(session.execute(_DIVISIONS, divisions).one())
    )
    end_trial_plates(session, trials, actor)  # reports, which follow work, are locked after batches
    tokens: list[str] = [""] * len(codes)
    open_rows = list(range(len(codes)))
    while open_rows:
        drawn = {draw_token(): row for row in open_rows}
        values = {
            "tokens": list(drawn),
            "codes": [codes[row] for row in drawn.values()],
            "batch": batch.id,
            "status": status,
            "trial": batch.is_trial,
        }
        for token in session.scalars(_INSERT, values):
            tokens[drawn[token]] = token
        open_rows = [row for row in open_rows if not tokens[row]]
    announce_plates(session, tokens, Action.ISSUED)
    audit.record_codes(session, actor=actor, action="plates:issue", codes=tokens)
    return tokens


def hold_doors(session: Session, codes: Sequence[str]) -> None:
    """Lock addresses, in order of code, until the transaction ends."""
    session.execute(_LOCK_ADDRESSES, {"codes": list(codes)})


def hold_doors_without_plate(
    session: Session, codes: Sequence[str], *, for_trial: bool = False
) -> list[str]:
    """Lock addresses; return the active ones without a living plate, in the order given.

    Trial plates count only with ``for_trial``. The plates of concurrent transactions are seen once
    the locks are held.
    """
    hold_doors(session, codes)
    taken = set(session.scalars(_TAKEN, {"codes": list(codes), "trial": for_trial}))
    return [code for code in codes if code not in taken]


def count_issued(
    session: Session, batch_id: int, count: int, divisions: Callable[[], Sequence[str]]
) -> None:
    """Count plates issued in a batch without a list, and widen its division to include theirs.

    A batch with a list is left as it is. ``divisions`` returns division codes of the new plates;
    the lowest and the highest are enough.
    """
    batch = session.execute(_LOCK_BATCH, {"id": batch_id}).first()
    if batch is None or not count:
        return
    before = [batch.division] if batch.plates else []
    division = shared_prefix(*before, *divisions())
    session.execute(_COUNT, {"id": batch_id, "n": count, "division": division})
    announce_batch(session, batch_id)


def draw_token() -> str:
    """Draw a random token for a plate; never the sample token."""
    while (token := token_from_bytes(secrets.token_bytes(7))) == SAMPLE:
        pass
    return token

"""The digest of what is approved: the list of a batch and everything its plates are made from."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

_DIGEST = text(
    "select encode(sha256(convert_to(jsonb_build_array(b.name, b.design, b.payload_prefix, "
    "b.is_trial, b.print_options, b.reprint_reason)::text || E'\\n' || coalesce((select string_agg("
    "concat_ws(' ', i.place, i.code, i.replaces), E'\\n' order by i.place) "
    "from plate_batch_item i where i.batch_id = b.id and (i.left_out = '' "
    "or i.left_out_at > coalesce(cast(:asked_at as timestamptz), 'infinity'))), ''), 'UTF8')), "
    "'hex') from plate_batch b where b.id = :batch"
)


def digest_batch(session: Session, batch_id: int, asked_at: datetime | None = None) -> str:
    """The SHA-256, in hex, of what is approved: name, design, host, sheets, and the list in order.

    Addresses left out after ``asked_at`` are included, so that leaving out later does not
    invalidate an approval; None stands for a request that is made now. The texts of addresses are
    not included: they follow the register.
    """
    values = {"batch": batch_id, "asked_at": asked_at}
    return str(session.execute(_DIGEST, values).scalar_one())
